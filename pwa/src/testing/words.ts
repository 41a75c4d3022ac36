// Every word is known to a test: what an entry would bring is learnt before each file.
import { learnWords } from "../core/words";
import person from "../words/en.json";
import staff from "../words/team.en.json";

learnWords(person);
learnWords(staff);
