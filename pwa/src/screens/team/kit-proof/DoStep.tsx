// Doing a step: a press must be seen to arrive before it can be called proved; what failed is written down too.
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { clockTime } from "../../../core/format";
import type { KitDetail } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { TextField } from "../../../parts/team/Field";
import { ActButton, Disclosure } from "../../../parts/team/KitParts";
import { pressSince } from "./HeardNow";
import { RouteForm } from "./RouteForm";
import type { StepProps } from "./StepCard";

/** No radio reports less than this; it is most likely a slip of the finger. */
const WEAKEST_DBM = -150;
const isPress = (step: string): boolean => step.startsWith("press-");

export function DoStep(props: StepProps): JSX.Element {
  const { kit, step, actions } = props;
  const [note, setNote] = useState("");
  const [signal, setSignal] = useState("");
  const [isWrong, setWrong] = useState(false);
  const place = `proof-${step.step}`;
  const arrived = useArrival(props);
  const send = async (outcome: "proved" | "failed"): Promise<void> => {
    const dbm = step.step === "signal" && signal.trim() ? Number(signal) : null;
    const isSignal = dbm === null || (dbm <= 0 && dbm >= WEAKEST_DBM);
    setWrong(!isSignal);
    if (!isSignal) return document.getElementById("proof-signal")?.focus();
    const answer = await actions.run({
      place,
      path: "installation",
      body: { step: step.step, outcome, note: note.trim(), signal_dbm: dbm },
      version: kit.version,
    });
    if (answer?.kind === "done") props.onDone();
  };
  const busy = actions.busy === place;
  if (step.step === "route" && !kit.route) return <RouteForm kit={kit} actions={actions} place={place} />;
  return (
    <div class="al-proof__do">
      <p>{t(`proofDo.${step.step}`)}</p>
      {step.step === "route" && kit.route && (
        <p>
          <strong>{kit.route.name}</strong>, {kit.route.phone}
        </p>
      )}
      {isPress(step.step) && arrived.line}
      {step.step === "signal" && (
        <TextField
          id="proof-signal"
          inputMode="text"
          label={t("proof.signal")}
          hint={t("proof.signalHint")}
          value={signal}
          maxLength={5}
          error={isWrong ? t("proof.signalWrong") : null}
          onInput={setSignal}
        />
      )}
      {(!isPress(step.step) || arrived.came) && (
        <ActButton words={t("proof.prove")} busy={busy} onClick={() => void send("proved")} />
      )}
      <NotProved note={note} busy={busy} onNote={setNote} onFail={() => void send("failed")} />
    </div>
  );
}

interface Arrival {
  came: boolean;
  line: JSX.Element;
}

/** Only a press that comes after the step was opened counts: an earlier one was from another room. */
function useArrival(props: StepProps): Arrival {
  const { kit, step, now } = props;
  const since = useRef(now.getTime());
  useEffect(() => {
    since.current = Math.max(lastPress(kit) + 1, now.getTime() - 1000);
  }, [step.step]);
  const press = pressSince(kit, since.current);
  const line = (
    <div role="status" class={`al-proof__wait${press ? " al-proof__wait--came" : ""}`}>
      {press
        ? t("proof.came", { what: press.words, time: clockTime(new Date(press.at)) })
        : t("proof.waiting")}
    </div>
  );
  return { came: press !== null, line };
}

function lastPress(kit: KitDetail): number {
  const last = pressSince(kit, 0);
  return last ? Date.parse(last.at) : 0;
}

function NotProved(props: {
  note: string;
  busy: boolean;
  onNote: (note: string) => void;
  onFail: () => void;
}): JSX.Element {
  return (
    <Disclosure summary={t("proof.not")}>
        <TextField
          id="proof-note"
          label={t("proof.notWhy")}
          value={props.note}
          maxLength={500}
          onInput={props.onNote}
        />
        <ActButton
          quiet
          words={t("proof.fail")}
          busy={props.busy}
          onClick={() => {
            if (props.note.trim()) props.onFail();
            else document.getElementById("proof-note")?.focus();
          }}
        />
      </Disclosure>
  );
}
