// A recall: one question by model, firmware or batch, who has such kit now, and what to do about each.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useEffect, useMemo, useState } from "preact/hooks";
import { asQuery, recallOf } from "../../../core/kit";
import type { KitRow, Recall, RecallAsked } from "../../../core/kitTypes";
import { isDisconnected } from "../../../core/sync";
import { t, type WordKey } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { TextField } from "../../../parts/team/Field";
import { StateTag, useIsInstaller } from "../../../parts/team/KitParts";
import { firmwareWords, kindWords, lastHeardWords, wearerName } from "../../../parts/team/kitWords";
import { TeamHeader } from "../../../parts/team/TeamHeader";

export const address = "/team/kit-recall";

const NAMES = ["model", "firmware", "batch"] as const;

function askedIn(query: Record<string, string>): RecallAsked {
  return {
    model: query["model"] ?? null,
    firmware: query["firmware"] ?? null,
    batch: query["batch"] ?? null,
  };
}

export function Screen(): JSX.Element {
  const now = useNow();
  const { query } = useRoute();
  const asked = askedIn(query);
  const isAsked = Object.values(asked).some(Boolean);
  const view = useResource(
    useMemo(() => (isAsked ? recallOf(asked) : null), [asked.model, asked.firmware, asked.batch]),
  );
  const refused = view.trouble !== null && !isDisconnected(view);
  return (
    <Page
      title={t("recall.title")}
      header={<TeamHeader />}
      back={{ href: "/team/kit", words: t("kitList.title") }}
      wide
    >
      <p class="al-lead">{t("recall.words")}</p>
      <Question asked={asked} />
      {isAsked && <SyncStatus view={view} now={now} />}
      {view.body && <Found recall={view.body} now={now} />}
      {isAsked && !view.body && <p>{t(waitKey(refused, view.asked))}</p>}
    </Page>
  );
}

function waitKey(refused: boolean, asked: boolean): WordKey {
  if (refused) return "kitList.refused";
  return asked ? "recall.nothingKept" : "recall.looking";
}

function Question(props: { asked: RecallAsked }): JSX.Element {
  const { asked } = props;
  const { route } = useLocation();
  const [draft, setDraft] = useState({ model: "", firmware: "", batch: "" });
  const [isEmpty, setEmpty] = useState(false);
  useEffect(
    () => setDraft({ model: asked.model ?? "", firmware: asked.firmware ?? "", batch: asked.batch ?? "" }),
    [asked.model, asked.firmware, asked.batch],
  );
  const submit = (event: Event): void => {
    event.preventDefault();
    const said = { model: draft.model.trim(), firmware: draft.firmware.trim(), batch: draft.batch.trim() };
    const none = !said.model && !said.firmware && !said.batch;
    setEmpty(none);
    if (none) document.getElementById("recall-model")?.focus();
    else route(`/team/kit-recall${asQuery(said)}`, true);
  };
  return (
    <form class="al-recall-form" noValidate onSubmit={submit}>
      {NAMES.map((name) => (
        <TextField
          key={name}
          id={`recall-${name}`}
          label={t(`recall.${name}`)}
          value={draft[name]}
          error={isEmpty && name === "model" ? t("recall.empty") : null}
          onInput={(value) => setDraft({ ...draft, [name]: value })}
        />
      ))}
      <button class="al-button" type="submit">
        {t("recall.do")}
      </button>
    </form>
  );
}

function Found(props: { recall: Recall; now: Date }): JSX.Element {
  const { recall, now } = props;
  const worn = recall.rows.filter((row) => row.wearers.some((wearer) => wearer.is_now));
  const idle = recall.rows.filter((row) => !worn.includes(row));
  return (
    <>
      <p class="al-recall__sum" role="status">
        <strong>{t("recall.people", { n: recall.people })}</strong> {t("recall.pieces", { n: recall.rows.length })}
      </p>
      {recall.elsewhere > 0 && <p>{t("recall.elsewhere", { n: recall.elsewhere })}</p>}
      {recall.rows.length > 0 && (
        <ol class="nhsuk-list nhsuk-list--number al-lead">
          <li>{t("recall.do1")}</li>
          <li>{t("recall.do2")}</li>
          <li>{t("recall.do3")}</li>
        </ol>
      )}
      <Group title={t("recall.worn")} rows={worn} now={now} />
      <Group title={t("recall.idle")} rows={idle} now={now} />
    </>
  );
}

function Group(props: { title: string; rows: KitRow[]; now: Date }): JSX.Element | null {
  if (props.rows.length === 0) return null;
  return (
    <>
      <h2 class="al-section">{props.title}</h2>
      <ol class="al-rows al-kit-rows">
        {props.rows.map((row) => (
          <FoundRow key={row.id} row={row} now={props.now} />
        ))}
      </ol>
    </>
  );
}

function FoundRow(props: { row: KitRow; now: Date }): JSX.Element {
  const { row, now } = props;
  const wearers = row.wearers.filter((wearer) => wearer.is_now);
  const isInstaller = useIsInstaller();
  return (
    <li class="al-kit-row al-kit-row--recall" data-kit={row.device_id}>
      <div class="al-kit-row__what">
        <a class="al-kit-row__name" href={`/team/kit/${row.id}`}>
          {kindWords(row.kind)} <span class="al-kit-row__id">{row.device_id}</span>
        </a>
        <p class="al-quiet">{lastHeardWords(row, now)}</p>
      </div>
      <div class="al-kit-row__who">
        <StateTag state={row.state} />
        {wearers.map((wearer) => (
          <p key={wearer.id}>
            {wearer.patient && !isInstaller ? (
              <a class="al-kit-link" href={`/team/person/${wearer.patient.id}`}>
                {wearerName(wearer)}
              </a>
            ) : (
              wearerName(wearer)
            )}
          </p>
        ))}
        {row.address && <p class="al-quiet">{row.address}</p>}
      </div>
      <ul class="al-kit-row__facts">
        <li>{row.model ?? t("kitList.noModel")}</li>
        <li>{row.batch ? t("kitList.batch", { batch: row.batch }) : t("kitList.noBatch")}</li>
        <li>{firmwareWords(row)}</li>
      </ul>
    </li>
  );
}
