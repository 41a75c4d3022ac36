// Waiting for the first reading, and saying what came, with its value and both its times, when it is there.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { clockTime } from "../../../core/format";
import type { Joining } from "../../../core/caseTypes";
import { seriesOf } from "../../../core/resources";
import type { ReadingKind, ReadingValue, SeriesPoint, ValueCode } from "../../../core/types";
import { t, wordFor } from "../../../core/words";
import { useResource } from "../../../parts/hooks";
import { Digits, valuesWords } from "../../../parts/Reading";
import { agoWords } from "../../../parts/team/kitWords";
import { useSeconds } from "../../../parts/team/useOften";

const KINDS: readonly string[] = ["blood-pressure", "spo2", "pulse", "weight"];
const CODES: readonly ValueCode[] = ["systolic", "diastolic", "spo2", "pulse", "weight"];

export function FirstReading(props: { joining: Joining }): JSX.Element {
  const { joining } = props;
  const first = joining.first_reading;
  return (
    <section class="al-first" aria-labelledby="first-title">
      <h2 class="al-section" id="first-title">
        {t("join.first")}
      </h2>
      <div role="status" class={first ? "al-arrived" : "al-first__wait"}>
        {first ? (
          <Came patient={joining.patient?.id ?? ""} first={first} />
        ) : (
          <p>{t(joining.kit.length > 0 ? "join.waiting" : "join.waitingNoKit")}</p>
        )}
      </div>
      {!first && joining.kit.length > 0 && <p class="al-quiet">{t("join.waitingHelp")}</p>}
    </section>
  );
}

function Came(props: { patient: string; first: NonNullable<Joining["first_reading"]> }): JSX.Element {
  const { patient, first } = props;
  const now = useSeconds();
  const kind = wordFor("kind", first.kind) ?? wordFor("askWord", first.kind) ?? first.kind;
  return (
    <>
      <p class="al-first__value">
        {kind} {KINDS.includes(first.kind) && <Value patient={patient} kind={first.kind as ReadingKind} at={first.at} />}
      </p>
      <p>
        {t("join.came", {
          time: clockTime(new Date(first.at)),
          received: clockTime(new Date(first.received_at)),
          ago: agoWords(first.received_at, now),
        })}
      </p>
    </>
  );
}

function Value(props: { patient: string; kind: ReadingKind; at: string }): JSX.Element {
  const view = useResource(
    useMemo(() => seriesOf(props.patient, props.kind, 14), [props.patient, props.kind]),
  );
  const points = view.body?.points ?? [];
  const point = points.find((one) => Date.parse(one.effective_at) === Date.parse(props.at));
  const unit = view.body?.unit ?? "";
  return <>{point ? <Digits>{valuesWords(valuesOf(point, unit))}</Digits> : null}</>;
}

function valuesOf(point: SeriesPoint, unit: string): ReadingValue[] {
  return CODES.flatMap((code) => {
    const value = point.values[code];
    return value === undefined ? [] : [{ code, value, special: null, unit }];
  });
}

