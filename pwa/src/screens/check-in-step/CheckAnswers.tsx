// All answers on one page before they are sent, each with a way back to its question.
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { askedItems, firstOpen, isAnswered, optionsOf } from "../../core/checkIn";
import { OutboxFull } from "../../core/outbox";
import { t } from "../../core/words";
import type { Answers, Item } from "../../core/selfTypes";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Page } from "../../parts/Page";
import { keepDone } from "./DonePage";
import type { PageOfProps } from "./screen";

export function CheckAnswers(props: PageOfProps): JSX.Element {
  const { form, now, patient } = props;
  const { answering } = now;
  const [errors, setErrors] = useState<FieldError[]>([]);
  const busy = useRef(false);
  const asked = askedItems(form, answering.answers);
  const last = asked.at(-1);
  const send = async (): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    try {
      const command = await props.post(answering, "complete");
      keepDone(patient.id, form, answering, command);
      now.done();
      props.goTo("done", true);
    } catch (cause) {
      busy.current = false;
      const words = t(cause instanceof OutboxFull ? "take.check.full" : "take.nobody.words");
      setErrors([{ field: null, words }]);
    }
  };
  return (
    <Page
      title={t("checkIn.check")}
      caption={form.title}
      back={{ href: `/check-in/${form.id}/${last ? `q-${last.id}` : ""}`, words: t("nav.back") }}
      hasError={errors.length > 0}
    >
      <ErrorSummary errors={errors} />
      <dl class="nhsuk-summary-list">
        {asked.map((item) => (
          <Row key={item.id} item={item} answers={answering.answers} onChange={() => props.goTo(`q-${item.id}`)} />
        ))}
      </dl>
      {firstOpen(form, answering.answers) && <p>{t("checkIn.open")}</p>}
      <button class="al-button al-button--main" type="button" onClick={() => void send()}>
        {t("checkIn.send")}
      </button>
    </Page>
  );
}

function Row(props: { item: Item; answers: Answers; onChange: () => void }): JSX.Element {
  const { item, answers } = props;
  return (
    <div class="nhsuk-summary-list__row">
      <dt class="nhsuk-summary-list__key">{item.text}</dt>
      <dd class="nhsuk-summary-list__value">{answerWords(item, answers)}</dd>
      <dd class="nhsuk-summary-list__actions">
        <button class="al-link-button" type="button" onClick={props.onChange}>
          {t("take.check.change")}
          <span class="nhsuk-u-visually-hidden">: {item.text}</span>
        </button>
      </dd>
    </div>
  );
}

function answerWords(item: Item, answers: Answers): string {
  if (!isAnswered(item, answers)) return t(item.optional ? "checkIn.nothing" : "checkIn.leftOut");
  const given = answers[item.id];
  const option = optionsOf(item, t("take.feel.yes"), t("take.feel.no")).find(({ value }) => value === given);
  return option?.words ?? String(given ?? "");
}
