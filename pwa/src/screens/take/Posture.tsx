// A plain picture of how to sit or stand, because a wrong posture changes the number.
import type { JSX } from "preact";
import { t } from "../../core/words";
import type { ReadingKind } from "../../core/types";

const PICTURES: Record<ReadingKind, () => JSX.Element> = {
  "blood-pressure": Sitting,
  spo2: Finger,
  weight: Standing,
  pulse: Wrist,
  temperature: Mouth,
  glucose: Drop,
  "peak-flow": Blowing,
};

export function Posture(props: { kind: ReadingKind }): JSX.Element {
  const Picture = PICTURES[props.kind];
  return (
    <svg
      class="al-posture"
      viewBox="0 0 320 160"
      width="320"
      height="160"
      role="img"
      aria-label={t(`take.${props.kind}.picture`)}
    >
      <Picture />
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

function Wrist(): JSX.Element {
  return (
    <>
      <path class="al-posture__thing" d="M40 140h240" />
      <path class="al-posture__body" d="M30 104h112c34 0 46-12 78-10 30 2 52 8 62 10 10 3 8 15-2 15l-52-1c-24 12-58 10-86 10H30" />
      <path class="al-posture__body" d="M120 20c2 30 10 52 22 78M146 18c0 30 6 52 18 76" />
      <circle class="al-posture__kit" cx="152" cy="106" r="7" />
    </>
  );
}

function Mouth(): JSX.Element {
  return (
    <>
      <path class="al-posture__body" d="M120 150v-26c-22-10-34-30-34-52 0-36 26-58 60-58s56 22 58 52l14 26-14 6v20c0 10-8 14-18 14h-16v18" />
      <path class="al-posture__body" d="M204 104h-22" />
      <path class="al-posture__kit" d="m190 100 82-26 3 9-82 26Z" />
      <circle class="al-posture__head" cx="172" cy="66" r="3" />
    </>
  );
}

function Drop(): JSX.Element {
  return (
    <>
      <path class="al-posture__body" d="M36 62h116c16 0 24 8 24 18s-8 18-24 18H36" />
      <path class="al-posture__body" d="M146 72c10 0 16 4 18 8" />
      <path class="al-posture__kit" d="M178 84c8 8 12 14 12 20a11 11 0 0 1-22 0c0-6 4-12 10-20Z" />
      <rect class="al-posture__thing" x="206" y="62" width="78" height="80" rx="10" />
      <path class="al-posture__thing" d="M206 106h-22M220 80h50v26h-50z" />
    </>
  );
}

function Blowing(): JSX.Element {
  return (
    <>
      <circle class="al-posture__head" cx="118" cy="30" r="17" />
      <path class="al-posture__body" d="M118 50v56M118 106l-14 44M118 106l14 44M118 62l40 12 14-28" />
      <rect class="al-posture__kit" x="142" y="24" width="92" height="20" rx="6" />
      <path class="al-posture__thing" d="M60 153h200M160 14v6M184 14v6M208 14v6" />
    </>
  );
}
