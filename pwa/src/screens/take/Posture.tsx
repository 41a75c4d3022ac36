// A plain picture of how to sit or stand, because a wrong posture changes the number.
import type { JSX } from "preact";
import { t } from "../../core/words";

export function Posture(props: { kind: "blood-pressure" | "spo2" | "weight" }): JSX.Element {
  return (
    <svg
      class="al-posture"
      viewBox="0 0 320 160"
      width="320"
      height="160"
      role="img"
      aria-label={t(`take.${props.kind}.picture`)}
    >
      {props.kind === "blood-pressure" && <Sitting />}
      {props.kind === "spo2" && <Finger />}
      {props.kind === "weight" && <Standing />}
    </svg>
  );
}

function Sitting(): JSX.Element {
  return (
    <>
      <path class="al-posture__thing" d="M96 50v92M96 104h62M152 104v38M196 88h92M206 88v54M278 88v54" />
      <circle class="al-posture__head" cx="128" cy="28" r="16" />
      <path class="al-posture__body" d="M122 48v52h44v40h18M124 58l34 28h66" />
      <path class="al-posture__kit" d="m140 62 18 15-8 11-19-16Z" />
      <rect class="al-posture__kit" x="240" y="66" width="36" height="22" rx="4" />
    </>
  );
}

function Finger(): JSX.Element {
  return (
    <>
      <path class="al-posture__thing" d="M40 128h240" />
      <path
        class="al-posture__body"
        d="M60 110c30-34 60-36 86-34l66-6c10 0 10 16 0 17l-54 7 70 6c10 2 9 17-2 16l-72-2 44 8c8 2 6 14-3 13l-60-3c-30 2-50-4-75-22Z"
      />
      <rect class="al-posture__kit" x="186" y="60" width="56" height="34" rx="10" />
    </>
  );
}

function Standing(): JSX.Element {
  return (
    <>
      <circle class="al-posture__head" cx="160" cy="22" r="15" />
      <path class="al-posture__body" d="M160 40v52M160 52l-22 34M160 52l22 34M160 92l-12 44M160 92l12 44" />
      <rect class="al-posture__kit" x="112" y="138" width="96" height="14" rx="4" />
      <path class="al-posture__thing" d="M60 153h200" />
    </>
  );
}
