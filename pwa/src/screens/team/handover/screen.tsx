// Hands over a shift: choose the cards and who takes them; what is given to me is accepted card by card.
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { handovers } from "../../../core/desk";
import type { Handovers } from "../../../core/cardTypes";
import { clockTime, deadline } from "../../../core/format";
import { worklist } from "../../../core/resources";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { NoticeLine } from "../../../parts/team/AlertActions";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { useActions } from "../../../parts/team/useActions";
import { CardLine } from "./CardLine";
import { Give } from "./Give";

export const address = "/team/handover";

export function Screen(): JSX.Element {
  const now = useNow();
  const list = useResource(useMemo(() => worklist(), []));
  const view = useResource(useMemo(handovers, []));
  const mine = list.body?.rows.filter((row) => row.owner?.me && row.state !== "closed") ?? null;
  return (
    <Page
      title={t("handover.title")}
      header={<TeamHeader />}
      back={{ href: "/team", words: t("person.back") }}
      wide
    >
      <SyncStatus view={list} now={now} />
      <p class="al-lead">{t("handover.words")}</p>
      <div class="al-handover">
        {mine ? <Give rows={mine} now={now} /> : <p>{t(list.asked ? "desk.nothingKept" : "desk.opening")}</p>}
        {view.body && (
          <div class="al-handover__side">
            <ToMe found={view.body} now={now} />
            {view.body.by_me.length > 0 && <ByMe found={view.body} now={now} />}
          </div>
        )}
      </div>
    </Page>
  );
}

function ToMe(props: { found: Handovers; now: Date }): JSX.Element {
  const { found, now } = props;
  const actions = useActions();
  const waiting = found.to_me.filter((one) => one.rows.length > 0);
  return (
    <section class="al-handover__part" aria-labelledby="to-me-title">
      <h2 class="al-section" id="to-me-title">
        {t("handover.toMe")}
      </h2>
      {waiting.length === 0 && <p>{t("handover.toMeNone")}</p>}
      {waiting.map((one) => (
        <div key={one.id}>
          <p>
            {t("handover.from", {
              from: one.from,
              time: clockTime(new Date(one.at)),
              due: deadline(new Date(one.due_at), now),
            })}{" "}
            {one.note && <q>{one.note}</q>}
          </p>
          <ul class="al-handover__cards">
            {one.rows.map((row) => (
              <li key={row.id} class="al-handover__card">
                <CardLine row={row} now={now} />
                <button
                  class="al-button"
                  type="button"
                  aria-disabled={actions.busy !== null}
                  onClick={() => void actions.run(row, "accept", {}, t("act.accepted"))}
                >
                  {t("act.accept")}
                </button>
                <NoticeLine id={row.id} actions={actions} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function ByMe(props: { found: Handovers; now: Date }): JSX.Element {
  return (
    <section class="al-handover__part" aria-labelledby="by-me-title">
      <h2 class="al-section" id="by-me-title">
        {t("handover.byMe")}
      </h2>
      <ul class="nhsuk-list">
        {props.found.by_me.map((one) => (
          <li key={one.id}>
            {t("handover.progress", {
              n: one.cards,
              to: one.to,
              time: deadline(new Date(one.at), props.now),
              accepted: one.accepted,
              climbed: one.climbed,
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}
