// One message: who wrote it, when, its words, and how far it has come, in a word that is true.
import type { JSX } from "preact";
import { exactly } from "../../core/format";
import { stateOf, waitingState, type WaitingMessage } from "../../core/threadPending";
import { t } from "../../core/words";
import type { Message } from "../../core/threadTypes";

export function Bubble(props: { message: Message; now: Date }): JSX.Element {
  const { message, now } = props;
  const { by } = message;
  const ours = by.relation === "self" || by.relation === "carer";
  return (
    <li class={`al-message${ours ? " al-message--ours" : ""}`}>
      <p class="al-message__who">
        <strong>{by.me ? t("messages.you") : by.name}</strong>{" "}
        <time dateTime={message.received_at}>{writtenWords(message, now)}</time>
      </p>
      <Lines words={message.words} />
      {message.private && <p class="al-message__state">{t("messages.private")}</p>}
      {ours && <p class="al-message__state">{stateWords(message, now)}</p>}
    </li>
  );
}

function Lines(props: { words: string }): JSX.Element {
  return (
    <>
      {props.words.split("\n").map((line, index) => (
        <p key={index}>{line}</p>
      ))}
    </>
  );
}

/** What came late says both: when it was written, and when it came. */
function writtenWords(message: Message, now: Date): string {
  const came = exactly(new Date(message.received_at), now);
  if (!message.sent_late || !message.made_at) return came;
  return t("messages.wroteCame", { wrote: exactly(new Date(message.made_at), now), came });
}

function stateWords(message: Message, now: Date): string {
  const state = stateOf(message);
  const at = state === "read" ? message.read_at : state === "received" ? message.received_by_them_at : null;
  const time = exactly(new Date(at ?? message.received_at), now);
  if (state === "read" && message.read_by.length > 0)
    return t("messages.state.readBy", { time, who: message.read_by.join(", ") });
  return t(`messages.state.${state}`, { time });
}

export function WaitingBubble(props: { one: WaitingMessage; now: Date }): JSX.Element {
  const { queued, show } = props.one;
  const state = waitingState(queued);
  return (
    <li class="al-message al-message--ours">
      <p class="al-message__who">
        <strong>{t("messages.you")}</strong>{" "}
        <time dateTime={queued.madeAt}>{exactly(new Date(queued.madeAt), props.now)}</time>
      </p>
      <Lines words={show.words} />
      {show.private && <p class="al-message__state">{t("messages.private")}</p>}
      <p class="al-message__state">
        {t(`messages.state.${state as "saved" | "stuck"}`)}{" "}
        {state === "stuck" && <a href="/not-sent">{t("waits.look")}</a>}
      </p>
    </li>
  );
}
