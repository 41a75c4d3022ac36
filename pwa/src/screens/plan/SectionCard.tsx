// One section as a card: what it says, who agreed it, what waits, and the way to change it.
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { calendarDate } from "../../core/format";
import { agreeTo } from "../../core/planChanges";
import { byWords, changedWords, isUnwritten, signedWords, stateWords, type Viewer } from "../../core/planWords";
import { saidOf } from "../../core/planPending";
import { planShow, type Drawn } from "../../core/planTasks";
import { t } from "../../core/words";
import type { Plan, Section } from "../../core/planTypes";
import { Body } from "../../parts/plan/Body";
import { Waits } from "../../parts/plan/Waits";

export interface CardProps {
  drawn: Drawn<Section>;
  plan: Plan;
  viewer: Viewer;
  patient: string;
  /** Their own words, larger than the rest. */
  large?: boolean;
  /** Instead of the title, under a heading of several cards: the colour's own sign. */
  heading?: ComponentChildren;
  children?: ComponentChildren;
}

export function SectionCard(props: CardProps): JSX.Element {
  const { drawn, plan, viewer } = props;
  const { item: section } = drawn;
  const id = `section-${section.key}`;
  const none = isUnwritten(section);
  const Heading = props.heading ? "h3" : "h2";
  return (
    <section class="al-card" aria-labelledby={id}>
      <Heading class="al-card__title" id={id}>
        {props.heading ?? section.title}
      </Heading>
      {section.private && <p class="al-quiet">{t("plan.onlyMe")}</p>}
      {none ? <p>{section.prompt || t("plan.nothingYet")}</p> : <Standing {...props} />}
      {props.children}
      <Waits queued={saidOf(drawn)} />
      <WaitingWords {...props} />
      <Proposed {...props} />
      {!none && <Foot section={section} viewer={viewer} />}
      {plan.may.includes("edit") && <ChangeLink section={section} isNew={none} />}
    </section>
  );
}

/** While a newer text waits for a signature, what both have signed is what counts. */
function Standing(props: CardProps): JSX.Element {
  const { item: section } = props.drawn;
  if (!section.agreed)
    return (
      <>
        {section.version === 0 && <p class="al-quiet">{t("plan.pathwayWords")}</p>}
        <Body body={section.body} large={props.large ?? false} />
      </>
    );
  return (
    <>
      <p class="al-quiet">{t("plan.standing")}</p>
      <Body body={section.agreed.body} />
      <NewWords {...props} />
    </>
  );
}

function NewWords(props: CardProps): JSX.Element {
  return (
    <div class="al-new">
      <p class="al-new__title">{t("plan.newWords")}</p>
      <Body body={props.drawn.item.body} />
      <Agree {...props} />
    </div>
  );
}

function Agree(props: CardProps): JSX.Element | null {
  const { item: section, waiting } = props.drawn;
  const [busy, setBusy] = useState(false);
  const canSign = section.state === "waiting-for-you" && props.viewer.isSelf && props.plan.may.includes("agree");
  if (!canSign || waiting) return null;
  const agree = (): void => {
    setBusy(true);
    void agreeTo(props.patient, section).catch(() => setBusy(false));
  };
  return (
    <>
      <button class="al-button al-button--main" type="button" aria-disabled={busy} onClick={agree}>
        {t("plan.agree")}
      </button>
      <p class="al-quiet al-after">{t("plan.agreeNot")}</p>
    </>
  );
}

/** The words of a change that waits here and does not stand yet, because it becomes a proposal. */
function WaitingWords(props: CardProps): JSX.Element | null {
  const { waiting, item } = props.drawn;
  const show = waiting ? planShow(waiting) : null;
  if (show?.kind !== "section" || item.body === show.body) return null;
  return (
    <div class="al-new">
      <p class="al-new__title">{t("plan.yourChange")}</p>
      <Body body={show.body} />
      <p class="al-quiet">{t("plan.willPropose")}</p>
    </div>
  );
}

function Proposed(props: CardProps): JSX.Element | null {
  const { drawn, plan, viewer } = props;
  const proposal = plan.proposals.find((one) => one.section === drawn.item.key && one.state === "open");
  if (!proposal) return null;
  const date = calendarDate(new Date(proposal.at));
  return (
    <div class="al-new">
      <p class="al-new__title">{t("plan.proposed")}</p>
      <p class="al-quiet">{t("plan.proposedBy", { who: byWords(proposal, viewer), date })}</p>
      <Body body={proposal.body} />
      <p class="al-quiet">{t("plan.proposedWaits")}</p>
    </div>
  );
}

function Foot(props: { section: Section; viewer: Viewer }): JSX.Element {
  const { section, viewer } = props;
  const signed = signedWords(section.agreed ? { ...section, ...section.agreed } : section, viewer);
  const state = stateWords(section, viewer);
  return (
    <>
      {signed && <p class="al-signed">{signed}</p>}
      {state && <p class="al-signed">{state}</p>}
      {section.edited && !signed && <p class="al-quiet al-after">{changedWords(section.edited, viewer)}</p>}
    </>
  );
}

function ChangeLink(props: { section: Section; isNew: boolean }): JSX.Element {
  const { section } = props;
  return (
    <p class="al-card__ways">
      <a class="al-button al-button--quiet" href={`/plan/edit/${section.key}`}>
        {t(props.isNew ? "plan.write" : "plan.change")}
        <span class="nhsuk-u-visually-hidden">: {section.title}</span>
      </a>
      {section.version > 0 && (
        <a class="al-card__more" href={`/plan/history/${section.key}`}>
          {t("plan.history")}
          <span class="nhsuk-u-visually-hidden">: {section.title}</span>
        </a>
      )}
    </p>
  );
}
