// Runs before the app itself is here: the size of the letters, and what has to be read and asked in any case.
import { beginOpening } from "./core/opening";
import { applyTextSize } from "./core/textSize";

// A team's page may bring this file for what it shares with it.
if (!/^\/team(\/|$)/.test(location.pathname)) {
  applyTextSize();
  beginOpening();
}
