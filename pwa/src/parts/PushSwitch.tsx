// Turns ringing of this browser on and off, and says in words when the browser will not.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { lookAtPush, turnOffPush, turnOnPush, type PushState } from "../core/push";
import { t } from "../core/words";

export function PushSwitch(props: { onChange?: () => void }): JSX.Element {
  const [state, setState] = useState<PushState>("looking");
  const [busy, setBusy] = useState(false);
  useEffect(() => void lookAtPush().then(setState), []);
  const isOn = state === "on";
  const turn = async (): Promise<void> => {
    setBusy(true);
    setState(await (isOn ? turnOffPush() : turnOnPush()));
    setBusy(false);
    props.onChange?.();
  };
  return (
    <div class="al-push" data-push={state}>
      <div role="status">
        <p class={isOn || state === "off" || state === "looking" ? undefined : "al-notice al-notice--problem"}>
          {t(busy ? "push.busy" : `push.${state}`)}
        </p>
      </div>
      {state !== "looking" && state !== "unsupported" && (
        <button
          class="al-button al-button--quiet"
          type="button"
          aria-disabled={busy}
          onClick={() => !busy && void turn()}
        >
          {t(isOn ? "push.turnOff" : "push.turnOn")}
        </button>
      )}
    </div>
  );
}
