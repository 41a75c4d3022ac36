// Which page draws which step, and what each page gets to work with.
import type { ComponentType } from "preact";
import type { Joining } from "../../../core/caseTypes";
import type { Resource } from "../../../core/sync";
import { CONSENT, HOME, NEEDS, REACH, WHO } from "../../../parts/team/joinAsked";
import type { Step } from "../../../parts/team/joinSteps";
import type { Changing } from "../../../parts/team/useChange";
import { CheckPage } from "./CheckPage";
import { BoardPage, ConsentPage, NeedsPage, ReachPage, WhoPage } from "./AskedPages";
import { ContactsPage, HelpersPage } from "./ListPages";
import { FactsPage } from "./FactsPage";
import { KitPage } from "./KitPage";
import { LivePage } from "./LivePage";
import { NumberPage } from "./NumberPage";
import { PathwaysPage } from "./PathwaysPage";
import { PhonePage } from "./PhonePage";
import { TargetsPage } from "./TargetsPage";

export interface StepPage {
  joining: Joining;
  step: Step;
  resource: Resource<Joining>;
  changing: Changing;
  /** Sends a step; the draft as it then is, or null when it was refused and `changing` says why. */
  save: (path: string, body: unknown) => Promise<Joining | null>;
  /** To a page, or the next one. */
  go: (to?: Step) => void;
}

export const STEP_PAGES: Record<Step, ComponentType<StepPage>> = {
  "nhs-number": NumberPage,
  who: WhoPage,
  reach: ReachPage,
  contacts: ContactsPage,
  needs: NeedsPage,
  consent: ConsentPage,
  helpers: HelpersPage,
  pathways: PathwaysPage,
  targets: TargetsPage,
  facts: FactsPage,
  board: BoardPage,
  check: CheckPage,
  kit: KitPage,
  phone: PhonePage,
  live: LivePage,
};

/** Fields that a refusal of the server may be shown at. */
export function fieldsOf(step: Step): string[] {
  const asked = { who: WHO, reach: REACH, contacts: HOME, needs: NEEDS, consent: CONSENT }[step as string] ?? [];
  const own = step === "nhs-number" ? ["nhs_number"] : step === "kit" ? ["device"] : [];
  return [...asked.map((one) => one.id), ...own];
}
