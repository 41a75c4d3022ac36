// How I am reached when no desk of mine is open: ringing this browser, a number, an address, and a test of it.
import type { JSX } from "preact";
import type { ReachOther } from "../../../core/reach";
import { t, wordFor } from "../../../core/words";
import { useNow } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { PushSwitch } from "../../../parts/PushSwitch";
import { Section } from "../../../parts/team/KitParts";
import { ReachForm, WaysNow, wayWords } from "../../../parts/team/ReachForm";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { refusedWords } from "../../../parts/team/useChange";
import { useReach, type Reached } from "../../../parts/team/useReach";
import { SendTest } from "./SendTest";

export const address = "/team/reach";

export function Screen(): JSX.Element {
  const reached = useReach(null);
  const { reach, trouble } = reached;
  return (
    <Page title={t("reach.title")} caption={reach?.name} header={<TeamHeader />}>
      <p>{t("reach.words")}</p>
      {trouble && <p class="al-notice al-notice--problem">{refusedWords(trouble)}</p>}
      {reach ? <Whole {...reached} /> : !trouble && <p>{t("cases.opening")}</p>}
    </Page>
  );
}

function Whole(props: Reached): JSX.Element | null {
  const { reach, pull } = props;
  const now = useNow();
  if (!reach) return null;
  return (
    <>
      <WaysNow reach={reach} />
      <Section id="push" title={t("reach.push")}>
        <p>{t("reach.pushWords")}</p>
        <PushSwitch onChange={() => void pull()} />
        <p class="al-quiet">
          {t("reach.browsers", { n: reach.browsers })}
          {reach.browsers > reach.browsers_confirmed && ` ${t("reach.browsersOld")}`}
        </p>
      </Section>
      <Section id="ways" title={t("reach.ways")}>
        <ReachForm id={null} reach={reach} pull={pull} />
      </Section>
      <Section id="test" title={t("reach.test")}>
        <SendTest reach={reach} now={now} pull={pull} />
      </Section>
      {reach.others.length > 0 && <Others rows={reach.others} />}
    </>
  );
}

/** For who may set them: colleagues, those that nothing leads to first. */
function Others(props: { rows: ReachOther[] }): JSX.Element {
  const rows = [...props.rows].sort((a, b) => Number(a.ways.length > 0) - Number(b.ways.length > 0));
  return (
    <Section id="others" title={t("reach.others")}>
      <ul class="al-kit-lines">
        {rows.map((one) => (
          <li key={one.id} data-reachable={one.ways.length > 0}>
            <a href={`/team/reach/${one.id}`}>{one.name}</a>, {(wordFor("role", one.role) ?? one.role).toLowerCase()}
            {": "}
            {one.ways.length > 0 ? one.ways.map(wayWords).join(t("reach.then")) : <strong>{t("reach.noWay")}</strong>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
