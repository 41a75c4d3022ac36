// A row of the worklist as one sentence a nurse would say aloud.
import { nhsNumber } from "../../core/format";
import { t, wordFor } from "../../core/words";
import type { Row, RowPatient } from "../../core/types";
import type { LevelName } from "../Level";

export function rowLevel(row: Row): LevelName {
  return row.rule.includes("silent") ? "no-data" : row.level;
}

/** "Woman, 78, lives alone, key safe KS-12": what decides how fast somebody has to go. */
export function whoWords(patient: RowPatient): string {
  const facts = [`${t(`gender.${patient.gender}`)}, ${String(patient.age)}`];
  if (patient.lives_alone) facts.push(t("row.alone"));
  if (patient.key_safe_reference) facts.push(t("row.keySafe", { reference: patient.key_safe_reference }));
  return facts.join(" · ");
}

export function nameWords(row: Row): string {
  return row.patient?.display_name ?? t("row.unassigned");
}

export function nhsWords(patient: RowPatient): string {
  return t("row.nhs", { number: nhsNumber(patient.nhs_number) });
}

export function outcomeWords(outcome: string): string {
  return wordFor("outcome", outcome) ?? outcome;
}
