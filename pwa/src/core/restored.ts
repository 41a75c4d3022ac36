// After a service was restored from a backup it has forgotten what it acknowledged since; this phone has not.
import { request } from "./api";
import { author } from "./commands";
import { askHeld } from "./heldBack";
import { withStore, type Acknowledged, type Row } from "./database";

const KEEP_MS = 30 * 86_400_000;
const MOST_ASKED = 500;
/** Asked at each start, and again on a page that stays open for days. */
const EVERY_MS = 12 * 3_600_000;

let asked: { account: string; at: number } | null = null;

async function unknownOf(ids: string[]): Promise<string[]> {
  const unknown: string[] = [];
  for (let from = 0; from < ids.length; from += MOST_ASKED) {
    const part = ids.slice(from, from + MOST_ASKED);
    const { body } = await request<{ unknown: string[] }>("/outbox/known", { method: "POST", body: { ids: part } });
    unknown.push(...(body?.unknown ?? []));
  }
  return unknown;
}

function again(kept: Acknowledged): Row {
  const { n, id, account, fact, madeAt, box, sealed } = kept;
  return { n, id, account, fact, madeAt, box, sealed, state: "waiting", trouble: null, sealedUseless: false, faults: 0 };
}

/** Into the outbox again, each in its old place of the order. */
async function putBack(ids: readonly string[]): Promise<void> {
  await withStore(async (db) => {
    const transaction = db.transaction(["outbox", "acknowledged"], "readwrite");
    for (const id of ids) {
      const kept = await transaction.objectStore("acknowledged").get(id);
      if (!kept) continue;
      await transaction.objectStore("outbox").put(again(kept));
      await transaction.objectStore("acknowledged").delete(id);
    }
    await transaction.done;
  });
}

/** Ask whether the service still has what it acknowledged in the last 30 days. Never throws. */
export async function askAfterRestore(now = Date.now()): Promise<void> {
  const account = author();
  if (asked?.account === account && now - asked.at < EVERY_MS) return;
  try {
    await pruneAcknowledged(now);
    const kept = await withStore((db) => db.getAll("acknowledged"));
    const mine = kept.filter((one) => one.account === account).map(({ id }) => id);
    if (mine.length > 0) await putBack(await unknownOf(mine));
    asked = { account, at: now };
    await askHeld();
  } catch {
    // Not connected, or not signed in any more: asked again with the next sending.
  }
}

/** No backup is that old. */
export async function pruneAcknowledged(now: number): Promise<void> {
  await withStore(async (db) => {
    const transaction = db.transaction("acknowledged", "readwrite");
    for (const kept of await transaction.store.getAll())
      if (now - kept.at > KEEP_MS) await transaction.store.delete(kept.id);
    await transaction.done;
  });
}
