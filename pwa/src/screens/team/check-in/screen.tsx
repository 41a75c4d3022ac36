// One check-in for the team: every answer under its question, the red ones marked, and what was left out said.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import { askedItems, asksSafety, isAnswered, optionsOf } from "../../../core/checkIn";
import { exactly } from "../../../core/format";
import { recordOf } from "../../../core/resources";
import type { Item, Questionnaire } from "../../../core/selfTypes";
import { teamCheckInOf, teamQuestionnaires, type CheckIn } from "../../../core/teamPlan";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Level } from "../../../parts/Level";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { NotThere } from "../../../parts/team/CaseParts";
import { Light, Told, whoAnswered } from "../../../parts/team/CheckInParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";

export const address = "/team/person/:id/check-ins/:response";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  const response = params["response"] ?? "";
  const now = useNow();
  const view = useResource(useMemo(() => teamCheckInOf(id, response), [id, response]));
  const forms = useResource(useMemo(teamQuestionnaires, [])).body?.questionnaires;
  const name = useResource(useMemo(() => recordOf(id), [id])).body?.patient.display_name;
  const one = view.body;
  return (
    <Page
      title={one ? one.title : t("answers.one")}
      caption={name}
      header={<TeamHeader />}
      back={{ href: `/team/person/${id}/check-ins`, words: t("answers.title") }}
    >
      <SyncStatus view={view} now={now} />
      {one ? <Whole one={one} forms={forms ?? []} now={now} /> : <NotThere view={view} refused="answers.refused" />}
    </Page>
  );
}

function Whole(props: { one: CheckIn; forms: readonly Questionnaire[]; now: Date }): JSX.Element {
  const { one, now } = props;
  const form = props.forms.find((each) => each.id === one.questionnaire);
  return (
    <>
      <Standing one={one} now={now} />
      {form && <Answers one={one} form={form} />}
      {form && <p class="al-quiet">{form.licence}</p>}
    </>
  );
}

function Standing(props: { one: CheckIn; now: Date }): JSX.Element {
  const { one, now } = props;
  const made = one.made_at ? t("answers.made", { time: exactly(new Date(one.made_at), now) }) : "";
  return (
    <>
      <p>
        {t("answers.came", { time: exactly(new Date(one.at), now) })} {made} {whoAnswered(one.by)}
      </p>
      {one.state === "draft" && (
        <p>
          <span class="al-mark">{t("answers.unfinished")}</span> {t("answers.unfinishedWords")}
        </p>
      )}
      {one.result && <Light result={one.result} />}
      {one.result && <p>{one.result.words}</p>}
      <Told one={one} now={now} />
    </>
  );
}

function Answers(props: { one: CheckIn; form: Questionnaire }): JSX.Element {
  const { one, form } = props;
  return (
    <dl class="nhsuk-summary-list">
      {askedItems(form, one.answers).map((item) => (
        <Answer key={item.id} item={item} one={one} form={form} />
      ))}
    </dl>
  );
}

const LOOK = {
  red: { level: "urgent", words: "answers.redOne" },
  amber: { level: "soon", words: "answers.amberOne" },
} as const;

function Answer(props: { item: Item; one: CheckIn; form: Questionnaire }): JSX.Element {
  const { item, one, form } = props;
  const level = levelOf(item, one, form);
  const look = level && LOOK[level];
  return (
    <div class="nhsuk-summary-list__row" data-level={level}>
      <dt class="nhsuk-summary-list__key">{item.text}</dt>
      <dd class="nhsuk-summary-list__value">
        <Said item={item} one={one} /> {look && <Level level={look.level} words={t(look.words)} />}
      </dd>
    </div>
  );
}

/** Item 9 has no colour of its own: any answer to it but "not at all" is red. */
function levelOf(item: Item, one: CheckIn, form: Questionnaire): "amber" | "red" | undefined {
  if (form.safety?.item === item.id && asksSafety(form, one.answers)) return "red";
  return optionOf(item, one)?.level;
}

function Said(props: { item: Item; one: CheckIn }): JSX.Element {
  const { item, one } = props;
  if (isAnswered(item, one.answers)) return <strong>{optionOf(item, one)?.words ?? valueWords(item, one)}</strong>;
  return <span class="al-quiet">{t(one.state === "draft" ? "answers.notYet" : "answers.leftOut")}</span>;
}

const optionOf = (item: Item, one: CheckIn): ReturnType<typeof optionsOf>[number] | undefined =>
  optionsOf(item, t("answers.yes"), t("answers.no")).find((option) => option.value === one.answers[item.id]);

function valueWords(item: Item, one: CheckIn): string {
  const value = String(one.answers[item.id] ?? "");
  return item.unit ? `${value} ${item.unit}` : value;
}
