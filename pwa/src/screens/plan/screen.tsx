// My plan: what matters, what to do, what to do if things change, in the person's own order and words.
import type { JSX } from "preact";
import { signedWords } from "../../core/planWords";
import { t } from "../../core/words";
import { Helpful } from "../../parts/Helpful";
import { PlanPage, type Shown } from "../../parts/plan/PlanPage";
import { Documents } from "../../parts/plan/Documents";
import { Doing } from "./Doing";
import { Goals } from "./Goals";
import { Lights } from "./Lights";
import { SectionCard } from "./SectionCard";

export const address = "/plan";
export const nav = "plan";

/** Cards with a place of their own; whatever else a pathway brings comes before who agreed it. */
const PLACED = ["matters", "today", "green", "amber", "red", "medicines", "myself", "helper", "if-this-happens"];

export function Screen(): JSX.Element {
  return <PlanPage title={() => t("plan.title")}>{(shown) => <Cards shown={shown} />}</PlanPage>;
}

function Cards(props: { shown: Shown }): JSX.Element {
  const { shown } = props;
  const { plan, drawn } = shown;
  const rest = drawn.sections.filter(({ item }) => !PLACED.includes(item.key));
  return (
    <>
      <p class="al-card__ways al-card__ways--top">
        <a class="al-button al-button--quiet" href="/circle">
          {t("circle.title")}
        </a>
        {shown.viewer.isSelf && (
          <a class="al-button al-button--quiet" href="/reminders">
            {t("remind.title")}
          </a>
        )}
        <a class="al-button al-button--quiet" href="/plan/print">
          {t("plan.print")}
        </a>
      </p>
      <Placed shown={shown} section="matters" large />
      <Today shown={shown} />
      <Lights shown={shown} />
      <Goals shown={shown} />
      <Placed shown={shown} section="medicines" />
      <Placed shown={shown} section="myself" />
      <Placed shown={shown} section="helper" />
      <IfThisHappens shown={shown} />
      {rest.map(({ item }) => (
        <Placed key={item.key} shown={shown} section={item.key} />
      ))}
      <WhoAgreed shown={shown} />
      <Helpful patient={shown.patient.id} about="plan" ref_={plan.patient.id} />
      <p>
        <a class="al-card__more" href="/suggestions">
          {t("suggestions.link")}
        </a>
      </p>
    </>
  );
}

function Placed(props: {
  shown: Shown;
  section: string;
  large?: boolean;
  children?: JSX.Element | null;
}): JSX.Element | null {
  const { drawn, plan, viewer, patient } = props.shown;
  const section = drawn.sections.find(({ item }) => item.key === props.section);
  if (!section) return null;
  return (
    <SectionCard drawn={section} plan={plan} viewer={viewer} patient={patient.id} large={props.large ?? false}>
      {props.children}
    </SectionCard>
  );
}

function Today(props: { shown: Shown }): JSX.Element {
  const own = props.shown.drawn.sections.some(({ item }) => item.key === "today");
  if (own)
    return (
      <Placed shown={props.shown} section="today">
        <Doing shown={props.shown} />
      </Placed>
    );
  return (
    <section class="al-card" aria-labelledby="doing-title">
      <h2 class="al-card__title" id="doing-title">
        {t("plan.doing")}
      </h2>
      <Doing shown={props.shown} />
    </section>
  );
}

function IfThisHappens(props: { shown: Shown }): JSX.Element | null {
  const { plan } = props.shown;
  return (
    <Placed shown={props.shown} section="if-this-happens">
      <Documents documents={plan.documents} />
    </Placed>
  );
}

function WhoAgreed(props: { shown: Shown }): JSX.Element {
  const { drawn, viewer } = props.shown;
  const signed = drawn.sections.flatMap(({ item }) => {
    const words = signedWords(item.agreed ? { ...item, ...item.agreed } : item, viewer);
    return words ? [{ key: item.key, title: item.title, words }] : [];
  });
  return (
    <section class="al-card" aria-labelledby="agreed-title">
      <h2 class="al-card__title" id="agreed-title">
        {t("plan.whoAgreed")}
      </h2>
      {signed.length === 0 && <p>{t("plan.nobodyAgreed")}</p>}
      <dl class="al-facts">
        {signed.map(({ key, title, words }) => (
          <div key={key} class="al-facts__row">
            <dt>{title}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
