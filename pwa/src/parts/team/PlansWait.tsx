// One line wherever somebody looks anyway: how many plans wait for a clinician, of everybody or of one person.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { plansWaiting } from "../../core/teamPlan";
import { t } from "../../core/words";
import { useResource } from "../hooks";

export function PlansWait(props: { patient?: string }): JSX.Element | null {
  const { patient } = props;
  const rows = useResource(useMemo(plansWaiting, [])).body?.rows ?? [];
  const n = rows.filter((row) => patient === undefined || row.patient.id === patient).length;
  if (n === 0) return null;
  return (
    <p class="al-notice al-handed">
      {t(patient === undefined ? "plans.waiting" : "plans.waitingHere", { n })}{" "}
      <a href={patient === undefined ? "/team/plans" : `/team/person/${patient}/plan`}>{t("plans.look")}</a>
    </p>
  );
}
