// One kind of reading on today: its age first, the value large, its level, and one sentence.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { daysBetween, weekday, calendarDate } from "../../core/format";
import { t } from "../../core/words";
import type { Year } from "../../core/selfTypes";
import type { LatestTile, ReadingKind } from "../../core/types";
import { Fill } from "../../parts/Fill";
import { useLate } from "../../parts/Late";
import { Level, tileLevel, type LevelName } from "../../parts/Level";
import { Digits, firstCode, isStale, rangeWords, Reading } from "../../parts/Reading";

const years = (): Promise<typeof import("../../core/year")> => import("../../core/year");

export function Tile(props: { tile: LatestTile; now: Date; year: Year | null }): JSX.Element {
  const { tile, now } = props;
  const stale = isStale(tile, now);
  const level = tileLevel(tile, stale);
  return (
    <li class="al-tile">
      <h3 class="al-tile__kind">
        <a class="al-tile__link" href={`/readings/${tile.kind}`}>
          {t(`kind.${tile.kind}`)}
        </a>
      </h3>
      {tile.effective_at ? (
        <Reading
          kind={tile.kind}
          values={tile.values}
          effectiveAt={tile.effective_at}
          now={now}
          stale={stale}
          quality={tile.quality}
        />
      ) : null}
      {level && (
        <p class="al-tile__level">
          <Level level={level} words={levelWords(tile, level)} />
        </p>
      )}
      <p class="al-tile__sentence">
        {!stale && !isAlarming(tile) && <Trend kind={tile.kind} year={props.year} />}
        <Sentence tile={tile} stale={stale} now={now} />
      </p>
    </li>
  );
}

function levelWords(tile: LatestTile, level: LevelName): string {
  if (level === "emergency" || level === "urgent") return t("tile.actNow");
  if (level === "soon") return t(tile.state === "below" ? "level.below" : "level.above");
  return t(`level.${level}`);
}

function Sentence(props: { tile: LatestTile; stale: boolean; now: Date }): JSX.Element {
  const { tile, stale, now } = props;
  if (!tile.effective_at) return <>{t("tile.never")}</>;
  if (stale) {
    return (
      <>
        {t("tile.noneSince", { day: since(new Date(tile.effective_at), now) })} <TakeOne kind={tile.kind} />
      </>
    );
  }
  const range = rangeWords(firstCode(tile.kind), tile.range);
  if (!range) return <>{t("tile.noRange")}</>;
  return (
    <Fill
      words={tile.kind === "blood-pressure" ? "tile.rangeTop" : "tile.range"}
      gaps={{ range: <Digits>{range}</Digits> }}
    />
  );
}

/** Beside a value that needs action "about the same" would be false calm. */
function isAlarming(tile: LatestTile): boolean {
  return tile.level === "emergency" || tile.level === "urgent" || tile.level === "soon";
}

/** "Lower than last week.": the last 7 days beside the 7 before, and nothing where either is missing. */
function Trend(props: { kind: ReadingKind; year: Year | null }): JSX.Element | null {
  const { kind, year } = props;
  const cut = useLate(years);
  const series = useMemo(() => year && cut && cut.seriesFrom(year, kind, 7), [year, cut, kind]);
  const { direction } = series?.summary ?? { direction: null };
  return direction ? <>{t(`tile.week.${direction}`)} </> : null;
}

/** Pulse comes with the other readings, so there is nothing to take for it alone. */
function TakeOne(props: { kind: ReadingKind }): JSX.Element | null {
  if (props.kind === "pulse") return null;
  return (
    <a class="al-tile__take" href={`/take/${props.kind}`} aria-label={t(`now.${props.kind}`)}>
      {t("tile.takeOne")}
    </a>
  );
}

function since(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  if (days <= 0) return t("tile.today");
  if (days === 1) return t("tile.yesterday");
  return days < 7 ? weekday(at) : calendarDate(at);
}
