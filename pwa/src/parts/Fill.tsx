// Words with elements in their gaps, so that a reading inside a sentence is still drawn by Reading.
import type { ComponentChildren, JSX } from "preact";
import { pieces, type WordKey } from "../core/words";

export function Fill(props: { words: WordKey; gaps: Record<string, ComponentChildren> }): JSX.Element {
  return <>{pieces(props.words).map(({ text, name }) => (name === null ? text : props.gaps[name]))}</>;
}
