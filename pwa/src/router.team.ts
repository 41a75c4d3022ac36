// The team's screens: an entry of their own, so that a person's phone never downloads them.
import screens from "virtual:team-screens";

export { screens };
export const addresses = screens.map((screen) => screen.address);
