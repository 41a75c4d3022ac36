// The team's screens: an entry of their own, so that a person's phone never downloads them.
import { collect, type ScreenModule } from "./core/router";

export const screens = collect(
  import.meta.glob<ScreenModule>("./screens/team/*/screen.tsx", { eager: true }),
);
export const addresses = screens.map((screen) => screen.address);
