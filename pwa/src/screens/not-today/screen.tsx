// "Not today? Tell us why": a short reason goes to the team as a message, and feeling ill leads to help instead.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useState } from "preact/hooks";
import { TAKE_KINDS } from "../../core/takeKinds";
import { writeMessage } from "../../core/threadPending";
import { t } from "../../core/words";
import type { PatientChoice } from "../../core/types";
import { Choices } from "../../parts/Choices";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { TextBox } from "../../parts/Fields";
import { Page } from "../../parts/Page";
import { SavedLine } from "../../parts/SavedLine";
import { HelpingBanner, WithPatient } from "../../parts/WithPatient";

export const address = "/not-today/:what";
export const nav = "today";
export const example = "/not-today/blood-pressure";

const REASONS = ["away", "broken", "later", "unwell", "other"] as const;
type Reason = (typeof REASONS)[number];

export function Screen(): JSX.Element {
  const { params } = useRoute();
  return <WithPatient>{(patient) => <NotToday patient={patient} what={params["what"] ?? ""} />}</WithPatient>;
}

function NotToday(props: { patient: PatientChoice; what: string }): JSX.Element {
  const { patient, what } = props;
  const [reason, setReason] = useState<Reason | null>(null);
  const [words, setWords] = useState("");
  const [sent, setSent] = useState<string | null>(null);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const kind = TAKE_KINDS.find((one) => one === what);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (reason === null) return setErrors([{ field: "reason-away", words: t("take.oxygen.choose") }]);
    const about = kind ? t(`kind.${kind}`) : t("checkIn.title");
    const said = [t("notToday.message", { what: about, why: t(`notToday.${reason}`) }), words.trim()];
    try {
      const message = { words: said.filter(Boolean).join(" "), private: false };
      setSent((await writeMessage(patient.id, "team", message)).id);
    } catch {
      setErrors([{ field: null, words: t("take.check.full") }]);
    }
  };
  return (
    <Page title={t("notToday.title")} back={{ href: "/", words: t("take.back") }} hasError={errors.length > 0}>
      <HelpingBanner patient={patient} />
      {sent ? (
        <Thanks id={sent} />
      ) : (
        <form class="al-form" noValidate onSubmit={(event) => void send(event)}>
          <ErrorSummary errors={errors} />
          <Choices
            name="reason"
            legend={t("notToday.title")}
            value={reason}
            choices={REASONS.map((value) => ({ value, words: t(`notToday.${value}`) }))}
            errors={errors}
            onChoose={setReason}
          />
          {reason === "unwell" && <Unwell />}
          <TextBox id="why" label={t("notToday.more")} rows={3} maxLength={500} value={words} onInput={setWords} />
          <button class="al-button al-button--main" type="submit">
            {t("notToday.send")}
          </button>
        </form>
      )}
    </Page>
  );
}

function Unwell(): JSX.Element {
  return (
    <div class="nhsuk-inset-text">
      <p>{t("notToday.unwellWords")}</p>
      <a class="al-button al-button--quiet" href="/worried">
        {t("worried.title")}
      </a>
    </div>
  );
}

function Thanks(props: { id: string }): JSX.Element {
  return (
    <>
      <p class="al-sentence">{t("notToday.thanks")}</p>
      <SavedLine id={props.id} />
      <a class="al-button al-button--main" href="/">
        {t("take.done")}
      </a>
    </>
  );
}
