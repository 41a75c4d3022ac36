// Who has set off, written down before the pendant says that help is coming; and what the pendant was told.
import type { JSX, RefObject } from "preact";
import { useRef, useState } from "preact/hooks";
import { deadline } from "../../core/format";
import { t } from "../../core/words";
import { RESPONDERS, type Responder, type Row } from "../../core/deskTypes";
import type { Actions } from "./useActions";

interface Said {
  who: Responder["who"];
  name: string;
  minutes: string;
}

/** What the person hears from their device now, so that nobody has to guess it on the telephone. */
export function DeviceTold(props: { row: Row; now: Date }): JSX.Element | null {
  const { device_told: told, cancelled_at: cancelled } = props.row;
  if (!told && !cancelled) return null;
  const time = (at: string): string => deadline(new Date(at), props.now);
  return (
    <>
      {cancelled && <p>{t("told.cancelled", { time: time(cancelled) })}</p>}
      {told && (
        <p>
          {told.sent_at
            ? t("told.sent", { what: t(`told.${told.state}`), time: time(told.sent_at) })
            : t("told.waits", { what: t(`told.${told.state}`) })}{" "}
          {told.away && t("told.away")}
        </p>
      )}
    </>
  );
}

export function ResponderForm(props: { row: Row; actions: Actions; onBack: () => void }): JSX.Element {
  const { row, actions } = props;
  const [said, setSaid] = useState<Said>({ who: "key-holder", name: "", minutes: "" });
  const name = useRef<HTMLInputElement>(null);
  const send = (hasSetOff: boolean): void => {
    if (!said.name.trim()) {
      name.current?.focus();
      return;
    }
    const eta_minutes = hasSetOff && said.minutes !== "" ? Number(said.minutes) : null;
    const responder = { who: said.who, name: said.name.trim(), eta_minutes, set_off: hasSetOff };
    // What was typed stays until it is written down: another press may have changed the row meanwhile.
    const done = t(hasSetOff ? "act.sentOff" : "act.notComing");
    void actions.run(row, "responders", responder, done).then((answer) => {
      if (answer) props.onBack();
    });
  };
  return (
    <form
      class="al-close"
      onSubmit={(event) => {
        event.preventDefault();
        send(true);
      }}
    >
      <p class="al-close__legend">{t("responder.what")}</p>
      <WhoChoice who={said.who} onChange={(who) => setSaid({ ...said, who })} />
      <Fields said={said} name={name} onChange={setSaid} />
      <div class="al-actions__buttons al-close__send">
        <button class="al-button" type="submit" aria-disabled={actions.busy !== null}>
          {t("responder.send")}
        </button>
        {row.device_told?.state === "help_coming" && (
          <button class="al-button al-button--quiet" type="button" onClick={() => send(false)}>
            {t("responder.notComing")}
          </button>
        )}
        <button class="al-link-button" type="button" onClick={props.onBack}>
          {t("close.back")}
        </button>
      </div>
    </form>
  );
}

function Fields(props: {
  said: Said;
  name: RefObject<HTMLInputElement>;
  onChange: (said: Said) => void;
}): JSX.Element {
  const { said, onChange } = props;
  return (
    <>
      <label class="nhsuk-label" for="responder-name">
        {t("responder.name")}
      </label>
      <input
        class="nhsuk-input"
        id="responder-name"
        ref={props.name}
        required
        maxLength={120}
        autocomplete="off"
        value={said.name}
        onInput={(event) => onChange({ ...said, name: event.currentTarget.value })}
      />
      <label class="nhsuk-label" for="responder-eta">
        {t("responder.eta")}
      </label>
      <input
        class="nhsuk-input nhsuk-input--width-4"
        id="responder-eta"
        type="number"
        inputMode="numeric"
        min={0}
        max={600}
        step={1}
        value={said.minutes}
        onInput={(event) => onChange({ ...said, minutes: event.currentTarget.value })}
      />
    </>
  );
}

function WhoChoice(props: {
  who: Responder["who"];
  onChange: (who: Responder["who"]) => void;
}): JSX.Element {
  return (
    <>
      <label class="nhsuk-label" for="responder-who">
        {t("responder.who")}
      </label>
      <select
        class="nhsuk-select"
        id="responder-who"
        value={props.who}
        onChange={(event) => {
          const chosen = RESPONDERS.find((one) => one === event.currentTarget.value);
          if (chosen) props.onChange(chosen);
        }}
      >
        {RESPONDERS.map((one) => (
          <option key={one} value={one}>
            {t(`responder.${one}`)}
          </option>
        ))}
      </select>
    </>
  );
}
