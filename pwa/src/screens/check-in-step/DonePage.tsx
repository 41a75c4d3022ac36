// What happens next, in the form's own words; where the answers are; and the next check-in of the same sitting.
import type { JSX } from "preact";
import { askedItems, asksSafety, outcomeOf } from "../../core/checkIn";
import { meansEmergency, type Answering } from "../../core/checkInSend";
import { goneState } from "../../core/leaving";
import { homeOf } from "../../core/resources";
import { answeredSince } from "../../core/today";
import { takingOf } from "../../core/selfResources";
import { t } from "../../core/words";
import type { DueSitting, Light, Questionnaire, Safety } from "../../core/selfTypes";
import { CallFirst } from "../../parts/CallFirst";
import { Helpful } from "../../parts/Helpful";
import { useResource } from "../../parts/hooks";
import { Level } from "../../parts/Level";
import { Page } from "../../parts/Page";
import { SavedLine } from "../../parts/SavedLine";
import { useHelpFacts } from "../../parts/useHelpFacts";
import { CrisisLines } from "./CrisisLines";
import type { PageOfProps } from "./screen";

interface Done {
  light: Light;
  words: string | null;
  command: string;
  /** What amber answers say to do, each once. */
  acts: string[];
  /** Set where an answer asked for crisis help: the last page says it once more. */
  safety: Safety | null;
  isUnsafe: boolean;
}

/** In memory only: what a check-in came to belongs on no disk in the clear, and its page is read once. */
const done = new Map<string, Done>();
goneState.subscribe(() => done.clear());

export function keepDone(
  patient: string,
  form: Questionnaire,
  answering: Answering,
  command: string,
): void {
  const { answers, safeNow } = answering;
  const { light, words } = outcomeOf(form, answers);
  const safety = asksSafety(form, answers) ? (form.safety ?? null) : null;
  const acts = askedItems(form, answers).flatMap(
    (item) => item.options?.find(({ value }) => value === answers[item.id])?.do ?? [],
  );
  done.set(`${patient} ${form.id}`, { light, words, command, acts: [...new Set(acts)], safety, isUnsafe: safeNow === "no" });
}

export function doneOf(patient: string, id: string): Done | null {
  return done.get(`${patient} ${id}`) ?? null;
}

export function DonePage(props: PageOfProps): JSX.Element | null {
  const { form, patient, sitting } = props;
  const came = doneOf(patient.id, form.id);
  if (!came) return null;
  const next = nextOf(sitting, [...answeredSince(patient.id, 0), form.id]);
  return (
    <Page title={t("checkIn.done")} caption={form.title}>
      {came.safety && <CrisisLines safety={came.safety} isUnsafe={came.isUnsafe} />}
      {came.light === "red" ? (
        <Red patient={patient.id} words={form.next.red} acts={came.acts} />
      ) : (
        <Calm form={form} came={came} />
      )}
      <SavedLine id={came.command} />
      {next && (
        <a class="al-button al-button--main" href={`/check-in/${next.id}`}>
          {t("checkIn.next", { title: next.title })}
        </a>
      )}
      <a class={`al-button al-button--main${next ? " al-button--quiet" : ""}`} href="/">
        {t("take.done")}
      </a>
      <Helpful patient={patient.id} about="check-in" ref_={form.id} />
    </Page>
  );
}

/** What the same sitting still asks. */
function nextOf(sitting: DueSitting | null, answered: string[]): { id: string; title: string } | null {
  const place = sitting?.ids.findIndex((id) => !answered.includes(id)) ?? -1;
  const [id, title] = [sitting?.ids[place], sitting?.titles[place]];
  return id === undefined ? null : { id, title: title ?? "" };
}

function Calm(props: { form: Questionnaire; came: Done }): JSX.Element {
  const { form, came } = props;
  return (
    <>
      {came.light === "amber" && (
        <p>
          <Level level="soon" words={t("checkIn.amber")} />
        </p>
      )}
      {came.words && <p class="al-sentence">{came.words}</p>}
      {came.acts.length > 0 && (
        <ul class="al-advice__steps">
          {came.acts.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      <p class="al-sentence">{form.next[came.light]}</p>
    </>
  );
}

function Red(props: { patient: string; words: string; acts: string[] }): JSX.Element {
  const facts = useHelpFacts();
  const home = useResource(homeOf(props.patient));
  const line = useResource(takingOf(props.patient)).body?.line ?? facts.line;
  const level = props.acts.some(meansEmergency) ? "emergency" : "urgent";
  return (
    <section class={`al-advice al-advice--${level}`} aria-labelledby="red-title">
      <p class="al-advice__level" role="alert">
        <Level level={level} words={t(level === "emergency" ? "advice.emergency" : "advice.urgent")} shout />
      </p>
      <h2 class="al-advice__title" id="red-title">
        {line ? t("acts.line") : props.words}
      </h2>
      <ul class="al-advice__steps">
        {!line && props.acts.map((words) => <li key={words}>{words}</li>)}
      </ul>
      <CallFirst level={level} team={home.body?.team ?? facts.team} line={line} at={home.at} />
    </section>
  );
}
