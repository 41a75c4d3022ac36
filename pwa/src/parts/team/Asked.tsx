// Draws what a form asks: one control for each question, with its hint and what is wrong with the answer.
import type { JSX } from "preact";
import { isAsked, listOf, valueWords, type Draft, type Question } from "../../core/asked";
import { t, wordFor } from "../../core/words";
import { FieldErrorMessage } from "../ErrorSummary";
import { CheckField, RadioField, SelectField, TextField } from "./Field";

export interface AskedProps {
  asked: readonly Question[];
  draft: Draft;
  errors: readonly { field: string | null; words: string }[];
  /** Stands before each field's id, where a page asks the same of several. */
  prefix?: string;
  onChange: (part: Draft) => void;
}

export function Asked(props: AskedProps): JSX.Element {
  return (
    <>
      {props.asked
        .filter((one) => isAsked(one, props.draft))
        .map((one) => (
          <Control key={one.id} {...props} one={one} />
        ))}
    </>
  );
}

interface ControlProps extends AskedProps {
  one: Question;
}

function Control(props: ControlProps): JSX.Element {
  const { one } = props;
  const same = sameOf(props);
  const set = same.onInput;
  if (one.kind === "born") return <BornField {...same} />;
  if (one.kind === "long") return <LongField {...same} most={one.most ?? 1000} />;
  if (one.kind === "checks") return <ChecksField {...same} one={one} />;
  if (one.kind === "check")
    return <CheckField {...same} checked={same.value === "yes"} onInput={(on) => set(on ? "yes" : "no")} />;
  if (one.kind === "radio") return <RadioField {...same} legend={same.label} choices={choicesOf(one)} />;
  if (one.kind === "select")
    return <SelectField {...same} choices={[{ value: "", words: t("ask.choose") }, ...choicesOf(one)]} />;
  return <TextField {...same} {...lookOf(one)} />;
}

/** What every control gets. */
function sameOf(props: ControlProps): ValueProps {
  const { one } = props;
  const id = (props.prefix ?? "") + one.id;
  const hint = wordFor("askHint", one.id);
  return {
    id,
    label: labelWords(one),
    error: props.errors.find((wrong) => wrong.field === id)?.words ?? null,
    value: props.draft[one.id] ?? "",
    onInput: (value) => props.onChange({ [one.id]: value }),
    ...(hint ? { hint } : {}),
  };
}

/** Without a mark a question has to be answered; what may be left out says so. */
function labelWords(one: Question): string {
  const words = one.label ?? wordFor("ask", one.id) ?? one.id;
  const isText = !["radio", "check", "checks"].includes(one.kind);
  return one.needed || !isText ? words : t("ask.optional", { what: words });
}

function choicesOf(one: Question): { value: string; words: string }[] {
  return (one.values ?? []).map((value) => ({ value, words: valueWords(one, value) }));
}

function lookOf(one: Question): { type: "text" | "date" | "datetime-local" | "tel"; maxLength: number } {
  const type = { date: "date", moment: "datetime-local", tel: "tel" } as const;
  const kind = one.kind as keyof typeof type;
  return { type: type[kind] ?? "text", maxLength: one.most ?? 200 };
}

interface ValueProps {
  id: string;
  label: string;
  hint?: string;
  error: string | null;
  value: string;
  onInput: (value: string) => void;
}

function about(props: ValueProps): string | undefined {
  const ids = [props.hint ? `${props.id}-hint` : "", props.error ? `${props.id}-error` : ""].filter(Boolean);
  return ids.join(" ") || undefined;
}

function Notes(props: ValueProps): JSX.Element {
  return (
    <>
      {props.hint && (
        <div class="nhsuk-hint" id={`${props.id}-hint`}>
          {props.hint}
        </div>
      )}
      {props.error && <FieldErrorMessage id={`${props.id}-error`}>{props.error}</FieldErrorMessage>}
    </>
  );
}

const PARTS = ["day", "month", "year"] as const;

