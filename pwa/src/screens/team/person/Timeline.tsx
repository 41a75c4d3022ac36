// What happened, newest first, a day at a time.
import type { JSX } from "preact";
import { calendarDate, clockTime } from "../../../core/format";
import { t } from "../../../core/words";
import { Reading } from "../../../parts/Reading";
import type { TeamPerson } from "../../../core/deskTypes";
import type { ReadingKind } from "../../../core/types";

type Event = TeamPerson["timeline"][number];

function byDay(events: Event[]): { day: string; events: Event[] }[] {
  const days: { day: string; events: Event[] }[] = [];
  for (const event of [...events].sort((a, b) => b.at.localeCompare(a.at))) {
    const day = calendarDate(new Date(event.at));
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({ day, events: [event] });
  }
  return days;
}

/** What custody asks for: the code whose value a reading of this kind always has. */
const FIRST_CODE: Record<ReadingKind, string> = {
  "blood-pressure": "systolic",
  spo2: "spo2",
  pulse: "pulse",
  weight: "weight",
  temperature: "temperature",
  glucose: "glucose",
  "peak-flow": "peak-flow",
};

export function Timeline(props: { events: Event[]; patient: string; now: Date }): JSX.Element {
  return (
    <section aria-labelledby="timeline-title">
      <h2 class="al-section" id="timeline-title">
        {t("person.timeline")}
      </h2>
      {props.events.length === 0 && <p>{t("person.nothingYet")}</p>}
      {byDay(props.events).map(({ day, events }) => (
        <div key={day}>
          <h3 class="al-timeline__day">{day}</h3>
          <ol class="al-timeline">
            {events.map((event) => (
              <li key={event.at + event.words} class={`al-timeline__event al-timeline__event--${event.kind}`}>
                <time class="al-timeline__time" dateTime={event.at}>
                  {clockTime(new Date(event.at))}
                </time>
                <span>
                  {event.words}
                  {event.reading && (
                    <>
                      {" "}
                      <Reading {...event.reading} effectiveAt={event.at} now={props.now} size="row" />{" "}
                      <a
                        class="al-timeline__steps"
                        href={`/team/person/${props.patient}/custody?${new URLSearchParams({
                          at: event.at,
                          code: FIRST_CODE[event.reading.kind],
                        }).toString()}`}
                        aria-label={t("custody.open")}
                      >
                        {t("custody.short")}
                      </a>
                    </>
                  )}
                </span>
              </li>
            ))}
          </ol>
        </div>
      ))}
    </section>
  );
}
