// The team's entry: the worklist and what belongs to it.
import { startApp } from "./parts/App";
import { screens } from "./router.team";
import "./styles/app.scss";
import "./styles/team.scss";

startApp({
  audience: "team",
  screens,
  signIn: "/team/sign-in",
  scope: /^\/team(\/|$)/,
  workerScope: "/team",
});
