// One change to a piece of kit at a time, and a clear sentence for every way in which it can be refused.
import { useRef, useState } from "preact/hooks";
import type { ApiError } from "../../core/api";
import { serverNow } from "../../core/clock";
import { deadline } from "../../core/format";
import { change, type KitAnswer } from "../../core/kit";
import type { KitDetail } from "../../core/kitTypes";
import type { Resource } from "../../core/sync";
import { t, wordFor } from "../../core/words";

export interface KitNotice {
  /** The part of the page that asked, where the answer is shown. */
  place: string;
  words: string;
  isProblem: boolean;
}

export interface KitAsk {
  place: string;
  /** After /kit/{id}/, such as "state" or "wearers/9c…/end"; with a slash in front the whole address. */
  path: string;
  body: unknown;
  version: number | null;
  /** What is said when it worked; nothing is said when the page itself shows it. */
  done?: string;
}

export interface KitActions {
  notice: KitNotice | null;
  busy: string | null;
  run: <T = KitDetail>(ask: KitAsk) => Promise<KitAnswer<T> | null>;
}

/** Who changed it, as its own history says; the version alone would not tell a nurse anything. */
function changedWords(kit: KitDetail | null): string {
  const last = kit?.history[0];
  if (!last) return t("kitAct.changed");
  const time = deadline(new Date(last.at), serverNow());
  return t("kitAct.changedBy", { who: last.by ?? t("kitAct.somebody"), what: last.words, time });
}

/** The server's sentence where it has one that this page knows no better. */
export function problemWords(error: ApiError, kit: KitDetail | null): string {
  const code = error.problem?.code ?? "";
  if (code === "changed-meanwhile") return changedWords(kit);
  const known = wordFor("kitProblem", code);
  if (known) return known;
  if (error.problem && error.trouble === "problem" && error.status !== 500) return error.problem.detail;
  return error.isOutage ? t("act.notSent") : t("act.refused");
}

export function useKitActions(id: string, resource: Resource<KitDetail>): KitActions {
  const [notice, setNotice] = useState<KitNotice | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const going = useRef<{ place: string; over: Promise<void> } | null>(null);
  // One key for one intention: a second tap after a lost answer replays the first, never acts twice.
  const keys = useRef(new Map<string, string>());
  const run = async <T>(ask: KitAsk): Promise<KitAnswer<T> | null> => {
    // The same button twice is one intention; another part of the page waits its turn and is not forgotten.
    if (going.current?.place === ask.place) return null;
    while (going.current) await going.current.over;
    let finish: () => void = () => undefined;
    going.current = { place: ask.place, over: new Promise((resolve) => (finish = resolve)) };
    setBusy(ask.place);
    setNotice(null);
    const intention = JSON.stringify([ask.path, ask.version, ask.body]);
    const key = keys.current.get(intention) ?? crypto.randomUUID();
    keys.current.set(intention, key);
    const answer = await change<T>({
      path: ask.path.startsWith("/") ? ask.path : `/kit/${id}/${ask.path}`,
      body: ask.body,
      version: ask.version,
      key,
    });
    // The next tap must carry the version that stands now.
    await resource.pull();
    const { body, trouble } = resource.view.get();
    if (answer.kind === "refused")
      setNotice({
        place: ask.place,
        // What could not be read anew does not say who changed it.
        words: problemWords(answer.error, trouble ? null : body),
        isProblem: true,
      });
    else if (ask.done) setNotice({ place: ask.place, words: ask.done, isProblem: false });
    setBusy(null);
    going.current = null;
    finish();
    return answer;
  };
  return { notice, busy, run };
}
