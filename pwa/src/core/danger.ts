// Finds words that may mean danger before a message is sent, without a network too: as backend/threads/danger.py does.

export interface DangerGroup {
  name: string;
  sets: string[][];
  within: number;
}
export interface DangerWords {
  version: string;
  groups: DangerGroup[];
}

/** Lower case, without accents and apostrophes, parted by all but letters and digits. */
function wordsIn(text: string): string[] {
  const plain = text.toLowerCase().normalize("NFKD").replace(/[\p{M}'’‘`]/gu, "");
  return plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

/** The names of what in a text may mean danger; empty for none. It is never clever: "no chest pain" counts. */
export function dangerIn(text: string, danger: DangerWords | null | undefined): string[] {
  const words = wordsIn(text);
  return (danger?.groups ?? []).filter((group) => holds(group, words)).map((group) => group.name);
}

function holds(group: DangerGroup, words: string[]): boolean {
  return words.some(
    (word, start) =>
      group.sets.some((set) => set.includes(word)) && fits(group.sets, words.slice(start, start + group.within), []),
  );
}

/** Whether every set has a word of its own in the stretch. */
function fits(sets: string[][], stretch: string[], taken: number[]): boolean {
  const [set, ...rest] = sets;
  if (!set) return true;
  return stretch.some(
    (word, place) => set.includes(word) && !taken.includes(place) && fits(rest, stretch, [...taken, place]),
  );
}
