// One conversation: who has it, the way to write, and the messages, the newest first so that nobody has to scroll for it.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useRoute } from "preact-iso";
import { earlierOf } from "../../core/planResources";
import { markRead, newestOfTheirs } from "../../core/threadPending";
import { t } from "../../core/words";
import { useResource } from "../../parts/hooks";
import { Bubble, WaitingBubble } from "../../parts/messages/Bubble";
import { ThreadPage, type ThreadShown } from "../../parts/messages/ThreadPage";
import { replyWords, Watch } from "../../parts/messages/Watch";

export const address = "/messages/:thread";
export const nav = "messages";
export const example = "/messages/team";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const key = params["thread"] ?? "";
  return (
    <ThreadPage
      key={key}
      title={(shown) => shown?.thread.name ?? t("messages.title")}
      back={{ href: "/messages", words: t("messages.title") }}
    >
      {(shown) => <Conversation shown={shown} />}
    </ThreadPage>
  );
}

function Conversation(props: { shown: ThreadShown }): JSX.Element {
  const { thread, waiting, patient, now } = props.shown;
  const newest = thread.unread > 0 ? (newestOfTheirs(thread)?.id ?? null) : null;
  useEffect(() => {
    if (newest) void markRead(patient.id, thread.kind, newest);
  }, [newest, patient.id, thread.kind]);
  const reply = replyWords(thread, now);
  return (
    <>
      <Watch thread={thread} now={now} />
      {reply && (
        <p class="al-signed" role="status">
          {reply}
        </p>
      )}
      {thread.may_write ? (
        <a class="al-button al-button--main" href={`/messages/${thread.kind}/write`}>
          {t("messages.write")}
        </a>
      ) : (
        <p>{t("messages.mayNot")}</p>
      )}
      <h2 class="al-section">{t("messages.newest")}</h2>
      {thread.messages.length + waiting.length === 0 && <p>{t("messages.none")}</p>}
      <ol class="al-messages">
        {[...waiting].reverse().map((one) => (
          <WaitingBubble key={one.show.id} one={one} now={now} />
        ))}
        {[...thread.messages].reverse().map((message) => (
          <Bubble key={message.id} message={message} now={now} />
        ))}
      </ol>
      {thread.more && <Earlier shown={props.shown} before={thread.messages[0]?.id ?? ""} />}
    </>
  );
}

/** Older ones come when they are asked for, 30 at a time. */
function Earlier(props: { shown: ThreadShown; before: string }): JSX.Element {
  const { patient, thread, now } = props.shown;
  const [isOpen, setOpen] = useState(false);
  const view = useResource(isOpen ? earlierOf(patient.id, thread.kind, props.before) : null);
  const page = view.body?.thread;
  if (!isOpen)
    return (
      <button class="al-button al-button--quiet" type="button" onClick={() => setOpen(true)}>
        {t("messages.older")}
      </button>
    );
  if (!page) return <p role="status">{t(view.trouble ? "messages.notHere" : "messages.opening")}</p>;
  return (
    <>
      <ol class="al-messages">
        {[...page.messages].reverse().map((message) => (
          <Bubble key={message.id} message={message} now={now} />
        ))}
      </ol>
      {page.more && <Earlier shown={props.shown} before={page.messages[0]?.id ?? ""} />}
    </>
  );
}
