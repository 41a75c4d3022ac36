// How the answers of adding a person go to the server and come back: an empty answer is null, which is not known.
import { dayOf, listOf, saidTruth, textOf, truthOf, type Draft } from "../../core/asked";
import type {
  Board,
  Capacity,
  Consent,
  Contact,
  Contacts,
  Facts,
  Identity,
  Needs,
  Proxy,
} from "../../core/caseTypes";
import { isAgreed, isDoubted, isOtherTongue, isTruth, ORDER, QUANTITIES, TRUTHS } from "./joinAsked";

const plain = (values: object): Draft =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, typeof value === "string" ? value : ""]),
  );

export const identityDraft = (said: Identity | null): Draft => (said ? plain(said) : {});

export function identityBody(draft: Draft, nhsNumber: string, before: Identity | null): Identity {
  const kept = { ...identityDraft(before), ...draft };
  const said = (id: string): string => (kept[id] ?? "").trim();
  const born = dayOf(kept["birth_date"] ?? "") ?? "";
  return {
    nhs_number: nhsNumber,
    given_name: said("given_name"),
    family_name: said("family_name"),
    birth_date: born,
    gender: said("gender"),
    checked_by: said("checked_by"),
    phone: textOf(kept, "phone"),
    second_phone: textOf(kept, "second_phone"),
    address: textOf(kept, "address"),
    postcode: textOf(kept, "postcode"),
    gp_ods_code: textOf(kept, "gp_ods_code"),
  };
}

export const homeDraft = (said: Contacts | null): Draft => ({
  lives_alone: saidTruth(said?.lives_alone, said !== null),
  key_safe_reference: said?.key_safe_reference ?? "",
});

export const contactDraft = (said: Contact): Draft => ({
  relation: said.relation,
  contact_name: said.name,
  contact_phone: said.phone ?? "",
  tell: said.tell ? "yes" : "no",
});

export const contactBody = (draft: Draft): Contact => ({
  relation: draft["relation"] ?? "",
  name: textOf(draft, "contact_name") ?? "",
  phone: textOf(draft, "contact_phone"),
  tell: draft["tell"] === "yes",
});

export function needsDraft(said: Needs | null): Draft {
  if (!said) return {};
  return {
    ...plain(said),
    reach_how: said.reach ?? "",
    interpreter: said.interpreter === null ? "" : saidTruth(said.interpreter, true),
    rescue_pack: saidTruth(said.rescue_pack, true),
  };
}

export const needsBody = (draft: Draft): Needs => ({
  language: textOf(draft, "language"),
  interpreter: isOtherTongue(draft) ? truthOf(draft, "interpreter") : false,
  hearing: textOf(draft, "hearing"),
  sight: textOf(draft, "sight"),
  reach: textOf(draft, "reach_how"),
  rescue_pack: truthOf(draft, "rescue_pack"),
  rescue_pack_where: draft["rescue_pack"] === "yes" ? textOf(draft, "rescue_pack_where") : null,
});

export function consentDraft(said: Consent | null): Draft {
  if (!said) return {};
  const capacity = said.capacity;
  return {
    monitoring: said.monitoring ? "yes" : "no",
    how: said.how,
    doubt: capacity ? "yes" : "no",
    ...(capacity
      ? { ...plain(capacity), cap_decision: capacity.decision, cap_evidence: capacity.evidence, cap_review_on: capacity.review_on }
      : {}),
  };
}

function capacityBody(draft: Draft): Capacity | null {
  if (!isDoubted(draft)) return null;
  return {
    decision: textOf(draft, "cap_decision") ?? "",
    outcome: draft["outcome"] ?? "",
    evidence: textOf(draft, "cap_evidence") ?? "",
    assessed_by: textOf(draft, "assessed_by") ?? "",
    assessed_on: draft["assessed_on"] ?? "",
    review_on: draft["cap_review_on"] ?? "",
  };
}

export const consentBody = (draft: Draft, before: Consent | null): Consent => ({
  monitoring: isAgreed(draft),
  how: draft["how"] ?? "spoken",
  capacity: capacityBody(draft),
  proxies: before?.proxies ?? [],
});

export const proxyDraft = (said: Proxy): Draft => ({
  ...plain(said),
  proxy_name: said.name,
  proxy_phone: said.phone ?? "",
  scopes: said.scopes.join(","),
});

export const proxyBody = (draft: Draft): Proxy => ({
  name: textOf(draft, "proxy_name") ?? "",
  phone: textOf(draft, "proxy_phone"),
  basis: draft["basis"] ?? "",
  decision: textOf(draft, "decision") ?? "",
  evidence: textOf(draft, "evidence") ?? "",
  granted_by: textOf(draft, "granted_by") ?? "",
  review_on: draft["review_on"] ?? "",
  scopes: listOf(draft, "scopes"),
});

export const factsDraft = (said: Facts | null): Draft =>
  Object.fromEntries(
    ORDER.map((id) => {
      const value = said?.[id] ?? null;
      return [id, typeof value === "string" ? value : isTruth(id) ? saidTruth(value, said !== null) : ""];
    }),
  );

export const factsBody = (draft: Draft): Facts => ({
  ...Object.fromEntries(TRUTHS.map((id) => [id, truthOf(draft, id)])),
  ...Object.fromEntries(
    QUANTITIES.map((id) => [
      id,
      id === "oxygen_litres" && draft["home_oxygen"] !== "yes" ? null : textOf(draft, id),
    ]),
  ),
});

export const boardDraft = (said: Board | null): Draft =>
  said
    ? {
        ...plain(said),
        board_language: said.language ?? "",
        deprivation_decile: said.deprivation_decile === null ? "" : String(said.deprivation_decile),
      }
    : {};

export const boardBody = (draft: Draft): Board => ({
  ethnicity: textOf(draft, "ethnicity"),
  language: textOf(draft, "board_language"),
  disability: textOf(draft, "disability"),
  digital_access: textOf(draft, "digital_access"),
  channel: textOf(draft, "channel"),
  deprivation_decile: draft["deprivation_decile"] ? Number(draft["deprivation_decile"]) : null,
});
