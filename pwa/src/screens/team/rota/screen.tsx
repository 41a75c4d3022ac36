// A week of the rota: who is on call, who is duty manager, and where nobody is, said a day ahead in words.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import { rotaOf } from "../../../core/caseload";
import type { Rota, Shift } from "../../../core/rotaTypes";
import { calendarDate, clockTime, exactly, longDay } from "../../../core/format";
import type { Resource } from "../../../core/sync";
import { t, wordFor } from "../../../core/words";
import { fieldTime } from "../../../core/wallClock";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { NotThere } from "../../../parts/team/CaseParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { Unreachable } from "../../../parts/team/Unreachable";
import { AddShift } from "./AddShift";
import { TakeOut } from "./TakeOut";

export const address = "/team/rota";

const DAY_MS = 86_400_000;

export function Screen(): JSX.Element {
  const now = useNow();
  const { query } = useRoute();
  const day = query["day"] ?? "";
  const resource = useMemo(() => rotaOf(day), [day]);
  const view = useResource(resource);
  return (
    <Page title={t("rota.title")} caption={view.body?.team.name} header={<TeamHeader />} wide>
      <SyncStatus view={view} now={now} />
      {view.body ? (
        <Week rota={view.body} now={now} resource={resource} />
      ) : (
        <NotThere view={view} refused="rota.refused" />
      )}
    </Page>
  );
}

interface WeekProps {
  rota: Rota;
  now: Date;
  resource: Resource<Rota>;
}

const ROLES = ["on-call", "duty-manager"] as const;
const roleWords = (role: string): string => wordFor("rotaRole", role) ?? role;
/** Midday of the nth day, whatever the clocks do in between. */
const middayOf = (rota: Rota, n: number): Date => new Date(Date.parse(rota.from) + n * DAY_MS + DAY_MS / 2);
const dayName = (at: Date): string => fieldTime(at).slice(0, 10);

function Week(props: WeekProps): JSX.Element {
  const { rota, now, resource } = props;
  const days = Array.from({ length: 7 }, (_, n) => middayOf(rota, n));
  return (
    <>
      <Now rota={rota} now={now} />
      <nav class="al-rota__weeks" aria-label={t("rota.weeks")}>
        <a href={`/team/rota?day=${dayName(middayOf(rota, -7))}`}>{t("rota.before")}</a>
        <a href="/team/rota">{t("rota.thisWeek")}</a>
        <a href={`/team/rota?day=${dayName(middayOf(rota, 7))}`}>{t("rota.after")}</a>
      </nav>
      <h2 class="al-section">
        {t("rota.week", { from: calendarDate(middayOf(rota, 0)), to: calendarDate(middayOf(rota, 6)) })}
      </h2>
      <ol class="al-rota">
        {days.map((day) => (
          <Day key={day.getTime()} day={day} {...props} />
        ))}
      </ol>
      {rota.may_change ? <AddShift rota={rota} resource={resource} /> : <p>{t("rota.notYou")}</p>}
    </>
  );
}

/** Who is on now, and the gaps of the next 24 hours: the only thing here that somebody has to act on. */
function Now(props: { rota: Rota; now: Date }): JSX.Element {
  const { rota, now } = props;
  return (
    <>
      {rota.gaps.length > 0 && (
        <div class="al-kit-trouble" role="status">
          {rota.gaps.map((gap) => (
            <p key={gap.role + gap.from}>
              <strong>{t("rota.gap", { role: roleWords(gap.role).toLowerCase() })}</strong>{" "}
              {t("rota.gapTimes", { from: exactly(new Date(gap.from), now), to: exactly(new Date(gap.to), now) })}
            </p>
          ))}
        </div>
      )}
      {rota.gaps.length === 0 && <p>{t("rota.noGap")}</p>}
      <Unreachable rows={rota.unreachable} now={now} />
      {!rota.last_rung.reached && (
        <div class="al-kit-trouble" role="status">
          <p>
            <strong>{t("rota.noLast")}</strong> {t(rota.last_rung.alarm_centre ? "rota.noLastCentre" : "rota.noLastLine")}
          </p>
        </div>
      )}
      <p>
        {rota.on_now.length > 0
          ? t("rota.now", {
              who: rota.on_now.map((one) => `${roleWords(one.role)}: ${one.practitioner.name}`).join("; "),
            })
          : t("rota.nobodyNow")}
      </p>
    </>
  );
}

function Day(props: WeekProps & { day: Date }): JSX.Element {
  const { rota, day, now } = props;
  const name = dayName(day);
  const shifts = rota.rows.filter((shift) => touches(shift, name));
  const missing = ROLES.filter((role) => !shifts.some((shift) => shift.role === role));
  const isFirst = (shift: Shift): boolean => shift.from >= rota.from ? beginsOn(shift, name) : name === dayName(middayOf(rota, 0));
  const isToday = name === dayName(now);
  return (
    <li class={`al-rota__day${isToday ? " al-rota__day--today" : ""}`} data-day={name}>
      <h3 class="al-rota__name">{isToday ? t("rota.today", { day: longDay(day) }) : longDay(day)}</h3>
      {missing.map((role) => (
        <p key={role} class="al-rota__none">
          {t("rota.nobody", { role: roleWords(role).toLowerCase() })}
        </p>
      ))}
      {shifts.length > 0 && (
        <ul class="al-rota__shifts">
          {shifts.map((shift) => (
            <li key={shift.id}>
              <strong>{shift.practitioner.name}</strong>, {roleWords(shift.role).toLowerCase()}
              <br />
              <span class="al-quiet">{timesWords(shift, day)}</span>
              {rota.may_change && isFirst(shift) && <TakeOut shift={shift} day={day} resource={props.resource} />}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** True when a shift runs on that day; one that ends at its midnight does not. */
function touches(shift: Shift, day: string): boolean {
  const begins = dayName(new Date(shift.from));
  const ends = dayName(new Date(Date.parse(shift.to) - 1));
  return begins <= day && day <= ends;
}

const beginsOn = (shift: Shift, day: string): boolean => dayName(new Date(shift.from)) === day;

/** "8pm to 8am, Tuesday 24 November" on the day it begins; afterwards only what is new: "all day", "until 8am". */
function timesWords(shift: Shift, day: Date): string {
  const [from, to] = [new Date(shift.from), new Date(shift.to)];
  const endsToday = dayName(new Date(to.getTime() - 1)) === dayName(day);
  if (beginsOn(shift, dayName(day))) {
    const end = endsToday ? clockTime(to) : `${clockTime(to)}, ${longDay(to)}`;
    return t("rota.times", { from: clockTime(from), to: end });
  }
  return endsToday ? t("rota.until", { to: clockTime(to) }) : t("rota.allDay");
}
