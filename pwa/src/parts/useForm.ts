// A check-in's questions from this phone's copy, and the sitting that asked for it, if any did.
import { useMemo } from "preact/hooks";
import { checkInsOf, questionnaires } from "../core/selfResources";
import type { DueSitting, Questionnaire } from "../core/selfTypes";
import { useResource } from "./hooks";

export interface FormNow {
  form: Questionnaire | null;
  sitting: DueSitting | null;
  asked: boolean;
}

export function useForm(patient: string, id: string): FormNow {
  const all = useResource(useMemo(questionnaires, []));
  const due = useResource(useMemo(() => checkInsOf(patient), [patient]));
  return {
    form: all.body?.questionnaires.find((one) => one.id === id) ?? null,
    sitting: due.body?.due.find(({ ids }) => ids.includes(id)) ?? null,
    asked: all.asked,
  };
}
