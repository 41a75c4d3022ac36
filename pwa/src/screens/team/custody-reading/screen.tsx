// Custody of a reading: how it came from the device to the record, and which alerts rest on it.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import { custodyOfReading } from "../../../core/desk";
import type { ReadingCustody } from "../../../core/cardTypes";
import { exactly } from "../../../core/format";
import { isDisconnected } from "../../../core/sync";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Level } from "../../../parts/Level";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { Fact } from "../../../parts/team/KitParts";
import { Steps } from "../../../parts/team/Steps";
import { TeamHeader } from "../../../parts/team/TeamHeader";

export const address = "/team/person/:id/custody";

export function Screen(): JSX.Element {
  const { params, query } = useRoute();
  const id = params["id"] ?? "";
  const now = useNow();
  const asked = new URLSearchParams({ at: query["at"] ?? "", code: query["code"] ?? "" }).toString();
  const view = useResource(useMemo(() => custodyOfReading(id, asked), [id, asked]));
  const refused = view.trouble !== null && !isDisconnected(view);
  return (
    <Page
      title={t("custody.readingTitle")}
      header={<TeamHeader />}
      back={{ href: `/team/person/${id}`, words: t("person.title") }}
      wide
    >
      <SyncStatus view={view} now={now} />
      {view.body ? (
        <Found found={view.body} now={now} />
      ) : (
        <p>{t(refused ? "person.refused" : view.asked ? "person.nothingKept" : "today.opening")}</p>
      )}
    </Page>
  );
}

function Found(props: { found: ReadingCustody; now: Date }): JSX.Element {
  const { found, now } = props;
  const { reading } = found;
  return (
    <>
      <p class="al-lead">
        {t("custody.measured", {
          when: exactly(new Date(reading.effective_at), now),
          received: exactly(new Date(reading.received_at), now),
        })}
        . {t("custody.words")}
      </p>
      <dl class="al-facts al-message__facts">
        {reading.device && <Fact name={t("custody.device")}>{reading.device}</Fact>}
        {reading.message && <Fact name={t("custody.message")}>{reading.message}</Fact>}
      </dl>
      <Steps steps={found.steps} now={now} />
      <h2 class="al-section">{t("custody.alerts")}</h2>
      {found.alerts.length === 0 && <p>{t("custody.noAlerts")}</p>}
      <ul class="nhsuk-list">
        {found.alerts.map((alert) => (
          <li key={alert.id} class="al-card-line">
            <Level level={alert.level} />
            <a class="al-card-line__why" href={`/team/alert/${alert.id}`}>
              {alert.title}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
