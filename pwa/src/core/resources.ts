// The addresses of the server that screens look at, each made once and shared by every screen that shows it.
import { getAudience } from "./api";
import { phoneState } from "./phone";
import { HELP_FACTS, sessionState } from "./session";
import { readSnapshot, writeSnapshot } from "./store";
import { createResource, type Resource } from "./sync";
import { vaultState } from "./vault";
import type { TeamPerson, Worklist } from "./deskTypes";
import type { Home, HomeTeam, LiveEvent, ReadingKind, Series } from "./types";

const made = new Map<string, Resource<unknown>>();

// Nothing that one person saw may be found in memory by the next one.
sessionState.subscribe(() => {
  if (sessionState.get().kind === "out") forgetSeen();
});

// A locked phone shows nothing, so it remembers nothing either.
vaultState.subscribe(() => {
  if (vaultState.get().state === "locked") forgetSeen();
});

/** For when somebody else may go on at the same page. */
export function forgetSeen(): void {
  made.clear();
}

export function once<T>(
  name: string,
  path: string,
  wants: (event: LiveEvent) => boolean,
  then?: (resource: Resource<T>) => void,
  question?: object,
): Resource<T> {
  const known = made.get(name) as Resource<T> | undefined;
  if (known) return known;
  const resource = createResource<T>(name, path, wants, question);
  made.set(name, resource);
  then?.(resource);
  return resource;
}

const about = (patient: string) => (event: LiveEvent) =>
  (event.t === "observation" || event.t === "alert") && event.p === patient;

export function homeOf(patient: string): Resource<Home> {
  return once<Home>(`home/${patient}`, `/patients/${patient}/home`, about(patient), keepHelpFacts);
}

export function seriesOf(patient: string, kind: ReadingKind, days: number): Resource<Series> {
  const wants = (event: LiveEvent): boolean => event.t === "observation" && event.p === patient;
  return once<Series>(
    `series/${patient}/${kind}/${String(days)}`,
    `/patients/${patient}/series?kind=${kind}&days=${String(days)}`,
    wants,
  );
}

/** `from`: how many of the milder ones to leave out; the red ones are on every page. */
export function worklist(from = 0): Resource<Worklist> {
  const page = from > 0 ? `?from=${String(from)}` : "";
  const wants = (event: LiveEvent): boolean => event.t === "alert" || event.t === "quarantine";
  return once<Worklist>(`worklist${page}`, `/worklist${page}`, wants);
}

export function recordOf(patient: string): Resource<TeamPerson> {
  return once<TeamPerson>(`record/${patient}`, `/patients/${patient}/record`, about(patient));
}

/**
 * Help must show the team's number before anybody has signed in, so the number is kept apart from the record. Of the
 * line that stands in place of 999 only the number is kept, without its name, and only on somebody's own phone.
 */
export interface HelpFacts extends HomeTeam {
  line_phone?: string | null;
}

function keepHelpFacts(resource: Resource<Home>): void {
  resource.view.subscribe(() => {
    const team = resource.view.get().body?.team;
    if (team) void keepFacts(team);
  });
}

let kept: Promise<void> = Promise.resolve();

/** One after another: each keeps what the other has said. */
function keepFacts(more: Partial<HelpFacts>): Promise<void> {
  kept = kept.then(async () => {
    const body = { ...NO_TEAM, ...(await helpFacts()), ...more };
    await writeSnapshot(getAudience(), HELP_FACTS, { etag: null, savedAt: Date.now(), body });
  });
  return kept;
}

const NO_TEAM: HelpFacts = { name: "", phone: "", hours: "", watching_now: false, next_watch_at: null };

/** Null: no signed plan says so (any more), and 999 is right. */
export function keepLine(phone: string | null): void {
  if (phoneState.get()?.kind === "own") void keepFacts({ line_phone: phone });
}

export async function helpFacts(): Promise<HelpFacts | null> {
  return (await readSnapshot<HelpFacts>("person", HELP_FACTS))?.body ?? null;
}
