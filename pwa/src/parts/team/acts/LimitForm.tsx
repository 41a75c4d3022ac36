// Changes one person's limit from the card: tried on the last 90 days first, and saved only as it was shown.
import type { JSX } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { ApiError } from "../../../core/api";
import type { CareLimits, Rehearsal } from "../../../core/cardTypes";
import { limitsOf, rehearse, saveLimit, type LimitAsked } from "../../../core/desk";
import type { Row } from "../../../core/deskTypes";
import { t, wordFor } from "../../../core/words";
import { useResource } from "../../hooks";
import { SelectField, TextField } from "../Field";
import { codeOfRule } from "../ruleKind";
import { rangeOf } from "../rowWords";
import { Rehearsed } from "./Rehearsed";
import { SendButton, StepFrame, WordsArea, type StepProps } from "./StepFrame";

export function LimitForm(props: StepProps): JSX.Element {
  const patient = props.row.patient?.id ?? "";
  const resource = useMemo(() => limitsOf(patient), [patient]);
  const view = useResource(resource);
  const [done, setDone] = useState<string | null>(null);
  const limits = view.body;
  const words = done ?? (limits && !limits.may_change ? t("limit.notYours") : null);
  if (!limits || words)
    return (
      <StepFrame title={t("limit.title")} onBack={props.onBack}>
        <p role="status">{words ?? t("limit.opening")}</p>
      </StepFrame>
    );
  const finish = (): void => {
    void resource.pull();
    setDone(t("limit.saved"));
  };
  return <Change patient={patient} limits={limits} row={props.row} onBack={props.onBack} onDone={finish} />;
}

interface Draft {
  code: string;
  low: string;
  high: string;
  reason: string;
}

interface ChangeProps {
  patient: string;
  limits: CareLimits;
  row: Row;
  onBack: () => void;
  onDone: () => void;
}

function draftOf(limits: CareLimits, code: string, reason: string): Draft {
  const limit = limits.limits.find((one) => one.code === code);
  return { code, low: limit?.low ?? "", high: limit?.high ?? "", reason };
}

function firstDraft(limits: CareLimits, row: Row): Draft {
  const watched = codeOfRule(row.rule);
  const code = limits.limits.find((one) => one.code === watched) ?? limits.limits[0];
  return draftOf(limits, code?.code ?? watched ?? "spo2", "");
}

function Change(props: ChangeProps): JSX.Element {
  const { limits } = props;
  const [draft, setDraft] = useState<Draft>(() => firstDraft(limits, props.row));
  const { shown, busy, error, send, change } = useLimit(props, draft, setDraft);
  const limit = limits.limits.find((one) => one.code === draft.code);
  const codes = limits.limits.map((one) => one.code);
  return (
    <StepFrame title={t("limit.title")} error={error} onBack={props.onBack} onSubmit={() => void send()}>
      <SelectField
        id="limit-code"
        label={t("limit.which")}
        value={draft.code}
        {...(limit && { hint: t("limit.now", { range: rangeOf(limit), source: limit.source }) })}
        choices={(codes.includes(draft.code) ? codes : [draft.code, ...codes]).map((code) => ({
          value: code,
          words: wordFor("code", code) ?? code,
        }))}
        onInput={(code) => change(draftOf(limits, code, draft.reason))}
      />
      <div class="al-close__pair">
        <TextField
          id="limit-low"
          label={t("limit.low")}
          value={draft.low}
          onInput={(low) => change({ ...draft, low })}
        />
        <TextField
          id="limit-high"
          label={t("limit.high")}
          value={draft.high}
          onInput={(high) => change({ ...draft, high })}
        />
      </div>
      {shown && <Rehearsed found={shown} />}
      {shown && (
        <WordsArea
          id="limit-why"
          label={t("limit.why")}
          value={draft.reason}
          onInput={(reason) => setDraft({ ...draft, reason })}
        />
      )}
      <SendButton words={t(busy ? "limit.trying" : shown ? "limit.save" : "limit.try")} busy={busy} />
    </StepFrame>
  );
}

function lackOf(draft: Draft, isSaving: boolean): "limit.missing" | "words.missing" | null {
  if (!draft.low.trim() && !draft.high.trim()) return "limit.missing";
  return isSaving && !draft.reason.trim() ? "words.missing" : null;
}

function refusal(cause: unknown): string {
  if (!(cause instanceof ApiError)) return t("act.notSent");
  const { problem, status } = cause;
  if (problem?.code === "rehearsal-changed") return t("limit.moved");
  if (status === 412) return t("limit.taken");
  return Object.values(problem?.errors ?? {}).flat().join(" ") || (problem?.detail ?? t("act.notSent"));
}

interface Trying {
  shown: Rehearsal | null;
  busy: boolean;
  error: string | null;
  /** Try the range, or save the one that was tried. */
  send: () => Promise<void>;
  /** Another range than the one that was tried has to be tried anew. */
  change: (draft: Draft) => void;
}

function useLimit(props: ChangeProps, draft: Draft, setDraft: (draft: Draft) => void): Trying {
  const [shown, setShown] = useState<Rehearsal | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const key = useRef(crypto.randomUUID());
  const asked: LimitAsked = { code: draft.code, low: draft.low.trim() || null, high: draft.high.trim() || null };
  const version = props.limits.limits.find((one) => one.code === draft.code)?.version ?? 0;
  const refuse = (cause: unknown): void => {
    const problem = cause instanceof ApiError ? cause.problem : null;
    if (problem?.code === "rehearsal-changed") setShown(problem.current as Rehearsal);
    setError(refusal(cause));
  };
  const tryOrSave = async (): Promise<void> => {
    if (!shown) {
      setShown(await rehearse(props.patient, asked));
      return;
    }
    const limit = { ...asked, reason: draft.reason.trim(), rehearsal: shown.token };
    await saveLimit(props.patient, limit, version, key.current);
    props.onDone();
  };
  const send = async (): Promise<void> => {
    if (busy) return;
    const lack = lackOf(draft, shown !== null);
    setError(lack ? t(lack) : null);
    if (lack) return;
    setBusy(true);
    await tryOrSave().catch(refuse);
    setBusy(false);
  };
  const change = (next: Draft): void => {
    key.current = crypto.randomUUID();
    setShown(null);
    setDraft(next);
  };
  return { shown, busy, error, send, change };
}
