// The person's screens, found in their folders by the build: a new folder with screen.tsx is a new address.
import screens from "virtual:person-screens";

export { screens };
export const addresses = screens.map((screen) => screen.address);
