// A person's plan for a page: what the server last said, and over it what waits on this phone.
import { useMemo } from "preact/hooks";
import { drawnOver } from "../../core/outbox";
import { drawPlan, type DrawnPlan } from "../../core/planPending";
import { planOf } from "../../core/planResources";
import type { Plan } from "../../core/planTypes";
import type { Viewer } from "../../core/planWords";
import type { View } from "../../core/sync";
import type { PatientChoice } from "../../core/types";
import { useOutbox, useResource } from "../hooks";

export interface PlanSeen {
  view: View<Plan>;
  plan: Plan | null;
  drawn: DrawnPlan | null;
  viewer: Viewer;
}

export function usePlan(patient: PatientChoice): PlanSeen {
  const view = useResource(planOf(patient.id));
  const outbox = useOutbox();
  const plan = view.body;
  const drawn = useMemo(() => {
    const waiting = new Set(outbox.items.map(({ id }) => id));
    return plan && drawPlan(plan, drawnOver(patient.id, view.at), (id) => waiting.has(id));
  }, [plan, outbox, patient.id, view.at]);
  return { view, plan, drawn, viewer: { isSelf: patient.relation === "self", name: patient.display_name } };
}
