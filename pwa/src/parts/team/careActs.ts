// What may be done about a person's being watched in each status, and what each asks.
import type { Draft, Question } from "../../core/asked";
import { dayOf, textOf } from "../../core/asked";
import type { Care } from "../../core/caseTypes";
import { momentOf } from "../../core/wallClock";
import { choiceQuestions, choicesOf } from "./ruleChoices";

export const ACTS = [
  "choices",
  "review",
  "pause",
  "admission",
  "resume",
  "home",
  "phone",
  "ending",
  "death",
  "death-undo",
] as const;
export type Act = (typeof ACTS)[number];

export function isAct(text: string): text is Act {
  return (ACTS as readonly string[]).includes(text);
}

export function actsOf(care: Care): Act[] {
  if (care.died_on) return ["death-undo"];
  if (care.status === "ended") return ["phone", "death"];
  const pause = care.pauses.find((one) => one.is_now);
  const now: Act[] = pause ? [pause.kind === "admission" ? "home" : "resume"] : ["pause", "admission"];
  // Until somebody has chosen the rule runs with its own number, and nothing of it goes live.
  const open: Act[] = care.rule_conflicts.length > 0 ? ["choices"] : [];
  return [...open, "review", ...now, "phone", "ending", "death"];
}

const until: Question = { id: "until", kind: "moment", needed: true };

export const ACT_ASKED: Partial<Record<Act, Question[]>> = {
  review: [
    { id: "note", kind: "long", most: 1000 },
    { id: "next_due", kind: "date", needed: true },
  ],
  pause: [until, { id: "reason", kind: "text", needed: true, most: 300 }],
  admission: [until, { id: "where", kind: "text", needed: true, most: 300 }],
  ending: [
    {
      id: "end_reason",
      kind: "radio",
      values: ["goals-reached", "wish", "moved-away", "care-home", "not-suitable", "other"],
      needed: true,
    },
    { id: "note", kind: "long", most: 500 },
  ],
  death: [
    { id: "died_on", kind: "date", needed: true },
    { id: "note", kind: "long", most: 500 },
  ],
  "death-undo": [{ id: "why", kind: "text", needed: true, most: 300 }],
};

/** What an act asks about this person. */
export function askedOf(act: Act, care: Care): Question[] {
  return act === "choices" ? choiceQuestions(care.rule_conflicts) : (ACT_ASKED[act] ?? []);
}

export interface Sent {
  path: string;
  body: unknown;
}

const instant = (draft: Draft): string => momentOf(draft["until"] ?? "")?.toISOString() ?? "";
const note = (draft: Draft): string => textOf(draft, "note") ?? "";

/** Where an act is sent and with what. */
export function sentOf(act: Act, care: Care, draft: Draft): Sent {
  const pause = care.pauses.find((one) => one.is_now)?.id ?? "";
  const away = (kind: string, reason: string): Sent => ({
    path: "pauses",
    body: { kind, from: null, until: instant(draft), reason: textOf(draft, reason) ?? "" },
  });
  // The same pathways as now: what is not named among those somebody waits for would be taken away.
  const pathways = care.enrolments.filter((one) => one.status !== "ended").map((one) => one.pathway);
  const sent: Record<Act, () => Sent> = {
    choices: () => ({
      path: "pathways",
      body: { pathways, limits: [], choices: choicesOf(care.rule_conflicts, draft) },
    }),
    review: () => ({ path: "reviews", body: { note: note(draft), next_due: dayOf(draft["next_due"] ?? "") } }),
    pause: () => away("pause", "reason"),
    admission: () => away("admission", "where"),
    resume: () => ({ path: `pauses/${pause}/end`, body: { discharged: false } }),
    home: () => ({ path: `pauses/${pause}/end`, body: { discharged: true } }),
    phone: () => ({ path: "", body: {} }),
    ending: () => ({ path: "ending", body: { reason: draft["end_reason"] ?? "", note: note(draft) } }),
    death: () => ({ path: "death", body: { died_on: dayOf(draft["died_on"] ?? ""), note: note(draft) } }),
    "death-undo": () => ({ path: "death/undo", body: { why: textOf(draft, "why") ?? "" } }),
  };
  return sent[act]();
}
