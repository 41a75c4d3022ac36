// Messages: one conversation with the care team and one with the practice, who reads them and by when they answer.
import type { JSX } from "preact";
import { telephone, whenWords } from "../../core/format";
import { isDisconnected } from "../../core/sync";
import { t } from "../../core/words";
import type { PatientChoice } from "../../core/types";
import { Helpful } from "../../parts/Helpful";
import { useNow } from "../../parts/hooks";
import { replyWords, Watch } from "../../parts/messages/Watch";
import { useThreads, type ThreadSeen } from "../../parts/messages/useThreads";
import { Page } from "../../parts/Page";
import { SyncStatus } from "../../parts/SyncStatus";
import { Waiting } from "../../parts/Waiting";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";

export const address = "/messages";
export const nav = "messages";

export function Screen(): JSX.Element {
  return <WithPatient>{(patient) => <Threads patient={patient} />}</WithPatient>;
}

function Threads(props: { patient: PatientChoice }): JSX.Element {
  const { patient } = props;
  const now = useNow();
  const { view, threads } = useThreads(patient);
  if (!view.body && !view.asked) return <Waiting title={t("messages.title")} words={t("messages.opening")} />;
  return (
    <Page title={t("messages.title")}>
      <HelpingBanner patient={patient} />
      {!view.body && <p>{t(isDisconnected(view) ? "messages.nothingKept" : "messages.refused")}</p>}
      {threads.map((seen) => (
        <Card key={seen.thread.kind} seen={seen} now={now} />
      ))}
      {view.body && <p>{t("messages.urgent")}</p>}
      {view.body && <Helpful patient={patient.id} about="messages" ref_="messages" />}
      {(view.body || isDisconnected(view)) && <SyncStatus view={view} now={now} />}
    </Page>
  );
}

function Card(props: { seen: ThreadSeen; now: Date }): JSX.Element {
  const { seen, now } = props;
  const { thread, waiting } = seen;
  const id = `thread-${thread.kind}`;
  const reply = replyWords(thread, now);
  return (
    <section class="al-card" aria-labelledby={id}>
      <p class="al-card__eyebrow">{t(`messages.with.${thread.kind}`)}</p>
      <h2 class="al-card__title" id={id}>
        {thread.name}
      </h2>
      {thread.unread > 0 && <p class="al-signed">{t("messages.unread", { n: thread.unread })}</p>}
      {waiting.length > 0 && <p class="al-waits">{t("messages.notSent", { n: waiting.length })}</p>}
      {reply && <p class="al-signed">{reply}</p>}
      <Last seen={seen} now={now} />
      <Watch thread={thread} now={now} />
      {thread.phone && (
        <p>
          <a class="al-dial" href={telephone(thread.phone)}>
            {t("messages.call", { phone: thread.phone })}
          </a>
        </p>
      )}
      <a class="al-button al-button--main" href={`/messages/${thread.kind}`}>
        {t("messages.open", { name: t(`messages.open.${thread.kind}`) })}
      </a>
    </section>
  );
}

function Last(props: { seen: ThreadSeen; now: Date }): JSX.Element {
  const { last } = props.seen.thread;
  if (!last) return <p>{t("messages.none")}</p>;
  const who = last.by.me ? t("messages.you") : last.by.name;
  return <p>{t("messages.last", { who, when: whenWords(new Date(last.received_at), props.now) })}</p>;
}
