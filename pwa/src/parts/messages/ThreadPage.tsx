// The frame of a page about one conversation: opened from what this phone kept, said in words when there is nothing.
import type { ComponentChildren, JSX } from "preact";
import { useRoute } from "preact-iso";
import { isDisconnected } from "../../core/sync";
import { t } from "../../core/words";
import type { Threads } from "../../core/threadTypes";
import type { PatientChoice } from "../../core/types";
import { useNow } from "../hooks";
import { Page } from "../Page";
import { SyncStatus } from "../SyncStatus";
import { Waiting } from "../Waiting";
import { HelpingBanner, WithPatient } from "../WithPatient";
import { useThreads, type ThreadSeen } from "./useThreads";

export interface ThreadShown extends ThreadSeen {
  patient: PatientChoice;
  threads: Threads;
  now: Date;
}

interface Frame {
  title: (shown: ThreadShown | null) => string;
  back: { href: string; words: string };
  children: (shown: ThreadShown) => ComponentChildren;
}

export function ThreadPage(props: Frame): JSX.Element {
  return <WithPatient>{(patient) => <Opened {...props} patient={patient} />}</WithPatient>;
}

function Opened(props: Frame & { patient: PatientChoice }): JSX.Element {
  const { patient } = props;
  const { params } = useRoute();
  const now = useNow();
  const { view, threads } = useThreads(patient);
  const seen = threads.find(({ thread }) => thread.kind === params["thread"]);
  const shown = seen && view.body ? { ...seen, patient, threads: view.body, now } : null;
  const title = props.title(shown);
  if (!shown && !view.asked) return <Waiting title={title} words={t("messages.opening")} />;
  return (
    <Page title={title} back={props.back}>
      <HelpingBanner patient={patient} />
      {shown ? props.children(shown) : <p>{t(isDisconnected(view) ? "messages.nothingKept" : "messages.refused")}</p>}
      {(shown || isDisconnected(view)) && <SyncStatus view={view} now={now} />}
    </Page>
  );
}
