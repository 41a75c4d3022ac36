// What a screen is, and how the screens found in the folders become the list of addresses.
import type { ComponentType } from "preact";

export interface ScreenModule {
  /** The address, with :names for its parts. */
  address: string;
  /** True when it opens without sign-in. */
  open?: boolean;
  Screen: ComponentType;
}

export function collect(modules: Record<string, ScreenModule>): ScreenModule[] {
  const screens = Object.values(modules);
  const addresses = new Set(screens.map((screen) => screen.address));
  if (addresses.size !== screens.length) throw new Error("Two screens have one address.");
  return screens;
}
