// What devices sent that could not be used: counted by reason, each with what to do about it.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { exactly } from "../../../core/format";
import { quarantine } from "../../../core/resources";
import { t } from "../../../core/words";
import type { Quarantine, QuarantineRow } from "../../../core/types";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { TeamHeader } from "../../../parts/team/TeamHeader";

export const address = "/team/quarantine";

export function Screen(): JSX.Element {
  const now = useNow();
  const [reason, setReason] = useState("");
  const all = useResource(useMemo(() => quarantine(""), []));
  const view = useResource(useMemo(() => quarantine(reason), [reason]));
  const counts = all.body?.counts ?? [];
  const open = counts.reduce((sum, item) => sum + item.count, 0);
  return (
    <Page title={t("held.title")} header={<TeamHeader held={open} />} wide>
      <p class="al-lead">{t("held.words")}</p>
      <SyncStatus view={view} now={now} />
      {all.body && open === 0 && <p>{t("held.none")}</p>}
      {counts.length > 0 && <Counts counts={counts} open={open} reason={reason} onChange={setReason} />}
      {view.body && <Rows rows={view.body.rows} now={now} />}
    </Page>
  );
}

function Counts(props: {
  counts: Quarantine["counts"];
  open: number;
  reason: string;
  onChange: (reason: string) => void;
}): JSX.Element {
  const all = { reason: "", words: t("held.all"), count: props.open };
  return (
    <div class="al-tabs al-tabs--wrap" role="group" aria-label={t("held.filter")}>
      {[all, ...props.counts].map((item) => (
        <button
          key={item.reason}
          class="al-tab"
          type="button"
          aria-pressed={props.reason === item.reason}
          onClick={() => props.onChange(item.reason)}
        >
          {item.words} <span class="al-tab__count">{item.count}</span>
        </button>
      ))}
    </div>
  );
}

function Rows(props: { rows: QuarantineRow[]; now: Date }): JSX.Element {
  return (
    <ol class="al-held">
      {props.rows.map((row) => (
        <li key={row.id} class="al-held__item" data-reason={row.reason}>
          <h2 class="al-held__title">{row.words}</h2>
          <p class="al-held__do">{row.what_to_do}</p>
          <p class="al-quiet">
            {t("held.from", {
              device: row.device_id ?? t("held.unknownDevice"),
              time: exactly(new Date(row.received_at), props.now),
            })}
            {row.model ? ` · ${row.model}` : ""}
          </p>
          <details class="nhsuk-details">
            <summary class="nhsuk-details__summary">
              <span class="nhsuk-details__summary-text">
                {t("held.details")}{" "}
                <span class="nhsuk-u-visually-hidden">
                  {t("held.detailsOf", {
                    reason: row.words,
                    device: row.device_id ?? "",
                    id: row.message_id ?? row.id,
                  })}
                </span>
              </span>
            </summary>
            <div class="nhsuk-details__text">
              <p>{row.detail}</p>
              <p>{t("held.facts", { reason: row.reason, channel: row.channel, size: row.size })}</p>
              <pre class="al-held__raw" tabIndex={0} aria-label={t("held.raw")}>
                {row.excerpt}
              </pre>
            </div>
          </details>
        </li>
      ))}
    </ol>
  );
}
