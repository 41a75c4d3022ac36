// Who is watching these readings, and whether each device can be relied on.
import type { JSX } from "preact";
import { exactly, whenWords } from "../../core/format";
import { watching } from "../../core/watchingNow";
import { t, wordFor } from "../../core/words";
import type { Home, HomeAlert, Kit } from "../../core/types";

export function TeamLine(props: { home: Home; now: Date; at: number | null }): JSX.Element {
  const { home, now } = props;
  const { team } = home;
  const answered = home.alerts.filter((alert) => alert.seen_at !== null);
  return (
    <section class="al-team" aria-labelledby="team-title">
      <h2 class="al-team__title" id="team-title">
        {team.name}
      </h2>
      <p>{watchWords(home, now, props.at)}</p>
      {home.worry && <p>{worryWords(home.worry, now)}</p>}
      {answered.map((alert) => (
        <p key={alert.id}>{seenWords(alert, now)}</p>
      ))}
    </section>
  );
}

function watchWords(home: Home, now: Date, at: number | null): string {
  if (!home.monitored) return t("watch.none", { status: wordFor("status", home.status) ?? home.status });
  if (watching(home.team, at, now) === "unknown") return t("watch.unknown", { hours: home.team.hours });
  if (home.team.watching_now) return t("watch.now");
  const next = home.team.next_watch_at;
  return next
    ? t("watch.later", { time: exactly(new Date(next), now) })
    : t("watch.hours", { hours: home.team.hours });
}

/** For whoever helps: that their own worry was seen, or that nobody has yet. */
function worryWords(worry: NonNullable<Home["worry"]>, now: Date): string {
  if (worry.seen_at === null) return t("watch.worrySaid", { time: exactly(new Date(worry.said_at), now) });
  return t("watch.worrySeen", { time: exactly(new Date(worry.seen_at), now) });
}

function seenWords(alert: HomeAlert, now: Date): string {
  return t("watch.seen", { time: exactly(new Date(alert.seen_at ?? alert.opened_at), now) });
}

export function KitLines(props: { kit: Kit[]; now: Date }): JSX.Element | null {
  const troubled = props.kit.filter(
    (kit) => kit.state !== "ok" || (kit.battery_pct !== null && kit.battery_pct <= 20),
  );
  if (troubled.length === 0) return null;
  return (
    <section class="al-team" aria-labelledby="kit-title">
      <h2 class="al-team__title" id="kit-title">
        {t("kit.title")}
      </h2>
      <ul class="nhsuk-list">
        {troubled.map((kit) => (
          <li key={kit.id}>{kitWords(kit, props.now)}</li>
        ))}
      </ul>
    </section>
  );
}

function kitWords(kit: Kit, now: Date): string {
  const name = wordFor("device", kit.kind) ?? t("device.other");
  if (kit.state === "never" || !kit.last_seen_at) return t("kit.never", { name });
  if (kit.state === "ok") return t("kit.battery", { name, n: kit.battery_pct ?? 0 });
  return t("kit.silent", { name, when: whenWords(new Date(kit.last_seen_at), now) });
}
