// Five hundred random lives of a phone: saves, deaths, lost replies, refusals and a restored service. Nothing is lost,
// nothing is doubled, by the service's own rows.
import "fake-indexeddb/auto";
import { afterAll, afterEach, expect, it, vi } from "vitest";
import { ModelService, type Fault } from "../testing/modelService";
import { edit, emptyPhone, openApp, reading, type PhoneInTest } from "../testing/phoneInTest";

const SEQUENCES = 500;
const STEPS = 14;
const SECTIONS = ["today", "matters"];

/** The same numbers for the same seed, so that a life that went wrong can be lived again. */
function dice(seed: number): (sides: number) => number {
  let state = seed * 2654435761 + 1;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

interface Life {
  roll: (sides: number) => number;
  kind: "own" | "shared";
  service: ModelService;
  app: PhoneInTest;
  saved: string[];
  backups: ReturnType<ModelService["backup"]>[];
}

const FAULTS: Fault[] = ["offline", "lost-reply", "500", "503", "429", "401", "portal", "lost-reply"];

async function save(life: Life): Promise<void> {
  const marker = `m${String(life.saved.length)}`;
  const section = SECTIONS[life.roll(SECTIONS.length)] ?? "today";
  const text = life.service.shape.texts[`/patients/p-rose/plan/sections/${section}`];
  const draft =
    life.roll(3) === 0 ? edit("rose", section, marker, text?.version ?? 0) : reading("rose", marker);
  if (!life.app.outbox.mayRecord()) return;
  await life.app.outbox.add(draft);
  life.saved.push(marker);
}

async function signIn(life: Life): Promise<void> {
  if (life.app.session.sessionState.get().kind === "in" && life.service.signedIn !== null) return;
  await life.app.session.signIn("rose", "pw", life.kind).catch(() => undefined);
}

/** The browser dies in the middle of sending: a request hangs for ever, and everything in memory is gone. */
async function kill(life: Life): Promise<void> {
  if (life.roll(2) === 0 && life.service.isOnline) {
    life.service.faults = [life.roll(2) === 0 ? "hang" : "lost-reply"];
    void life.app.flush.flush();
    for (let n = life.roll(8); n > 0; n--) await new Promise((done) => setTimeout(done));
  }
  life.service.faults = life.service.faults.filter((fault) => fault !== "hang");
  life.app = await openApp(life.service);
}

const DEEDS: ((life: Life) => unknown)[] = [
  save,
  save,
  save,
  (life) => life.app.flush.flush(),
  (life) => life.app.flush.flush(),
  kill,
  (life) => void (life.service.isOnline = !life.service.isOnline),
  (life) => void life.service.faults.push(FAULTS[life.roll(FAULTS.length)] ?? "503"),
  (life) => void life.service.faults.push(FAULTS[life.roll(FAULTS.length)] ?? "503"),
  signIn,
  (life) => life.service.editElsewhere(`/patients/p-rose/plan/sections/${SECTIONS[life.roll(2)] ?? "today"}`),
  (life) => void life.backups.push(life.service.backup()),
  (life) => {
    const backup = life.backups[life.roll(life.backups.length + 1)];
    if (backup) life.service.restore(backup);
  },
];

/** Peace at last: a network, a sign-in, a start after the last restore, and time for what waits for a third try. */
async function rest(life: Life): Promise<void> {
  life.service.faults = [];
  life.service.isOnline = true;
  for (let n = 0; n < 3; n++) {
    life.app = await openApp(life.service);
    await signIn(life);
    for (let m = 0; m < 3; m++) await life.app.flush.flush();
  }
}

/** Every saved thing is a row of the service once, or waits for its author, on the phone or held back for them. */
function judge(life: Life): { lost: string[]; doubled: string[] } {
  const { items, sealed } = life.app.outbox.outboxState.get();
  expect(sealed).toBe(0);
  // What the service holds back is drawn from its own body, and so by the words in it.
  const said = (show: { marker?: string; body?: { text?: string } } | null): string | undefined =>
    show?.marker ?? show?.body?.text;
  const waiting = items.map((item) => said(item.show));
  for (const item of items) expect(["needs-you", "refused", "waiting"]).toContain(item.state);
  // Waiting only behind an edit of the same text that needs its author.
  const stuck = new Set(items.filter((item) => item.state === "needs-you").map((item) => item.document));
  for (const item of items) if (item.state === "waiting") expect(stuck).toContain(item.document);
  const count = (marker: string): number =>
    [...life.service.shape.rows, ...waiting].filter((one) => one === marker).length;
  return {
    lost: life.saved.filter((marker) => count(marker) === 0),
    doubled: life.saved.filter((marker) => count(marker) > 1),
  };
}

afterEach(() => vi.unstubAllGlobals());
const told = { saved: 0, sequences: 0, rows: 0 };
afterAll(() => {
  console.log(`sequences ${String(told.sequences)}, saved ${String(told.saved)}, stored ${String(told.rows)}, lost 0, doubled 0`);
});

async function live(seed: number): Promise<void> {
  emptyPhone();
  const roll = dice(seed);
  const service = new ModelService();
  await service.start();
  const life: Life = { roll, kind: roll(3) === 0 ? "shared" : "own", service, app: await openApp(service), saved: [], backups: [] };
  await signIn(life);
  const deeds: number[] = [];
  for (let n = 0; n < STEPS; n++) {
    const deed = roll(DEEDS.length);
    deeds.push(deed);
    await DEEDS[deed]?.(life);
  }
  await rest(life);
  expect({ seed, kind: life.kind, deeds, ...judge(life) }).toMatchObject({ lost: [], doubled: [] });
  told.saved += life.saved.length;
  told.sequences += 1;
  told.rows += service.shape.rows.length;
}

const PART = 50;
for (let from = 0; from < SEQUENCES; from += PART) {
  it(`loses and doubles nothing in the lives ${String(from)} to ${String(from + PART - 1)}`, async () => {
    for (let seed = from; seed < from + PART; seed++) await live(seed);
  }, 240_000);
}
