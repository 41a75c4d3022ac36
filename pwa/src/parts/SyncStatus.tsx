// How old what you see is, and how much is not sent, always in words: counted from the server's last answer and from
// the outbox, and from nothing else.
import type { JSX } from "preact";
import { deadline } from "../core/format";
import { isDisconnected, type View } from "../core/sync";
import { t } from "../core/words";
import { useOutbox } from "./hooks";

export function SyncStatus(props: { view: View<unknown>; now: Date }): JSX.Element {
  const { view, now } = props;
  const off = isDisconnected(view);
  return (
    <>
      <p class={`al-sync${off ? " al-sync--off" : ""}`} role="status">
        {statusWords(view, now)}
      </p>
      <NotSentLine now={now} />
    </>
  );
}

const DAY_MS = 86_400_000;

/** Nothing when all is sent. After a day it is said in red words, with since when. */
export function NotSentLine(props: { now: Date }): JSX.Element | null {
  const { items, sealed, since } = useOutbox();
  const n = items.length + sealed;
  if (n === 0) return null;
  const old = since !== null && props.now.getTime() - since > DAY_MS;
  const needsYou = items.some((item) => item.state === "needs-you" || item.state === "refused");
  const days = since === null ? 0 : Math.floor((props.now.getTime() - since) / DAY_MS);
  return (
    <p class={`al-sync al-sync--off${old ? " al-sync--late" : ""}`}>
      {t("notSent.line", { n })} {old && `${t("notSent.days", { n: days })} `}
      <a href="/not-sent">{t(needsYou ? "notSent.needsYou" : "notSent.look")}</a>
    </p>
  );
}

function cause(view: View<unknown>): "off" | "portal" | "fault" {
  if (view.trouble?.trouble === "not-the-service") return "portal";
  return view.trouble?.trouble === "problem" ? "fault" : "off";
}

export function statusWords(view: View<unknown>, now: Date): string {
  const time = view.at === null ? null : deadline(new Date(view.at), now);
  if (!isDisconnected(view)) return time === null ? t("sync.looking") : t("sync.upToDate", { time });
  return time === null ? t(`sync.${cause(view)}Nothing`) : t(`sync.${cause(view)}`, { time });
}
