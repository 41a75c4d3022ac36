// Two people changed one thing of the plan: both versions in words, and the person says which stays. Nothing is lost.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { discard, type Queued } from "../../core/outbox";
import { keepMine, keepTheirs } from "../../core/planChanges";
import { chainOf, clashLines, clashOf, isSame, type Clash } from "../../core/planConflict";
import { isGuarded } from "../../core/planPending";
import { planShow } from "../../core/planTasks";
import { changedWords } from "../../core/planWords";
import { t } from "../../core/words";
import { Conflict } from "../../parts/Conflict";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { useOutbox } from "../../parts/hooks";
import { PlanPage, toPlan, type Shown } from "../../parts/plan/PlanPage";
import { useSaving } from "../../parts/plan/useSaving";

export const address = "/plan/conflict/:command";
export const nav = "plan";
export const example = "/plan/conflict/none";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const { items } = useOutbox();
  const queued = items.find(({ id }) => id === params["command"]);
  return (
    <PlanPage title={() => t("clash.title")} back={toPlan()}>
      {(shown) => (
        <Opened key={params["command"]} chain={queued ? chainOf(queued, items) : []} shown={shown} />
      )}
    </PlanPage>
  );
}

/** `chain`: what met somebody else's words, and what was made of it here since, oldest first. */
function Opened(props: { chain: readonly Queued[]; shown: Shown }): JSX.Element {
  const { chain, shown } = props;
  const queued = chain[0];
  if (!queued) return <p>{t("clash.settled")}</p>;
  const clash = clashOf(queued, chain.at(-1));
  if (!clash) return <ReadAgain queued={queued} />;
  return <Both queued={queued} chain={chain} clash={clash} shown={shown} />;
}

/** The words were changed after somebody agreed to them: the signature goes, and the new words are read first. */
function ReadAgain(props: { queued: Queued }): JSX.Element {
  const { errors, busy, save } = useSaving();
  const drop = (): void => save([], () => discard(props.queued.id), "/plan");
  const words = planShow(props.queued)?.kind === "agree" ? "clash.readAgain" : "clash.unknown";
  return (
    <>
      <ErrorSummary errors={errors} />
      <p>{t(words)}</p>
      <button class="al-button al-button--main" type="button" aria-disabled={busy} onClick={drop}>
        {t("clash.readNow")}
      </button>
    </>
  );
}

function editorOf(clash: Clash, queued: Queued): string {
  const where = { section: "edit", goal: "goal", task: "todo" }[clash.kind];
  const which = clash.kind === "section" ? clash.theirs.key : clash.theirs.id;
  return `/plan/${where}/${which}?both=${queued.id}`;
}

interface BothProps {
  queued: Queued;
  chain: readonly Queued[];
  clash: Clash;
  shown: Shown;
}

function Both(props: BothProps): JSX.Element {
  const { queued, chain, clash, shown } = props;
  const { route } = useLocation();
  const { errors, busy, save } = useSaving();
  const lines = clashLines(clash);
  const { edited } = clash.theirs;
  const becomesWish = clash.kind === "section" && isGuarded(clash.theirs);
  const drop = (): void => save([], () => keepTheirs(chain), "/plan");
  const mine = (): void => save([], () => keepMine(shown.patient.id, clashOf(queued) ?? clash, queued), "/plan");
  return (
    <>
      <ErrorSummary errors={errors} />
      {clash.kind === "section" && <p class="al-sentence">{clash.theirs.title}</p>}
      {isSame(clash) && <p>{t("clash.same")}</p>}
      <Before chain={chain} />
      <Conflict
        who={edited ? changedWords(edited, shown.viewer) : t("clash.who")}
        mine={<Lines lines={lines.mine} />}
        theirs={<Lines lines={lines.theirs} />}
        {...(becomesWish ? { note: t("clash.wish") } : {})}
        onKeepMine={mine}
        onKeepTheirs={drop}
        onKeepBoth={() => route(editorOf(clash, queued))}
        busy={busy}
      />
    </>
  );
}

/** What was written here first and changed here again; no word of it goes unseen. */
function Before(props: { chain: readonly Queued[] }): JSX.Element | null {
  const [first] = props.chain;
  const before = props.chain.slice(0, -1).map((one) => (first ? clashOf(first, one) : null));
  if (before.length === 0) return null;
  return (
    <details class="nhsuk-details">
      <summary class="nhsuk-details__summary">
        <span class="nhsuk-details__summary-text">{t("clash.before")}</span>
      </summary>
      {before.map((clash, index) => clash && <Lines key={index} lines={clashLines(clash).mine} />)}
    </details>
  );
}

function Lines(props: { lines: readonly string[] }): JSX.Element {
  if (props.lines.length === 0) return <p>{t("history.empty")}</p>;
  return (
    <>
      {props.lines.map((line, index) => (
        <p key={index}>{line}</p>
      ))}
    </>
  );
}
