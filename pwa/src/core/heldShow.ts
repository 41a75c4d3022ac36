// What a change that the service holds back would make of the plan, in the shape that the plan's own screens draw.
import type { PlanShow } from "./planTasks";
import type { Goal, SectionBody, Task } from "./planTypes";

type Fields = Record<string, unknown>;

/** What stands now, as a refusal says it: any of a part, a goal or a thing to do, or nothing. */
interface Standing {
  title?: string;
  version?: number;
  ticks?: Task["ticks"];
}

type Make = (id: string, body: Fields, stands: Required<Standing>) => PlanShow;

const section: Make = (id, body, { title, version }) => {
  const said = { body: body["body"] as SectionBody, private: body["private"] === true };
  return { kind: "section", section: id, title, ...said, after: version + 1 };
};
const agree: Make = (id, _body, { title, version }) => ({ kind: "agree", section: id, title, after: version });
const goal: Make = (id, body, { version }) => {
  const made = { ...body, id, version, edited: null } as unknown as Goal;
  return { kind: "goal", goal: made, after: version + 1 };
};
const task: Make = (id, body, { version, ticks }) => {
  const made = { ...body, id, version, ticks, edited: null } as unknown as Task;
  return { kind: "task", task: made, after: version + 1 };
};

const PLACES: readonly [RegExp, Make][] = [
  [/\/plan\/sections\/([^/]+)\/agree$/, agree],
  [/\/plan\/sections\/([^/]+)$/, section],
  [/\/goals\/([^/]+)$/, goal],
  [/\/todo\/([^/]+)$/, task],
];

/** Null when it is nothing that two people can both have changed; then `body` says what it was. */
export function heldShow(path: string, body: Fields | null, current: unknown): PlanShow | null {
  if (!body) return null;
  const stands = { title: "", version: 0, ticks: [], ...(current as Standing | undefined) };
  for (const [pattern, make] of PLACES) {
    const id = pattern.exec(path)?.[1];
    if (id !== undefined) return make(id, body, stands);
  }
  return null;
}
