// After Save: where the reading is, what it means, and what to do now; all of it offline too.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { exactly } from "../../core/format";
import { savedState } from "../../core/saved";
import { receivedState } from "../../core/outbox";
import { savedReading, type ReadingShow } from "../../core/selfReadings";
import { isDisconnected } from "../../core/sync";
import { HYPO_UNDER } from "../../core/takeKinds";
import { t } from "../../core/words";
import type { Taking } from "../../core/selfTypes";
import type { Home, ReadingKind } from "../../core/types";
import { useNow, useOpenPatient, useOutbox, useValue } from "../../parts/hooks";
import { HypoSteps } from "../../parts/HypoSteps";
import { Page } from "../../parts/Page";
import { RedCard } from "../../parts/RedCard";
import { inOrder, Reading } from "../../parts/Reading";
import { SavedLine } from "../../parts/SavedLine";
import { useRecordFor } from "../../parts/useRecordFor";
import { useJudging, type Judging } from "../../parts/useTaking";
import { HelpingBanner } from "../../parts/WithPatient";
import { Meaning } from "./Meaning";

export const address = "/saved/:id";
export const open = true;
export const nav = "today";
export const example = "/saved/none";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  useOutbox();
  useValue(receivedState);
  const reading = savedReading(id);
  if (!reading) {
    return (
      <Page title={t("take.saved.title")} back={{ href: "/", words: t("take.back") }}>
        <p>{t("take.saved.gone")}</p>
        <Ways />
      </Page>
    );
  }
  return <Saved id={id} reading={reading} />;
}

function Saved(props: { id: string; reading: ReadingShow }): JSX.Element {
  const { id, reading } = props;
  const now = useNow();
  const person = useOpenPatient();
  const { patient, isOpen } = useRecordFor();
  const judging = useJudging(isOpen ? patient : null, reading.reading);
  const { home, taking } = judging;
  const isLow = isHypo(reading, judging);
  const connected = home.asked && !isDisconnected(home);
  const told = { judging, reading, state: savedState(id), now, connected };
  const level = redLevel(reading);
  return (
    <Page title={t(isLow ? "hypo.page" : "take.saved.title")} caption={t(`kind.${reading.reading}`)}>
      {person && <HelpingBanner patient={person} />}
      {isLow && <HypoSteps line={lineOf(taking)} />}
      {level && <RedCard {...told} level={level} />}
      <section class="al-card" aria-label={t("take.saved.title")}>
        <Value reading={reading} now={now} />
        {!level && <Meaning {...told} />}
        <Where id={id} seenAt={seenAt(home.body, reading)} now={now} />
      </section>
      <Ways again={level && reading.reading} />
    </Page>
  );
}

function Value(props: { reading: ReadingShow; now: Date }): JSX.Element {
  const { reading: kind, values, effectiveAt } = props.reading;
  return <Reading kind={kind} values={inOrder(kind, values)} effectiveAt={effectiveAt} now={props.now} />;
}

function lineOf(taking: Taking | null): Taking["line"] {
  return taking?.line ?? null;
}

function redLevel(reading: ReadingShow): "urgent" | "emergency" | null {
  return reading.level === "urgent" || reading.level === "emergency" ? reading.level : null;
}

function isHypo(reading: ReadingShow, judging: Judging): boolean {
  const { glucose } = reading.values;
  return glucose !== undefined && Number(glucose) < Number(judging.taking?.hypo.under ?? HYPO_UNDER);
}

/** When a nurse saw the alert of this very reading; null when nobody has. */
function seenAt(home: Home | null, reading: ReadingShow): string | null {
  const about = home?.alerts.find((alert) => Date.parse(alert.true_at) === Date.parse(reading.effectiveAt));
  return about?.seen_at ?? null;
}

function Where(props: { id: string; seenAt: string | null; now: Date }): JSX.Element {
  const { id, seenAt, now } = props;
  if (seenAt === null) return <SavedLine id={id} />;
  return (
    <p class="al-sync" role="status">
      {t("saved.seen", { time: exactly(new Date(seenAt), now) })}
    </p>
  );
}

function Ways(props: { again?: ReadingKind | null }): JSX.Element {
  return (
    <>
      {props.again && (
        <a class="al-button al-button--main" href={`/take/${props.again}`}>
          {t("take.saved.again")}
        </a>
      )}
      <a class={`al-button al-button--main${props.again ? " al-button--quiet" : ""}`} href="/">
        {t("take.done")}
      </a>
      {!props.again && (
        <p class="al-after">
          <a class="al-tile__take" href="/take">{t("take.saved.another")}</a>
        </p>
      )}
    </>
  );
}
