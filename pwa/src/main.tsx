// The person's entry: their screens, their audience, their service worker, and what a phone of theirs does by itself.
import "./begin";
import { watchAway } from "./core/away";
import { startBadge } from "./core/badge";
import { startFlush } from "./core/flush";
import { watchInstall } from "./core/install";
import { openLanguage } from "./core/language";
import { learnWords } from "./core/words";
import { startApp } from "./parts/App";
import { Unlock } from "./parts/Unlock";
import { screens } from "./router";
import "./styles/app.scss";
import words from "virtual:words/person/first";

learnWords(words, () => import("virtual:words/person/rest"));
watchInstall();
void openLanguage().then(async () => {
  await startApp({
    audience: "person",
    screens,
    signIn: "/sign-in",
    scope: /^\/(?!team(\/|$)|api\/)/,
    workerScope: "/",
    unlock: Unlock,
  });
  watchAway();
  startFlush();
  startBadge();
});
