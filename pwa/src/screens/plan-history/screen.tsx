// Who changed a section, when, from what and to what: every version there was, the newest first.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { historyOf } from "../../core/planResources";
import { bodyLines, changedWords, type Viewer } from "../../core/planWords";
import { isDisconnected } from "../../core/sync";
import { t } from "../../core/words";
import type { HistoryRow, SectionBody } from "../../core/planTypes";
import { useResource } from "../../parts/hooks";
import { PlanPage, toPlan, type Shown } from "../../parts/plan/PlanPage";

export const address = "/plan/history/:section";
export const nav = "plan";
export const example = "/plan/history/matters";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const key = params["section"] ?? "";
  return (
    <PlanPage title={() => t("history.title")} back={toPlan()}>
      {(shown) => <Rows key={key} section={key} shown={shown} />}
    </PlanPage>
  );
}

function Rows(props: { section: string; shown: Shown }): JSX.Element {
  const { section, shown } = props;
  const view = useResource(historyOf(shown.patient.id, section));
  const title = shown.plan.sections.find(({ key }) => key === section)?.title;
  const rows = view.body?.rows ?? [];
  return (
    <>
      {title && <p class="al-sentence">{title}</p>}
      {!view.body && <p>{t(isDisconnected(view) ? "plan.nothingKept" : "plan.opening")}</p>}
      {view.body && rows.length === 0 && <p>{t("history.none")}</p>}
      {rows.map((row) => (
        <Row key={row.version} row={row} viewer={shown.viewer} />
      ))}
    </>
  );
}

function Row(props: { row: HistoryRow; viewer: Viewer }): JSX.Element {
  const { row, viewer } = props;
  return (
    <section class="al-card">
      <h2 class="al-new__title">{t("history.version", { n: row.version })}</h2>
      <p>{changedWords({ ...row, name: row.by }, viewer)}</p>
      <Side title={t("history.to")} body={row.to} />
      {row.from && <Side title={t("history.from")} body={row.from} />}
    </section>
  );
}

function Side(props: { title: string; body: SectionBody }): JSX.Element {
  const lines = bodyLines(props.body);
  return (
    <>
      <p class="al-lines__title">{props.title}</p>
      {lines.length === 0 && <p>{t("history.empty")}</p>}
      {lines.map((line, index) => (
        <p key={index}>{line}</p>
      ))}
    </>
  );
}
