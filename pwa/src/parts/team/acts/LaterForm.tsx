// Later, with its end named: put a card aside, or promise to look again. Why is always asked.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { serverNow } from "../../../core/clock";
import type { Row } from "../../../core/deskTypes";
import { deadline } from "../../../core/format";
import { t } from "../../../core/words";
import { momentOf } from "../../../core/wallClock";
import { RadioField, TextField } from "../Field";
import { endsFrom, RECHECKS, SNOOZES } from "./later";
import { SendButton, StepFrame, WordsArea, type StepProps } from "./StepFrame";

export function LaterForm(props: StepProps & { verb: "snooze" | "recheck" }): JSX.Element {
  const { row, now, actions, verb, onBack } = props;
  // Counted once from when the form opened, so that the times offered stand still while somebody reads them.
  const ends = useMemo(() => endsFrom(verb === "snooze" ? SNOOZES[row.level] : RECHECKS, now), []);
  const [chosen, setChosen] = useState("");
  const [at, setAt] = useState("");
  const [why, setWhy] = useState("");
  const [error, setError] = useState<string | null>(null);
  const send = async (): Promise<void> => {
    const minutes = at ? null : (ends.find((end) => String(end.minutes) === chosen)?.minutes ?? null);
    const until = minutes === null ? momentOf(at) : new Date(serverNow().getTime() + minutes * 60_000);
    if (!until || !why.trim()) {
      setError(t(until ? "words.missing" : "later.choose"));
      return;
    }
    setError(null);
    const body = verb === "snooze" ? ending(minutes, until) : { by: until.toISOString() };
    const done = (answer: Row): string => {
      const end = (verb === "snooze" ? answer.snooze?.until : answer.recheck?.by) ?? until.toISOString();
      return t(`later.${verb}Done`, { time: deadline(new Date(end), now) });
    };
    if (await actions.run(row, verb, { ...body, why: why.trim() }, done)) onBack();
  };
  return (
    <StepFrame
      title={t(`act.${verb}`)}
      hint={verb === "snooze" ? t("later.snoozeHint") : undefined}
      error={error}
      onBack={onBack}
      onSubmit={() => void send()}
    >
      <RadioField
        id={`${verb}-end`}
        legend={t(`later.${verb}`)}
        value={chosen}
        choices={ends.map((end) => ({ value: String(end.minutes), words: end.words }))}
        onInput={(value) => {
          setChosen(value);
          setAt("");
        }}
      />
      <TextField id={`${verb}-at`} label={t("later.at")} type="datetime-local" value={at} onInput={setAt} />
      <WordsArea id={`${verb}-why`} label={t("later.why")} value={why} onInput={setWhy} />
      <SendButton words={t(`later.${verb}Do`)} busy={actions.busy !== null} />
    </StepFrame>
  );
}

/** Minutes are counted by the server's clock; a day and time is sent as it was chosen. */
function ending(minutes: number | null, until: Date): object {
  return minutes === null ? { until: until.toISOString() } : { minutes };
}
