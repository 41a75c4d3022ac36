// What somebody may see, by category in words, until when, and whether they are told when a nurse has seen something.
import type { JSX } from "preact";
import { t } from "../core/words";
import { SCOPES, type Scope } from "../core/circleTypes";
import type { FieldError } from "./ErrorSummary";
import { Switch, TextField } from "./Fields";

export interface AllowedDraft {
  scopes: Scope[];
  /** "2026-12-31"; empty for no end. */
  until: string;
  tell_seen: boolean;
}

export function AllowedFields(props: {
  value: AllowedDraft;
  errors: readonly FieldError[];
  onChange: (more: Partial<AllowedDraft>) => void;
}): JSX.Element {
  const { value, errors, onChange } = props;
  const toggle = (scope: Scope, on: boolean): void =>
    onChange({ scopes: on ? [...value.scopes, scope] : value.scopes.filter((one) => one !== scope) });
  return (
    <>
      <h2 class="al-section" id="scopes" tabIndex={-1}>
        {t("circle.whatMaySee")}
      </h2>
      <p>{t("circle.notPrivate")}</p>
      {SCOPES.map((scope) => (
        <Switch
          key={scope}
          label={t(`scope.${scope}`)}
          hint={t(`scope.hint.${scope}`)}
          on={value.scopes.includes(scope)}
          onChange={(on) => toggle(scope, on)}
        />
      ))}
      <h2 class="al-section">{t("circle.howLong")}</h2>
      <TextField
        id="until"
        type="date"
        label={t("circle.untilDay")}
        hint={t("circle.untilHint")}
        value={value.until}
        errors={errors}
        onInput={(until) => onChange({ until })}
      />
      <Switch
        label={t("circle.tell")}
        hint={t("circle.tellHint")}
        on={value.tell_seen}
        onChange={(tell_seen) => onChange({ tell_seen })}
      />
    </>
  );
}

export function wrongWith(value: AllowedDraft, today: string): FieldError[] {
  const errors: FieldError[] = [];
  if (value.scopes.length === 0) errors.push({ field: "scopes", words: t("circle.noScopes") });
  if (value.until && value.until < today) errors.push({ field: "until", words: t("circle.pastDay") });
  return errors;
}
