// Where a conversation stands: what waits and until when, whose it is, and taking it.
import type { JSX } from "preact";
import { waitingIn, type Thread } from "../../../core/inbox";
import { deadline, exactly } from "../../../core/format";
import { t } from "../../../core/words";
import { DangerMark } from "../../../parts/team/MessageRows";

export function Standing(props: { thread: Thread; now: Date }): JSX.Element {
  const { thread, now } = props;
  const danger = [...new Set(waitingIn(thread).flatMap((one) => one.danger))];
  const isOver = thread.state === "overdue";
  return (
    <div class={`al-standing${danger.length > 0 || isOver ? " al-standing--red" : ""}`} role="status">
      {danger.length > 0 && (
        <p>
          <DangerMark words={danger} />
        </p>
      )}
      {danger.length > 0 && <p>{t("thread.dangerDo")}</p>}
      <p>
        <span class={isOver ? "al-row__by--over" : undefined}>{standsWords(thread, now)}</span>{" "}
        {ownerWords(thread)}
      </p>
    </div>
  );
}

function standsWords(thread: Thread, now: Date): string {
  const { reply_by: by, waiting_since: since, settled } = thread;
  if (by && since) {
    const times = { since: deadline(new Date(since), now), time: deadline(new Date(by), now) };
    return t(thread.state === "overdue" ? "thread.over" : "thread.waits", times);
  }
  if (!settled) return t("thread.quiet");
  const said = { name: settled.by, time: exactly(new Date(settled.at), now) };
  if (settled.how === "reply") return t("thread.answered", said);
  return t("thread.noReply", { ...said, why: settled.why ?? "" });
}

function ownerWords(thread: Thread): string {
  if (thread.reply_by === null) return "";
  if (!thread.owner) return thread.may_write ? t("thread.nobody") : "";
  return thread.owner.me ? t("thread.mine") : t("thread.owner", { name: thread.owner.name });
}
