// One conversation: what was written, who has read it, by when an answer is due, and the answer.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useEffect, useMemo } from "preact/hooks";
import { isTheirs, sayRead, threadOf, threadPath, type OneThread } from "../../../core/inbox";
import { calendarDate, nhsNumber, telephone } from "../../../core/format";
import { isDisconnected } from "../../../core/sync";
import { t } from "../../../core/words";
import { useNow, useResource, useSession } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { hasList } from "../../../parts/team/places";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { useVisible } from "../../../parts/team/useVisible";
import { AnswerForm } from "./AnswerForm";
import { Messages } from "./Messages";
import { Standing } from "./Standing";

export const address = "/team/thread/:patient/:kind";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const patient = params["patient"] ?? "";
  const kind = params["kind"] ?? "";
  const session = useSession();
  const isDesk = session.kind === "in" && hasList(session.session.role);
  return <One key={`${patient} ${kind}`} patient={patient} kind={kind} isDesk={isDesk} />;
}

function One(props: { patient: string; kind: string; isDesk: boolean }): JSX.Element {
  const { patient, kind, isDesk } = props;
  const now = useNow();
  const view = useResource(useMemo(() => threadOf(patient, kind), [patient, kind]));
  const found = view.body;
  const refused = view.trouble !== null && !isDisconnected(view);
  return (
    <Page
      title={found?.patient?.display_name ?? t("thread.title")}
      caption={found ? <Who found={found} isDesk={isDesk} /> : undefined}
      header={<TeamHeader />}
      back={{ href: isDesk ? "/team/messages" : "/team/inbox", words: t("inbox.title") }}
    >
      <SyncStatus view={view} now={now} />
      {found ? (
        <Conversation found={found} path={threadPath(patient, kind)} now={now} />
      ) : (
        <p>{t(refused ? "thread.refused" : view.asked ? "inbox.nothingKept" : "inbox.opening")}</p>
      )}
    </Page>
  );
}

function Who(props: { found: OneThread; isDesk: boolean }): JSX.Element | null {
  const one = props.found.patient;
  if (!one) return null;
  return (
    <span class="al-thread__who">
      <span>{t("thread.nhs", { number: nhsNumber(one.nhs_number) })}</span>{" "}
      <span>{t("thread.born", { date: calendarDate(new Date(`${one.birth_date}T12:00:00Z`)) })}</span>{" "}
      {one.phone && (
        <a class="al-phone" href={telephone(one.phone)}>
          {one.phone}
        </a>
      )}{" "}
      {props.isDesk && (
        <a class="al-phone" href={`/team/person/${one.id}`}>
          {t("thread.record")}
        </a>
      )}
    </span>
  );
}

function Conversation(props: { found: OneThread; path: string; now: Date }): JSX.Element {
  const { found, path, now } = props;
  const { thread } = found;
  useReading(found, path);
  return (
    <>
      <Standing thread={thread} now={now} />
      <Messages thread={thread} patient={found.patient?.id ?? ""} now={now} />
      {thread.may_write ? (
        <AnswerForm thread={thread} path={path} name={found.patient?.display_name ?? ""} />
      ) : (
        <p class="al-notice">{t("thread.looksOn", { name: thread.name })}</p>
      )}
    </>
  );
}

/** What is opened here is read: told once for each newest message, and only while somebody can see the page. */
function useReading(found: OneThread, path: string): void {
  const isVisible = useVisible();
  const newest = found.thread.messages.filter(isTheirs).at(-1)?.id ?? null;
  const isNew = found.thread.unread > 0;
  useEffect(() => {
    if (isVisible && isNew && newest) void sayRead(path, newest);
  }, [isVisible, isNew, newest, path]);
}
