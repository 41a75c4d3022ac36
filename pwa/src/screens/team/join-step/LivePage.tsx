// Going live: every reason why not, in words, or the one button; afterwards what happens now.
import type { JSX } from "preact";
import type { Joining } from "../../../core/caseTypes";
import { t } from "../../../core/words";
import { AskForm, CaseStatus } from "../../../parts/team/CaseParts";
import { pathOf } from "../../../parts/team/joinSteps";
import type { StepPage } from "./pages";
import { Conflicts } from "./TargetsPage";

export function LivePage(props: StepPage): JSX.Element {
  const { joining, changing, save } = props;
  if (!joining.patient) return <p>{t("join.recordFirst")}</p>;
  if (joining.state === "live") return <Done joining={joining} />;
  return (
    <>
      <p>
        <CaseStatus status={joining.patient.status} died={false} /> {t("join.notWatched")}
      </p>
      <Before joining={joining} />
      {joining.problems.length === 0 && (
        <AskForm
          errors={changing.errors}
          busy={changing.busy}
          words={t("join.goLive")}
          onSubmit={() => void save("go-live", {})}
        >
          <p>{t("join.goLiveWords")}</p>
        </AskForm>
      )}
    </>
  );
}

function Before(props: { joining: Joining }): JSX.Element {
  const { joining } = props;
  const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
  return (
    <>
      {joining.problems.length > 0 && (
        <div class="al-kit-trouble">
          <p>
            <strong>{t("join.problems")}</strong>
          </p>
          <ul class="nhsuk-list nhsuk-list--bullet">
            {joining.problems.map((words) => (
              <li key={words}>{sentence(words)}.</li>
            ))}
          </ul>
          <p class="al-ask__leave">
            <a href={pathOf(joining.id, "facts")}>{t("join.toFacts")}</a>
            <a href={pathOf(joining.id, "targets")}>{t("join.toTargets")}</a>
            <a href={pathOf(joining.id, "contacts")}>{t("join.toContacts")}</a>
            <a href={pathOf(joining.id, "kit")}>{t("join.toKit")}</a>
          </p>
        </div>
      )}
      <Conflicts conflicts={joining.conflicts} />
      {(joining.warnings.length > 0 || !joining.first_reading) && (
        <ul class="nhsuk-list nhsuk-list--bullet">
          {!joining.first_reading && <li>{t("join.noFirst")}</li>}
          {joining.warnings.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Done(props: { joining: Joining }): JSX.Element {
  const patient = props.joining.patient;
  return (
    <>
      <div class="nhsuk-panel al-panel" role="status">
        <p class="nhsuk-panel__title al-panel__title">
          {t("join.live", { who: patient?.display_name ?? "" })}
        </p>
      </div>
      <p>{t("join.liveWords")}</p>
      <p class="al-ask__leave">
        <a href={`/team/person/${patient?.id ?? ""}`}>{t("join.toRecord")}</a>
        <a href={`/team/care/${patient?.id ?? ""}`}>{t("join.toCare")}</a>
        <a href="/team/join">{t("join.another")}</a>
      </p>
    </>
  );
}
