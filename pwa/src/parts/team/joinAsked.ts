// What each page of adding a person asks: one list of questions a page.
import { YES_NO, YES_NO_UNKNOWN, type Draft, type Question } from "../../core/asked";
import type { BoardWords } from "../../core/caseTypes";

const text = (id: string, more: Partial<Question> = {}): Question => ({ id, kind: "text", ...more });
const radio = (id: string, values: readonly string[], more: Partial<Question> = {}): Question => ({
  id,
  kind: "radio",
  values,
  ...more,
});

export const WHO: Question[] = [
  text("given_name", { needed: true, most: 100 }),
  text("family_name", { needed: true, most: 100 }),
  { id: "birth_date", kind: "born", needed: true },
  radio("gender", ["female", "male", "other", "unknown"], { needed: true }),
  radio("checked_by", ["document", "asked", "referral"], { needed: true }),
];

export const REACH: Question[] = [
  { id: "phone", kind: "tel", most: 40 },
  { id: "second_phone", kind: "tel", most: 40 },
  text("address", { most: 200 }),
  text("postcode", { most: 10 }),
  text("gp_ods_code", { most: 10 }),
];

export const HOME: Question[] = [
  radio("lives_alone", YES_NO_UNKNOWN, { needed: true }),
  text("key_safe_reference", { most: 60 }),
];

export const CONTACT: Question[] = [
  radio("relation", ["next-of-kin", "key-holder", "carer", "other"], { needed: true }),
  text("contact_name", { needed: true, most: 120 }),
  { id: "contact_phone", kind: "tel", most: 40 },
  { id: "tell", kind: "check" },
];

export const isOtherTongue = (draft: Draft): boolean => (draft["language"] ?? "en") !== "en";

export const NEEDS: Question[] = [
  {
    id: "language",
    kind: "select",
    needed: true,
    values: ["en", "cy", "pl", "ro", "pa", "ur", "bn", "gu", "ar", "pt", "es", "tr", "so", "zh", "bfi"],
  },
  radio("interpreter", YES_NO, { needed: true, when: isOtherTongue }),
  text("hearing", { most: 300 }),
  text("sight", { most: 300 }),
  text("reach_how", { most: 300 }),
  radio("rescue_pack", YES_NO_UNKNOWN, { needed: true }),
  text("rescue_pack_where", { most: 200, when: (draft) => draft["rescue_pack"] === "yes" }),
];

export const isAgreed = (draft: Draft): boolean => draft["monitoring"] === "yes";
export const isDoubted = (draft: Draft): boolean =>
  isAgreed(draft) && (draft["doubt"] === "yes" || draft["how"] === "best-interests");
const assessed = (one: Question): Question => ({ ...one, needed: true, when: isDoubted });

export const CAPACITY: Question[] = [
  text("cap_decision", { most: 300 }),
  radio("outcome", ["has", "lacks", "fluctuates"]),
  { id: "cap_evidence", kind: "long", most: 1000 },
  text("assessed_by", { most: 120 }),
  { id: "assessed_on", kind: "date" },
  { id: "cap_review_on", kind: "date" },
];

export const CONSENT: Question[] = [
  radio("monitoring", YES_NO, { needed: true }),
  radio("how", ["spoken", "written", "best-interests"], { needed: true, when: isAgreed }),
  radio("doubt", YES_NO, {
    needed: true,
    when: (draft) => isAgreed(draft) && draft["how"] !== "best-interests",
  }),
  ...CAPACITY.map(assessed),
];

export const BASES = [
  "invitation",
  "lpa-health-and-welfare",
  "lpa-property-and-finance",
  "deputy",
  "best-interests",
] as const;

export const PROXY: Question[] = [
  text("proxy_name", { needed: true, most: 120 }),
  { id: "proxy_phone", kind: "tel", most: 40 },
  radio("basis", BASES, { needed: true }),
  text("decision", { needed: true, most: 300 }),
  { id: "evidence", kind: "long", needed: true, most: 1000 },
  text("granted_by", { needed: true, most: 120 }),
  { id: "review_on", kind: "date", needed: true },
  { id: "scopes", kind: "checks", values: ["readings", "alerts", "add-readings", "plan"], needed: true },
];

export const TRUTHS = [
  "home_oxygen",
  "spo2_scale2",
  "heart_failure",
  "atrial_fibrillation",
  "anticoagulant",
  "blood_pressure_treated",
  "insulin",
  "sulfonylurea",
  "sglt2_inhibitor",
  "type1",
  "immunosuppressed",
] as const;
export const QUANTITIES = [
  "oxygen_litres",
  "usual_spo2",
  "usual_systolic_low",
  "usual_systolic_high",
  "dry_weight",
  "personal_best_peak_flow",
] as const;
/** Beside which truth a quantity is asked. */
export const ORDER = [
  "home_oxygen",
  "oxygen_litres",
  "usual_spo2",
  "spo2_scale2",
  "heart_failure",
  "dry_weight",
  "blood_pressure_treated",
  "usual_systolic_low",
  "usual_systolic_high",
  "atrial_fibrillation",
  "anticoagulant",
  "insulin",
  "sulfonylurea",
  "sglt2_inhibitor",
  "type1",
  "immunosuppressed",
  "personal_best_peak_flow",
] as const;

export const isTruth = (id: string): boolean => (TRUTHS as readonly string[]).includes(id);

export const FACTS: Question[] = ORDER.map((id) => {
  if (isTruth(id)) return radio(id, YES_NO_UNKNOWN);
  const when = (draft: Draft): boolean => draft["home_oxygen"] === "yes";
  return { id, kind: "number", most: 6, ...(id === "oxygen_litres" ? { when } : {}) };
});

export function boardAsked(words: BoardWords): Question[] {
  return [
    radio("channel", words.channel),
    radio("ethnicity", words.ethnicity),
    radio("board_language", words.language),
    radio("disability", words.disability),
    radio("digital_access", words.digital_access),
    {
      id: "deprivation_decile",
      kind: "select",
      values: Array.from({ length: 10 }, (_, index) => String(index + 1)),
    },
  ];
}
