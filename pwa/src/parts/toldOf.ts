// What the cards about a reading that was just typed are told.
import type { SavedState } from "../core/saved";
import type { ReadingShow } from "../core/selfReadings";
import type { Judging } from "./useTaking";

export interface ToldOf {
  judging: Judging;
  reading: ReadingShow;
  state: SavedState;
  now: Date;
  connected: boolean;
}
