// What was found on a card, each with why and its times: when it was true and when we knew.
import type { JSX } from "preact";
import type { Finding, Row } from "../../core/deskTypes";
import { exactly } from "../../core/format";
import { t } from "../../core/words";
import { Level } from "../Level";
import { rowLevel } from "./rowWords";

export function Findings(props: { row: Row; now: Date }): JSX.Element | null {
  const { row, now } = props;
  if (row.findings.length === 0) return null;
  return (
    <section aria-labelledby="findings-title">
      <h3 class="al-section" id="findings-title">
        {t("card.findings")}
      </h3>
      <ul class="al-findings">
        {row.findings.map((finding) => (
          <One key={finding.id} finding={finding} now={now} />
        ))}
      </ul>
    </section>
  );
}

function One(props: { finding: Finding; now: Date }): JSX.Element {
  const { finding, now } = props;
  const isOver = finding.state === "closed";
  const times = t(finding.late && finding.kind === "clinical" ? "card.taken" : "card.since", {
    when: exactly(new Date(finding.true_at), now),
    known: exactly(new Date(finding.known_at), now),
  });
  return (
    <li class={`al-finding${isOver ? " al-finding--over" : ""}`}>
      <p class="al-finding__top">
        <Level level={rowLevel(finding)} />
        <strong>{finding.title}</strong>
        {finding.is_new && <span class="al-mark">{t("mark.new", { n: 1 })}</span>}
        {isOver && <span class="al-quiet">{t("row.closed")}</span>}
      </p>
      <p>{finding.reason}</p>
      {finding.withdrawn && <p class="al-finding__withdrawn">{finding.withdrawn}</p>}
      <p class="al-quiet">
        {times} {finding.late && t("card.lateWords")}
      </p>
      {finding.judged_by && <p class="al-quiet">{t("card.by", { by: finding.judged_by })}</p>}
    </li>
  );
}
