// The team's entry: the worklist and what belongs to it.
import { openLanguage } from "./core/language";
import { learnWords } from "./core/words";
import { startApp } from "./parts/App";
import { DeskCover } from "./parts/team/DeskCover";
import { screens } from "./router.team";
import "./styles/app.scss";
import "./styles/team.scss";
import words from "virtual:words/team/first";

learnWords(words, () => import("virtual:words/team/rest"));
void openLanguage().then(() =>
  startApp({
    audience: "team",
    screens,
    signIn: "/team/sign-in",
    scope: /^\/team(\/|$)/,
    workerScope: "/team",
    around: DeskCover,
  }),
);
