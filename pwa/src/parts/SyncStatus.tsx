// How old what you see is, always in words: counted from the server's last answer and from nothing else.
import type { JSX } from "preact";
import { deadline } from "../core/format";
import { isDisconnected, type View } from "../core/sync";
import { t } from "../core/words";

export function SyncStatus(props: { view: View<unknown>; now: Date }): JSX.Element {
  const { view, now } = props;
  const off = isDisconnected(view);
  return (
    <p class={`al-sync${off ? " al-sync--off" : ""}`} role="status">
      {statusWords(view, now)}
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
