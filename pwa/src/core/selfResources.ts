// What the pages of readings and check-ins look at, kept on the phone so that each opens without a network.
import { keepLine, once } from "./resources";
import type { CheckIns, Questionnaire, Taking, Year } from "./selfTypes";
import type { Resource } from "./sync";
import type { LiveEvent } from "./types";

const measured = (patient: string) => (event: LiveEvent) => event.t === "observation" && event.p === patient;
const about = (patient: string) => (event: LiveEvent) => "p" in event && event.p === patient;
const never = (): boolean => false;

/** What each value would mean for this person, and what their plan says to do then. */
export function takingOf(patient: string): Resource<Taking> {
  return once<Taking>(`taking/${patient}`, `/patients/${patient}/taking`, never, (resource) =>
    resource.view.subscribe(() => {
      const { body, asked } = resource.view.get();
      // Only what the service has just said: an older copy must not bring back a line that was withdrawn.
      if (body && asked) keepLine(body.line?.phone ?? null);
    }),
  );
}

export function yearOf(patient: string): Resource<Year> {
  return once<Year>(`year/${patient}`, `/patients/${patient}/year`, measured(patient));
}

export function checkInsOf(patient: string): Resource<CheckIns> {
  return once<CheckIns>(`check-ins/${patient}`, `/patients/${patient}/check-ins`, about(patient));
}

export function questionnaires(): Resource<{ questionnaires: Questionnaire[] }> {
  return once<{ questionnaires: Questionnaire[] }>("questionnaires", "/questionnaires", never);
}
