// The three pictures of putting the app on an iPhone's first page: Share, "Add to Home Screen", Add.
import type { JSX } from "preact";

/** Drawn by us, so that nothing comes from elsewhere; the words beside it say the same. */
export function StepPicture(props: { step: 1 | 2 | 3 }): JSX.Element {
  return (
    <svg class="al-install" viewBox="0 0 200 120" width="200" height="120" aria-hidden="true">
      <rect x="2" y="2" width="196" height="116" rx="14" fill="#fff" stroke="currentColor" stroke-width="3" />
      {props.step === 1 && <Share />}
      {props.step === 2 && <Row />}
      {props.step === 3 && <AddButton />}
    </svg>
  );
}

function Share(): JSX.Element {
  return (
    <g fill="none" stroke="currentColor" stroke-width="5" stroke-linecap="round" stroke-linejoin="round">
      <path d="M84 52H70v44h60V52h-14" />
      <path d="M100 74V24M84 40l16-16 16 16" />
    </g>
  );
}

function Row(): JSX.Element {
  return (
    <g fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round">
      <rect x="18" y="40" width="164" height="40" rx="8" />
      <path d="M34 60h74" stroke-width="6" />
      <rect x="142" y="48" width="24" height="24" rx="6" />
      <path d="M154 54v12M148 60h12" />
    </g>
  );
}

function AddButton(): JSX.Element {
  return (
    <g fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round">
      <path d="M18 32h52" stroke-width="6" />
      <rect x="122" y="16" width="62" height="32" rx="10" fill="currentColor" />
      <path d="M136 32h34" stroke="#fff" stroke-width="6" />
      <rect x="22" y="64" width="36" height="36" rx="8" />
      <path d="M72 82h84" stroke-width="6" />
    </g>
  );
}
