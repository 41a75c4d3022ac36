// The person's entry: their screens, their audience, their service worker.
import { startApp } from "./parts/App";
import { screens } from "./router";
import "./styles/app.scss";

startApp({
  audience: "person",
  screens,
  signIn: "/sign-in",
  scope: /^\/(?!team(\/|$)|api\/)/,
  workerScope: "/",
});
