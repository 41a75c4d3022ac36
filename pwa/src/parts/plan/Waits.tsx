// Under whatever was changed here: that it has not been sent yet, or that it needs the person.
import type { JSX } from "preact";
import { t } from "../../core/words";
import type { Queued } from "../../core/outbox";

export function Waits(props: { queued: Queued | null }): JSX.Element | null {
  const { queued } = props;
  if (!queued) return null;
  if (queued.state === "needs-you")
    return (
      <p class="al-waits">
        {t("waits.conflict")}{" "}
        <a class="al-waits__link" href={`/plan/conflict/${queued.id}`}>
          {t("waits.choose")}
        </a>
      </p>
    );
  if (queued.state === "refused")
    return (
      <p class="al-waits">
        {t("waits.refused")}{" "}
        <a class="al-waits__link" href="/not-sent">
          {t("waits.look")}
        </a>
      </p>
    );
  return <p class="al-waits">{t("waits.waiting")}</p>;
}
