// One step of the proof: what to do in the home, what came of it, and one button that says it is proved.
import type { JSX } from "preact";
import { exactly } from "../../../core/format";
import type { KitDetail, StepProof } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { KitNoticeLine } from "../../../parts/team/KitParts";
import type { KitActions } from "../../../parts/team/useKitActions";
import { DoStep } from "./DoStep";

export interface StepProps {
  kit: KitDetail;
  step: StepProof;
  done: boolean;
  open: boolean;
  now: Date;
  actions: KitActions;
  onOpen: () => void;
  onDone: () => void;
}

export function StepCard(props: StepProps): JSX.Element {
  const { step, done, open, actions } = props;
  const look = done ? " al-proof__step--done" : step.outcome === "failed" ? " al-proof__step--failed" : "";
  return (
    <li class={`al-proof__step${look}${open ? " al-proof__step--open" : ""}`} data-step={step.step}>
      <h2 class="al-proof__name">{t(`proofStep.${step.step}`)}</h2>
      <p class="al-proof__state">
        <StepMark step={step} done={done} /> {stateWords(props)}
      </p>
      {step.signal_dbm !== null && <p>{t("proof.dbm", { n: step.signal_dbm })}</p>}
      {open ? (
        <DoStep {...props} />
      ) : (
        <button
          class="al-button al-button--quiet"
          type="button"
          aria-label={t(done ? "proof.againLong" : "proof.openLong", { step: t(`proofStep.${step.step}`) })}
          onClick={props.onOpen}
        >
          {t(done ? "proof.again" : "proof.open")}
        </button>
      )}
      <KitNoticeLine place={`proof-${step.step}`} actions={actions} />
    </li>
  );
}

function stateWords(props: StepProps): string {
  const { step, done, now } = props;
  if (!step.outcome || !step.at) return t("proof.notDone");
  const said = { by: step.by ?? t("kitAct.somebody"), when: exactly(new Date(step.at), now) };
  const note = step.note ? ` ${step.note}` : "";
  if (done) return t("proof.done", said) + note;
  if (step.outcome === "failed") return t("proof.failed", said) + note;
  return t("proof.stale", said) + note;
}

function StepMark(props: { step: StepProof; done: boolean }): JSX.Element {
  const failed = props.step.outcome === "failed";
  return (
    <svg class="al-proof__mark" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" focusable="false">
      {props.done ? (
        <>
          <circle cx="12" cy="12" r="11" fill="currentColor" />
          <path d="m6.5 12.5 3.7 3.7 7.3-8" fill="none" stroke="#fff" stroke-width="3" />
        </>
      ) : failed ? (
        <>
          <path d="M12 1.5 23.5 22H0.5Z" fill="currentColor" />
          <path d="M12 9v6m0 2.4v.4" stroke="#fff" stroke-width="2.5" stroke-linecap="round" />
        </>
      ) : (
        <circle cx="12" cy="12" r="9.5" fill="none" stroke="currentColor" stroke-width="3" stroke-dasharray="5 4" />
      )}
    </svg>
  );
}
