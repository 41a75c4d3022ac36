// Whom to ring, as this phone keeps it for before sign-in and unlocking: the team, and the line in place of 999.
import { useEffect, useState } from "preact/hooks";
import { helpFacts } from "../core/resources";
import { t } from "../core/words";
import type { HelpFacts } from "../core/resources";
import type { HomeTeam } from "../core/types";

export interface Whom {
  team: HomeTeam | null;
  line: { name: string; phone: string } | null;
  /** False until it has been looked up. */
  known: boolean;
}

export function useHelpFacts(): Whom {
  const [facts, setFacts] = useState<HelpFacts | null | undefined>(undefined);
  useEffect(() => void helpFacts().then(setFacts), []);
  const line = facts?.line_phone ? { name: t("line.name"), phone: facts.line_phone } : null;
  return { team: facts?.phone ? facts : null, line, known: facts !== undefined };
}
