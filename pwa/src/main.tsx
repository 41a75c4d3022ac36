// The person's entry: their screens, their audience, their service worker, and what a phone of theirs does by itself.
import "./begin";
import { watchAway } from "./core/away";
import { startBadge } from "./core/badge";
import { afterFirstPage, bringAfterFirstPage } from "./core/firstPage";
import { nameManifest, watchInstall } from "./core/install";
import { openLanguage } from "./core/language";
import { refresh } from "./core/outbox";
import { learnWords } from "./core/words";
import { startApp } from "./parts/App";
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
    unlock: { address: "", load: () => import("./parts/Unlock") },
  });
  watchAway();
  void refresh();
  startBadge();
  bringAfterFirstPage(() => import("./core/flush"), ({ startFlush }) => startFlush());
  afterFirstPage(nameManifest);
});
