// The nurse's own cards, chosen one by one or all, and offered to a colleague or the team.
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { giveCards } from "../../../core/desk";
import type { HandoverMade } from "../../../core/cardTypes";
import type { Row } from "../../../core/deskTypes";
import { clockTime } from "../../../core/format";
import { t } from "../../../core/words";
import { ErrorSummary, type FieldError } from "../../../parts/ErrorSummary";
import { TakerField } from "../../../parts/team/acts/HandForm";
import { WordsArea } from "../../../parts/team/acts/StepFrame";
import { CardLine } from "./CardLine";

export function Give(props: { rows: Row[]; now: Date }): JSX.Element {
  const { rows, now } = props;
  // What is offered already waits for somebody; it is not offered twice by itself.
  const free = rows.filter((row) => row.handover === null);
  const giving = useGiving(free);
  const { chosen, made, errors } = giving;
  return (
    <section class="al-handover__part" aria-labelledby="give-title">
      <h2 class="al-section" id="give-title">
        {t("handover.mine")}
      </h2>
      <div role="status">{made && <Made made={made} />}</div>
      {free.length === 0 ? (
        <p>{t("handover.none")}</p>
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void giving.send();
          }}
        >
          <ErrorSummary errors={errors} />
          <Cards free={free} chosen={chosen} now={now} onChange={giving.choose} />
          <TakerField
            value={giving.to}
            error={errors.find((error) => error.field === "hand-to")?.words ?? null}
            onInput={giving.setTo}
          />
          <WordsArea
            id="hand-note"
            label={t("handover.note")}
            value={giving.note}
            onInput={giving.setNote}
          />
          <button class="al-button" type="submit" aria-disabled={giving.busy}>
            {t("handover.do", { n: chosen.size })}
          </button>
        </form>
      )}
    </section>
  );
}

function Cards(props: {
  free: Row[];
  chosen: ReadonlySet<string>;
  now: Date;
  onChange: (ids: string[]) => void;
}): JSX.Element {
  const { free, chosen, now, onChange } = props;
  const isAll = free.every((row) => chosen.has(row.id));
  const toggle = (id: string, isOn: boolean): void =>
    onChange(isOn ? [...chosen, id] : [...chosen].filter((one) => one !== id));
  return (
    <fieldset class="nhsuk-fieldset al-field">
      <legend class="nhsuk-u-visually-hidden">{t("handover.mine")}</legend>
      <button
        class="al-link-button"
        type="button"
        onClick={() => onChange(isAll ? [] : free.map((row) => row.id))}
      >
        {t(isAll ? "handover.clear" : "handover.all")}
      </button>
      <div class="nhsuk-checkboxes">
        {free.map((row, index) => (
          <div key={row.id} class="nhsuk-checkboxes__item">
            <input
              class="nhsuk-checkboxes__input"
              id={index === 0 ? "hand-cards" : `hand-${row.id}`}
              type="checkbox"
              checked={chosen.has(row.id)}
              onChange={(event) => toggle(row.id, event.currentTarget.checked)}
            />
            <label
              class="nhsuk-label nhsuk-checkboxes__label"
              for={index === 0 ? "hand-cards" : `hand-${row.id}`}
            >
              <CardLine row={row} now={now} plain />
            </label>
          </div>
        ))}
      </div>
    </fieldset>
  );
}

function Made(props: { made: HandoverMade }): JSX.Element {
  const { rows, refused, to, due_at: due } = props.made;
  return (
    <div class="al-notice">
      {rows.length > 0 && (
        <p>{t("handover.done", { n: rows.length, to, time: clockTime(new Date(due)) })}</p>
      )}
      {refused.length > 0 && <p>{t("handover.refused", { n: refused.length })}</p>}
    </div>
  );
}

interface Giving {
  chosen: ReadonlySet<string>;
  choose: (ids: string[]) => void;
  to: string;
  setTo: (to: string) => void;
  note: string;
  setNote: (note: string) => void;
  errors: FieldError[];
  busy: boolean;
  made: HandoverMade | null;
  send: () => Promise<void>;
}

function useGiving(free: Row[]): Giving {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState<HandoverMade | null>(null);
  const key = useRef(crypto.randomUUID());
  // A card that has gone meanwhile is not chosen any more.
  const cards = free.filter((row) => ids.has(row.id));
  const send = async (): Promise<void> => {
    const lacks: FieldError[] = [];
    if (cards.length === 0) lacks.push({ field: "hand-cards", words: t("handover.noCards") });
    if (!to) lacks.push({ field: "hand-to", words: t("handover.noOne") });
    setErrors(lacks);
    if (lacks.length > 0 || busy) return;
    setBusy(true);
    const answer = await giveCards({ to, note: note.trim(), cards, key: key.current });
    setBusy(false);
    if (answer.kind === "refused") {
      setErrors([{ field: null, words: answer.words ?? t("act.notSent") }]);
      return;
    }
    key.current = crypto.randomUUID();
    setMade(answer.made);
    setIds(new Set());
    setNote("");
  };
  return {
    chosen: new Set(cards.map((row) => row.id)),
    choose: (next) => setIds(new Set(next)),
    to,
    setTo,
    note,
    setNote,
    errors,
    busy,
    made,
    send,
  };
}
