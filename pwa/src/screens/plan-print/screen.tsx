// The plan on paper: a stranger at the door reads, at arm's length, who this is and what to do. Also a PDF.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { calendarDate, clockTime, nhsNumber, telephone } from "../../core/format";
import { middayOf } from "../../core/planDays";
import { isUnwritten, signedWords, whenDueWords, type Viewer } from "../../core/planWords";
import { t } from "../../core/words";
import type { Plan, Section } from "../../core/planTypes";
import { Switch } from "../../parts/Fields";
import { Level, type LevelName } from "../../parts/Level";
import { Body, People } from "../../parts/plan/Body";
import { Documents } from "../../parts/plan/Documents";
import { PlanPage, toPlan, type Shown } from "../../parts/plan/PlanPage";

export const address = "/plan/print";
export const nav = "plan";

/** What helps at the door first; what matters to the person stands above it all. */
const ORDER = ["matters", "red", "amber", "green", "if-this-happens"];
const LIGHT: Partial<Record<string, LevelName>> = { red: "urgent", amber: "soon", green: "ok" };

export function Screen(): JSX.Element {
  return (
    <PlanPage title={() => t("print.title")} back={toPlan()}>
      {(shown) => <Opened shown={shown} />}
    </PlanPage>
  );
}

function Opened(props: { shown: Shown }): JSX.Element {
  const { plan, drawn, viewer } = props.shown;
  const [withPrivate, setPrivate] = useState(false);
  const hasPrivate = drawn.sections.some(({ item }) => item.private);
  return (
    <>
      <div class="al-noprint">
        <p>{t("print.words")}</p>
        {hasPrivate && <Switch label={t("print.private")} on={withPrivate} onChange={setPrivate} />}
        <button class="al-button al-button--main" type="button" onClick={() => print()}>
          {t("print.do")}
        </button>
      </div>
      <Paper plan={plan} drawn={drawn} viewer={viewer} withPrivate={withPrivate} now={props.shown.now} />
    </>
  );
}

interface PaperProps extends Pick<Shown, "plan" | "drawn" | "viewer" | "now"> {
  withPrivate: boolean;
}

function Paper(props: PaperProps): JSX.Element {
  const { plan, drawn, viewer, withPrivate, now } = props;
  // Only what stands: a change that has not been agreed must not be taken for the plan at the door.
  const sections = plan.sections
    .map((section): Section => (section.agreed ? { ...section, ...section.agreed } : section))
    .filter((section) => !isUnwritten(section) && (withPrivate || !section.private));
  const first = ORDER.flatMap((key) => sections.filter((section) => section.key === key));
  const rest = sections.filter((section) => !first.includes(section) && section.key !== "today");
  return (
    <article class="al-paper" aria-label={t("print.title")}>
      <Who plan={plan} />
      <Documents documents={plan.documents} />
      <Parts sections={first} viewer={viewer} />
      <Ranges words={plan.range_words} />
      <Ring plan={plan} />
      <Parts sections={rest} viewer={viewer} />
      <Doing drawn={drawn} withPrivate={withPrivate} />
      <p class="al-quiet">{t("print.at", { date: calendarDate(now), time: clockTime(now) })}</p>
    </article>
  );
}

function Who(props: { plan: Plan }): JSX.Element {
  const { patient } = props.plan;
  return (
    <>
      <h2 class="al-paper__name">{patient.display_name}</h2>
      <p class="al-sentence">
        {t("print.born", { date: calendarDate(middayOf(patient.birth_date)) })}{" "}
        <span class="al-paper__number">
          {t("print.nhs")} <bdi dir="ltr">{nhsNumber(patient.nhs_number)}</bdi>
        </span>
      </p>
    </>
  );
}

function Parts(props: { sections: readonly Section[]; viewer: Viewer }): JSX.Element {
  return (
    <>
      {props.sections.map((section) => (
        <Part key={section.key} section={section} viewer={props.viewer} />
      ))}
    </>
  );
}

function Part(props: { section: Section; viewer: Viewer }): JSX.Element {
  const { section, viewer } = props;
  const level = LIGHT[section.key];
  const signed = signedWords(section, { ...viewer, isSelf: false });
  return (
    <Box title={level ? <Level level={level} words={t(`plan.light.${section.key as "red"}`)} shout /> : section.title}>
      <Body body={section.body} />
      {signed && <p class="al-quiet">{signed}</p>}
    </Box>
  );
}

function Box(props: { title: ComponentChildren; children: ComponentChildren }): JSX.Element {
  return (
    <section class="al-paper__part">
      <h3 class="al-paper__title">{props.title}</h3>
      {props.children}
    </section>
  );
}

/** What is usual for this person: a stranger's normal may be wrong for them. */
function Ranges(props: { words: readonly string[] }): JSX.Element | null {
  if (props.words.length === 0) return null;
  return (
    <Box title={t("print.ranges")}>
      <ul class="nhsuk-list nhsuk-list--bullet">
        {props.words.map((words) => (
          <li key={words}>
            <bdi dir="ltr">{words}</bdi>
          </li>
        ))}
      </ul>
    </Box>
  );
}

function Doing(props: Pick<PaperProps, "drawn" | "withPrivate">): JSX.Element | null {
  const tasks = props.drawn.todo.filter(({ item }) => !item.stopped && (props.withPrivate || !item.private));
  if (tasks.length === 0) return null;
  return (
    <Box title={t("plan.doing")}>
      <ul class="nhsuk-list nhsuk-list--bullet">
        {tasks.map(({ item }) => (
          <li key={item.id}>
            {item.text}. {whenDueWords(item)}
          </li>
        ))}
      </ul>
    </Box>
  );
}

/** Whom to ring: the line that stands in for 999 first, then the team, the practice and the people. */
function Ring(props: { plan: Plan }): JSX.Element {
  const { line, team, practice, contacts } = props.plan;
  return (
    <Box title={t("print.ring")}>
      {line && <Number name={line.name} phone={line.phone} />}
      {team.name && <Number name={team.name} phone={team.phone} more={team.hours} />}
      {practice?.phone && <Number name={practice.name} phone={practice.phone} />}
      <People contacts={contacts} />
    </Box>
  );
}

function Number(props: { name: string; phone: string; more?: string }): JSX.Element {
  return (
    <p>
      <strong>{props.name}</strong>{" "}
      <a class="al-dial" href={telephone(props.phone)}>
        <bdi dir="ltr">{props.phone}</bdi>
      </a>{" "}
      {props.more}
    </p>
  );
}
