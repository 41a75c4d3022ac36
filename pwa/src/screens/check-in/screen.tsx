// The first page of a check-in: what it is about, how long it is, who sees it.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { firstOpen, nextItem } from "../../core/checkIn";
import { t } from "../../core/words";
import type { PatientChoice } from "../../core/types";
import { Page } from "../../parts/Page";
import { useAnswering } from "../../parts/useAnswering";
import { useForm } from "../../parts/useForm";
import { Waiting } from "../../parts/Waiting";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";

export const address = "/check-in/:id";
export const nav = "today";
export const example = "/check-in/copd";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  return <WithPatient>{(patient) => <Intro key={id} patient={patient} id={id} />}</WithPatient>;
}

function Intro(props: { patient: PatientChoice; id: string }): JSX.Element {
  const { patient, id } = props;
  const { form, asked } = useForm(patient.id, id);
  const { answering, ready } = useAnswering(`check-in/${patient.id}/${id}`);
  if (!form || !ready) {
    if (!form && asked) return <NotHere />;
    return <Waiting title={t("checkIn.title")} words={t("opening.words")} />;
  }
  const begun = Object.keys(answering.answers).length > 0;
  const from = begun ? firstOpen(form, answering.answers) : nextItem(form, {}, null);
  return (
    <Page title={form.title} back={{ href: "/", words: t("take.back") }}>
      <HelpingBanner patient={patient} />
      <p class="al-sentence">{form.intro}</p>
      <p>{t("now.questions", { n: form.items.length })}</p>
      <p>{t(form.private ? "checkIn.private" : "checkIn.shared")}</p>
      <a class="al-button al-button--main" href={`/check-in/${id}/${from ? `q-${from.id}` : "check"}`}>
        {t(begun ? "checkIn.goOn" : "checkIn.begin")}
      </a>
      {begun && <p class="al-after">{t("checkIn.kept")}</p>}
      <details class="nhsuk-details al-after">
        <summary class="nhsuk-details__summary">
          <span class="nhsuk-details__summary-text">{t("checkIn.source")}</span>
        </summary>
        <div class="nhsuk-details__text">
          <p>{form.source}</p>
          <p>{form.licence}</p>
        </div>
      </details>
    </Page>
  );
}

function NotHere(): JSX.Element {
  return (
    <Page title={t("checkIn.title")} back={{ href: "/", words: t("take.back") }}>
      <p>{t("checkIn.notHere")}</p>
    </Page>
  );
}
