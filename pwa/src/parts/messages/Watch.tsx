// Who reads messages now, by when they answer, and that a practice does not watch for urgent help.
import type { JSX } from "preact";
import { exactly } from "../../core/format";
import { t } from "../../core/words";
import type { Thread } from "../../core/threadTypes";

export function Watch(props: { thread: Thread; now: Date }): JSX.Element {
  const { thread, now } = props;
  const watching = watchWords(thread, now);
  return (
    <>
      {watching && <p>{watching}</p>}
      <p>{thread.promise || hoursWords(thread)}</p>
    </>
  );
}

function hoursWords(thread: Thread): string {
  return thread.hours ? t("messages.hours", { hours: thread.hours }) : "";
}

/** A practice never watches; its own words say when it answers. */
function watchWords(thread: Thread, now: Date): string {
  if (thread.kind === "practice") return thread.promise ? "" : t("messages.practiceNot");
  if (thread.watching_now) return t("messages.watching");
  const next = thread.next_watch_at;
  return next ? t("messages.next", { time: exactly(new Date(next), now) }) : t("messages.notWatching");
}

/** Who has the person's message and by when they answer; null when nobody waits. */
export function replyWords(thread: Thread, now: Date): string | null {
  const by = thread.reply_by ? exactly(new Date(thread.reply_by), now) : null;
  if (thread.state === "overdue") return t("messages.overdue");
  if (thread.state === "waiting") {
    const who = thread.owner ? t("messages.owner", { name: thread.owner.name }) : t("messages.theyHave");
    return by ? `${who} ${t("messages.replyBy", { time: by })}` : who;
  }
  const settled = thread.settled;
  if (settled?.how === "no-reply-needed") return t("messages.noReply", { by: settled.by, why: settled.why ?? "" });
  return null;
}
