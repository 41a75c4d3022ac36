// What was typed on this phone and is not in the service's answer yet: shown at once, and marked for what it is.
import type { JSX } from "preact";
import { pendingReadings } from "../core/selfReadings";
import { receivedState } from "../core/outbox";
import { t } from "../core/words";
import type { ReadingKind } from "../core/types";
import { useValue } from "./hooks";
import { inOrder, Reading } from "./Reading";

export function NotSentTiles(props: {
  patient: string;
  at: number | null;
  now: Date;
  kind?: ReadingKind;
}): JSX.Element | null {
  const received = useValue(receivedState);
  const pending = pendingReadings(props.patient, props.at, props.kind);
  if (pending.length === 0) return null;
  return (
    <>
      <h2 class="nhsuk-u-visually-hidden">{t("notSent.title")}</h2>
      <ul class="al-tiles">
        {pending.map(({ id, reading, values, effectiveAt, state }) => (
          <li class="al-tile al-tile--plain" key={id}>
            <h3 class="al-tile__kind">{t(`kind.${reading}`)}</h3>
            <Reading kind={reading} values={inOrder(reading, values)} effectiveAt={effectiveAt} now={props.now} />
            <p class="al-tile__sentence">{stateWords(received.has(id), state)}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

function stateWords(isReceived: boolean, state: string): string {
  if (isReceived) return t("take.received");
  return t(state === "refused" || state === "needs-you" ? "saved.refused" : "notSent.yet");
}
