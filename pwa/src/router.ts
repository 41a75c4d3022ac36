// The person's screens, found in their folders: a new folder with screen.tsx is a new address.
import { collect, type ScreenModule } from "./core/router";

export const screens = collect(import.meta.glob<ScreenModule>("./screens/*/screen.tsx", { eager: true }));
export const addresses = screens.map((screen) => screen.address);
