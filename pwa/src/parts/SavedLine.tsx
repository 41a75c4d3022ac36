// What became of one thing that was saved here, in words that are each true: saved on this phone, then received.
import type { JSX } from "preact";
import { comesAlone } from "../core/commands";
import { exactly } from "../core/format";
import { receivedState, type Queued } from "../core/outbox";
import { t } from "../core/words";
import { useNow, useOutbox, useSession, useValue } from "./hooks";

/** `id`: of the command, as `add` gave it. */
export function SavedLine(props: { id: string }): JSX.Element | null {
  const now = useNow();
  const received = useValue(receivedState).get(props.id);
  const outbox = useOutbox();
  const signedIn = useSession().kind === "in";
  const item = outbox.items.find((one) => one.id === props.id);
  if (received !== undefined)
    return <Line words={t("saved.received", { time: exactly(new Date(received), now) })} sure />;
  return <Line words={waitingWords(item, signedIn)} sure={false} isStuck={isStuck(item)} />;
}

function isStuck(item: Queued | undefined): boolean {
  return item?.state === "refused" || item?.state === "needs-you";
}

function waitingWords(item: Queued | undefined, signedIn: boolean): string {
  if (isStuck(item)) return t("saved.refused");
  const waits = !signedIn && item !== undefined && !comesAlone(item.what);
  return waits ? `${t("saved.phone")}. ${t("saved.signIn")}` : t("saved.phone");
}

function Line(props: { words: string; sure: boolean; isStuck?: boolean }): JSX.Element {
  return (
    <p class={`al-sync${props.sure ? "" : " al-sync--off"}`} role="status">
      {props.words}{" "}
      {props.isStuck && <a href="/not-sent">{t("notSent.look")}</a>}
    </p>
  );
}
