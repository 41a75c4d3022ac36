// The addresses of the server that screens look at, each made once and shared by every screen that shows it.
import { getAudience } from "./api";
import { HELP_FACTS, sessionState } from "./session";
import { readSnapshot, writeSnapshot } from "./store";
import { createResource, type Resource } from "./sync";
import type { TeamPerson, Worklist } from "./deskTypes";
import type { Home, HomeTeam, LiveEvent, ReadingKind, Series } from "./types";

const made = new Map<string, Resource<unknown>>();

// Nothing that one person saw may be found in memory by the next one.
sessionState.subscribe(() => {
  if (sessionState.get().kind === "out") forgetSeen();
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

/** Help must show the team's number before anybody has signed in, so the number is kept apart from the record. */
function keepHelpFacts(resource: Resource<Home>): void {
  resource.view.subscribe(() => {
    const team = resource.view.get().body?.team;
    if (team) void writeSnapshot(getAudience(), HELP_FACTS, { etag: null, savedAt: Date.now(), body: team });
  });
}

export async function helpFacts(): Promise<HomeTeam | null> {
  return (await readSnapshot<HomeTeam>("person", HELP_FACTS))?.body ?? null;
}
