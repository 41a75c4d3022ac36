// What a screen is, once the build has found it in its folder.
import type { ComponentType } from "preact";

export type NavItem = "today" | "readings" | "plan" | "messages";

export interface ScreenEntry {
  /** The address, with :names for its parts. */
  address: string;
  /** True when it opens without sign-in, and on a locked phone. */
  open?: boolean;
  /** Which of the pages at the bottom it belongs to. */
  nav?: NavItem | null;
  /** One of the two: in the first load, or brought when it is opened. */
  Screen?: ComponentType;
  load?: () => Promise<{ Screen: ComponentType }>;
}