/** A date somebody knows by heart is typed in three fields; a calendar would be scrolled for eighty years. */
function BornField(props: ValueProps): JSX.Element {
  const [year = "", month = "", day = ""] = props.value.split("-");
  const said = { day, month, year };
  const set = (part: (typeof PARTS)[number], value: string): void => {
    const next = { ...said, [part]: value.replace(/\D/g, "") };
    props.onInput(`${next.year}-${next.month}-${next.day}`);
  };
  return (
    <div class={`nhsuk-form-group al-field${props.error ? " nhsuk-form-group--error" : ""}`}>
      <fieldset class="nhsuk-fieldset" aria-describedby={about(props)}>
        <legend class="nhsuk-fieldset__legend al-field__legend">{props.label}</legend>
        <Notes {...props} />
        <div class="nhsuk-date-input">
          {PARTS.map((part) => (
            <div key={part} class="nhsuk-date-input__item">
              <label class="nhsuk-label nhsuk-date-input__label" for={part === "day" ? props.id : `${props.id}-${part}`}>
                {t(`ask.${part}`)}
              </label>
              <input
                class={`nhsuk-input al-input al-born__${part}${props.error ? " nhsuk-input--error" : ""}`}
                id={part === "day" ? props.id : `${props.id}-${part}`}
                inputMode="numeric"
                autocomplete="off"
                maxLength={part === "year" ? 4 : 2}
                value={said[part]}
                onInput={(event) => set(part, event.currentTarget.value)}
              />
            </div>
          ))}
        </div>
      </fieldset>
    </div>
  );
}

function LongField(props: ValueProps & { most: number }): JSX.Element {
  return (
    <div class={`nhsuk-form-group al-field${props.error ? " nhsuk-form-group--error" : ""}`}>
      <label class="nhsuk-label" for={props.id}>
        {props.label}
      </label>
      <Notes {...props} />
      <textarea
        class={`nhsuk-textarea${props.error ? " nhsuk-textarea--error" : ""}`}
        id={props.id}
        rows={3}
        maxLength={props.most}
        aria-describedby={about(props)}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </div>
  );
}

function ChecksField(props: ValueProps & { one: Question }): JSX.Element {
  const chosen = props.value.split(",").filter(Boolean);
  const turn = (value: string, on: boolean): void =>
    props.onInput((on ? [...chosen, value] : chosen.filter((other) => other !== value)).join(","));
  return (
    <div class={`nhsuk-form-group al-field${props.error ? " nhsuk-form-group--error" : ""}`}>
      <fieldset class="nhsuk-fieldset" aria-describedby={about(props)}>
        <legend class="nhsuk-fieldset__legend al-field__legend">{props.label}</legend>
        <Notes {...props} />
        <div class="nhsuk-checkboxes">
          {(props.one.values ?? []).map((value, index) => (
            <Box
              key={value}
              id={index === 0 ? props.id : `${props.id}-${value}`}
              words={valueWords(props.one, value)}
              hint={wordFor("askWordHint", `${props.one.id}.${value}`)}
              checked={listOf({ said: props.value }, "said").includes(value)}
              onTurn={(on) => turn(value, on)}
            />
          ))}
        </div>
      </fieldset>
    </div>
  );
}

export function Box(props: {
  id: string;
  words: string;
  hint: string | null;
  checked: boolean;
  onTurn: (on: boolean) => void;
}): JSX.Element {
  return (
    <div class="nhsuk-checkboxes__item">
      <input
        class="nhsuk-checkboxes__input"
        id={props.id}
        type="checkbox"
        checked={props.checked}
        aria-describedby={props.hint ? `${props.id}-says` : undefined}
        onChange={(event) => props.onTurn(event.currentTarget.checked)}
      />
      <label class="nhsuk-label nhsuk-checkboxes__label" for={props.id}>
        {props.words}
      </label>
      {props.hint && (
        <div class="nhsuk-hint nhsuk-checkboxes__hint" id={`${props.id}-says`}>
          {props.hint}
        </div>
      )}
    </div>
  );
}
