// Why an ending is refused: the alerts that are still open, each with a way to it.
import type { JSX } from "preact";
import type { ApiError } from "../../../core/api";
import type { AlertLevel } from "../../../core/types";
import { t } from "../../../core/words";
import { Level } from "../../../parts/Level";

export interface OpenAlert {
  id: string;
  title: string;
  level: AlertLevel;
}

export function openAlertsOf(error: ApiError): OpenAlert[] {
  if (error.problem?.code !== "alerts-open") return [];
  const current = error.problem.current as { alerts?: OpenAlert[] } | undefined;
  return current?.alerts ?? [];
}

export function OpenAlerts(props: { open: readonly OpenAlert[] }): JSX.Element | null {
  if (props.open.length === 0) return null;
  return (
    <div class="al-kit-trouble">
      <p>
        <strong>{t("care.openAlerts", { n: props.open.length })}</strong>
      </p>
      <ul class="al-open">
        {props.open.map((one) => (
          <li key={one.id}>
            <Level level={one.level} /> {one.title}
          </li>
        ))}
      </ul>
      <p>
        <a href="/team">{t("care.toWorklist")}</a>
      </p>
    </div>
  );
}
