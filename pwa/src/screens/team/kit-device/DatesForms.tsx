// Ending who wears it, and putting right from when to when: asked twice when readings would be left behind.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { KitAnswer } from "../../../core/kit";
import type { KitDetail, Wearer } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { fieldTime, momentOf } from "../../../core/wallClock";
import { TextField } from "../../../parts/team/Field";
import { ActButton, useIsInstaller } from "../../../parts/team/KitParts";
import { wearerName } from "../../../parts/team/kitWords";
import type { KitActions } from "../../../parts/team/useKitActions";

const PLACE = "wearers";

interface FormProps {
  now: Date;
  wearer: Wearer;
  actions: KitActions;
  onBack: () => void;
}

/** The code of a refusal, or null when it was no refusal of the server's. */
export function refusalCode(answer: KitAnswer<unknown> | null): string | null {
  return answer?.kind === "refused" ? (answer.error.problem?.code ?? null) : null;
}

/** Readings stored outside the new dates stay with the person only when somebody says so. */
export function StrandedQuestion(props: {
  answer: KitAnswer<unknown> | null;
  busy: boolean;
  onKeep: () => void;
}): JSX.Element | null {
  const isInstaller = useIsInstaller();
  if (refusalCode(props.answer) !== "readings-stranded") return null;
  return (
    <div class="al-kit-stranded">
      <p>{t("wear.stranded")}</p>
      <div class="al-actions__buttons">
        <ActButton quiet words={t("wear.keep")} busy={props.busy} onClick={props.onKeep} />
        {!isInstaller && (
          <a class="al-button al-button--quiet" href="/team/quarantine">
            {t("wear.toDesk")}
          </a>
        )}
      </div>
    </div>
  );
}

export function Buttons(props: { words: string; busy: boolean; onDo: () => void; onBack: () => void }): JSX.Element {
  return (
    <div class="al-actions__buttons">
      <ActButton words={props.words} busy={props.busy} onClick={props.onDo} />
      <button class="al-link-button" type="button" onClick={props.onBack}>
        {t("close.back")}
      </button>
    </div>
  );
}

const moment = (text: string): string | null => (text ? (momentOf(text)?.toISOString() ?? null) : null);

export function EndForm(props: FormProps): JSX.Element {
  const { now, wearer, actions, onBack } = props;
  const [at, setAt] = useState("");
  const [answer, setAnswer] = useState<KitAnswer<KitDetail> | null>(null);
  const send = async (readings: "ask" | "keep"): Promise<void> => {
    const said = await actions.run({
      place: PLACE,
      path: `wearers/${wearer.id}/end`,
      body: { at: moment(at), readings },
      version: wearer.version,
      done: t("wear.ended", { who: wearerName(wearer) }),
    });
    if (said?.kind === "done") onBack();
    else setAnswer(said);
  };
  const busy = actions.busy === PLACE;
  return (
    <div class="al-kit-form">
      <p class="al-close__legend">{t("wear.endTitle", { who: wearerName(wearer) })}</p>
      <TextField
        id="end-at"
        type="datetime-local"
        label={t("wear.endAt")}
        hint={t("wear.fromHint")}
        max={fieldTime(now)}
        value={at}
        onInput={setAt}
      />
      <StrandedQuestion answer={answer} busy={busy} onKeep={() => void send("keep")} />
      <Buttons words={t("wear.endDo")} busy={busy} onDo={() => void send("ask")} onBack={onBack} />
    </div>
  );
}

export function DatesForm(props: FormProps): JSX.Element {
  const { now, wearer, actions, onBack } = props;
  const [from, setFrom] = useState(wearer.from ? fieldTime(new Date(wearer.from)) : "");
  const [until, setUntil] = useState(wearer.until ? fieldTime(new Date(wearer.until)) : "");
  const [answer, setAnswer] = useState<KitAnswer<KitDetail> | null>(null);
  const send = async (readings: "ask" | "keep"): Promise<void> => {
    const said = await actions.run({
      place: PLACE,
      path: `wearers/${wearer.id}/dates`,
      // A date nobody touched goes back as it was, to the second; the field only shows minutes.
      body: {
        from: wearer.from && from === fieldTime(new Date(wearer.from)) ? wearer.from : moment(from),
        until: wearer.until && until === fieldTime(new Date(wearer.until)) ? wearer.until : moment(until),
        readings,
      },
      version: wearer.version,
      done: t("wear.dated"),
    });
    if (said?.kind === "done") onBack();
    else setAnswer(said);
  };
  const busy = actions.busy === PLACE;
  const field = (id: string, label: string, value: string, onInput: (value: string) => void): JSX.Element => (
    <TextField
      id={id}
      type="datetime-local"
      label={label}
      max={fieldTime(now)}
      value={value}
      onInput={onInput}
    />
  );
  return (
    <div class="al-kit-form">
      <p class="al-close__legend">{t("wear.datesTitle", { who: wearerName(wearer) })}</p>
      {field("dates-from", t("wear.began"), from, setFrom)}
      {field("dates-until", t("wear.ends"), until, setUntil)}
      <StrandedQuestion answer={answer} busy={busy} onKeep={() => void send("keep")} />
      <Buttons words={t("wear.datesDo")} busy={busy} onDo={() => void send("ask")} onBack={onBack} />
    </div>
  );
}
