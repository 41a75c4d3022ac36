// The messages, oldest first, each with who wrote it, when, and who of the other side has read it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { earlier, isTheirs, type Thread, type ThreadMessage } from "../../../core/inbox";
import { exactly } from "../../../core/format";
import { t } from "../../../core/words";

export function Messages(props: { thread: Thread; patient: string; now: Date }): JSX.Element {
  const { thread, patient, now } = props;
  const older = useOlder(thread, patient);
  const all = [...older.messages, ...thread.messages];
  return (
    <section aria-labelledby="messages-title">
      <h2 class="al-section" id="messages-title">
        {t("thread.messages")}
      </h2>
      {older.more && (
        <button class="al-button al-button--quiet" type="button" onClick={() => void older.load()}>
          {t("thread.older")}
        </button>
      )}
      <div role="status">{older.failed && <p class="al-error">{t("act.notSent")}</p>}</div>
      {all.length === 0 && <p>{t("thread.none")}</p>}
      <ol class="al-thread">
        {all.map((one) => (
          <Message key={one.id} one={one} now={now} />
        ))}
      </ol>
    </section>
  );
}

function Message(props: { one: ThreadMessage; now: Date }): JSX.Element {
  const { one, now } = props;
  return (
    <li class={`al-thread__one${isTheirs(one) ? "" : " al-thread__one--ours"}`} data-message={one.id}>
      <p class="al-thread__by">
        <strong>{byWords(one)}</strong>{" "}
        <time dateTime={one.received_at}>{exactly(new Date(one.received_at), now)}</time>
        {one.private && <span class="al-mark">{t("thread.private")}</span>}
      </p>
      <p class="al-said-words">{one.words}</p>
      <p class="al-thread__seen">{seenWords(one, now)}</p>
    </li>
  );
}

function byWords(one: ThreadMessage): string {
  const { by } = one;
  if (by.me) return t("thread.you");
  return by.relation === "carer" ? t("thread.carer", { name: by.name }) : by.name;
}

/** What is true and known: it is sent when it stands here, and read when somebody of the other side opened it. */
function seenWords(one: ThreadMessage, now: Date): string {
  const said = one.sent_late && one.made_at ? [t("thread.made", { time: exactly(new Date(one.made_at), now) })] : [];
  if (one.read_at) {
    const when = exactly(new Date(one.read_at), now);
    return [...said, t("thread.read", { names: one.read_by.join(", "), time: when })].join(" ");
  }
  return [...said, t(isTheirs(one) ? "thread.notRead" : "thread.sent")].join(" ");
}

interface Older {
  messages: ThreadMessage[];
  more: boolean;
  failed: boolean;
  load: () => Promise<void>;
}

function useOlder(thread: Thread, patient: string): Older {
  const [messages, setMessages] = useState<ThreadMessage[]>([]);
  const [more, setMore] = useState<boolean | null>(null);
  const [failed, setFailed] = useState(false);
  const known = new Set(thread.messages.map((one) => one.id));
  const load = async (): Promise<void> => {
    const first = messages[0] ?? thread.messages[0];
    if (!first) return;
    try {
      const page = await earlier(patient, thread.kind, first.id);
      setFailed(false);
      setMessages([...(page?.messages ?? []), ...messages]);
      setMore(page?.more ?? false);
    } catch {
      setFailed(true);
    }
  };
  return { messages: messages.filter((one) => !known.has(one.id)), more: more ?? thread.more, failed, load };
}
