// "I'm worried" in one tap: it is kept and on its way before the next page has opened.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useRef } from "preact/hooks";
import { sayWorried, worryOnTheWay } from "../core/concern";
import { t } from "../core/words";

export function WorriedButton(props: { patient: string }): JSX.Element {
  const { route } = useLocation();
  const busy = useRef(false);
  const say = async (): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    // What could not be kept is said on the next page, beside the number to ring.
    if (!worryOnTheWay(props.patient)) await sayWorried(props.patient).catch(() => undefined);
    busy.current = false;
    route("/worried");
  };
  return (
    <button class="al-button al-button--main al-button--quiet" type="button" onClick={() => void say()}>
      {t("worried.title")}
    </button>
  );
}
