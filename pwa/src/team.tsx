// The team's entry: the worklist and what belongs to it.
import { learnWords } from "./core/words";
import { startApp } from "./parts/App";
import { DeskCover } from "./parts/team/DeskCover";
import { screens } from "./router.team";
import words from "./words/team.en.json";
import "./styles/app.scss";
import "./styles/team.scss";

learnWords(words);
startApp({
  audience: "team",
  screens,
  signIn: "/team/sign-in",
  scope: /^\/team(\/|$)/,
  workerScope: "/team",
  around: DeskCover,
});
