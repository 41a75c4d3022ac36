// What can wait until the first page stands: on a slow phone each thing begun before it is a wait for its words.

/** What was drawn is not painted yet; on a slow phone that takes a while. */
const PAINT_MS = 300;

/** When a part of the app did not come, such as without a network before this phone keeps the app. */
const AGAIN_MS = 5000;

/** A page that cannot be drawn, or that nobody looks at, holds nothing up for longer. */
const PATIENCE_MS = 1000;

let stands: () => void = () => undefined;
const drawn = new Promise<void>((done) => (stands = done));

/** Told by each page that shows more than that it is being opened; only the first counts. */
export function firstPageStands(): void {
  setTimeout(stands, PAINT_MS);
}

/** Do this when the first page was painted, or soon in any case. */
export function afterFirstPage(work: () => void): void {
  void Promise.race([drawn, new Promise((done) => setTimeout(done, PATIENCE_MS))]).then(work);
}

/** Bring a part of the app that the first page does not need, and start it. */
export function bringAfterFirstPage<T>(load: () => Promise<T>, start: (part: T) => void): void {
  const bring = (): void => void load().then(start, () => setTimeout(bring, AGAIN_MS));
  afterFirstPage(bring);
}
