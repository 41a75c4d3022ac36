// One question: its answers as rows to tap, how far along it is in words, and back without a loss.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { asksSafety, nextItem, optionsOf, placeOf, previousItem, redOption } from "../../core/checkIn";
import { t } from "../../core/words";
import type { AnswerValue, Item } from "../../core/selfTypes";
import { Choices } from "../../parts/Choices";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { TextBox, TextField } from "../../parts/Fields";
import { Page } from "../../parts/Page";
import { HelpingBanner } from "../../parts/WithPatient";
import type { PageOfProps } from "./screen";

export function QuestionPage(props: PageOfProps & { item: Item }): JSX.Element {
  const { form, item, now } = props;
  const { answers } = now.answering;
  const [typed, setTyped] = useState(String(answers[item.id] ?? ""));
  const [errors, setErrors] = useState<FieldError[]>([]);
  const { n, of } = placeOf(form, answers, item.id);
  const before = previousItem(form, answers, item.id);
  const leave = (value: AnswerValue | null): void => void goOn(props, value).then(setErrors);
  const submit = (event: Event): void => {
    event.preventDefault();
    const wrong = errorOf(item, answers[item.id] ?? null, typed);
    setErrors(wrong ? [wrong] : []);
    if (!wrong) leave(isTyped(item) ? typed.trim() || null : (answers[item.id] ?? null));
  };
  return (
    <Page
      title={item.text}
      caption={t("checkIn.place", { n, of })}
      back={{ href: `/check-in/${form.id}${before ? `/q-${before.id}` : ""}`, words: t("nav.back") }}
      hasError={errors.length > 0}
    >
      <HelpingBanner patient={props.patient} />
      <ErrorSummary errors={errors} />
      {n > 1 && form.scoring.kind === "sum" && <p class="al-quiet">{form.intro}</p>}
      <form class="al-form" noValidate onSubmit={submit}>
        <Field
          item={item}
          chosen={answers[item.id] ?? null}
          typed={typed}
          errors={errors}
          onChoose={(value) => now.change({ answers: { ...answers, [item.id]: value } })}
          onType={setTyped}
        />
        <button class="al-button al-button--main" type="submit">
          {t("take.next")}
        </button>
      </form>
      {!item.optional && (
        <button class="al-link-button" type="button" onClick={() => leave(null)}>
          {t("checkIn.skip")}
        </button>
      )}
    </Page>
  );
}

const isTyped = (item: Item): boolean => item.kind === "words" || item.kind === "number";

const PATIENCE_MS = 1500;
const patience = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));

/** Keep the answer and open the next page; what asks for help at once is posted and shown before anything else. */
async function goOn(props: PageOfProps & { item: Item }, value: AnswerValue | null): Promise<FieldError[]> {
  const { form, item, now, goTo } = props;
  const answering = now.change({ answers: { ...now.answering.answers, [item.id]: value } });
  const isSafety = form.safety?.item === item.id && asksSafety(form, answering.answers);
  const isRed = redOption(item, answering.answers) !== null;
  const next = nextItem(form, answering.answers, item.id);
  const step = isSafety ? "safe" : isRed ? `help-${item.id}` : next ? `q-${next.id}` : "check";
  // Whether it could be kept is said on that page; the words and the numbers to ring wait for nothing.
  if (isSafety || isRed) await Promise.race([props.post(answering, "draft").catch(() => undefined), patience()]);
  goTo(step);
  return [];
}

function errorOf(item: Item, chosen: string | number | null, typed: string): FieldError | null {
  if (item.kind === "number") return numberError(item, typed);
  if (item.kind === "words" || item.optional || chosen !== null) return null;
  return { field: `answer-${String(item.options?.[0]?.value ?? "yes")}`, words: t("take.oxygen.choose") };
}

function numberError(item: Item, typed: string): FieldError | null {
  const plain = typed.trim().replace(",", ".");
  if (plain === "" && item.optional) return null;
  const low = Number(item.low ?? "-Infinity");
  const high = Number(item.high ?? "Infinity");
  if (/^\d{1,4}([.]\d{1,2})?$/.test(plain) && Number(plain) >= low && Number(plain) <= high) return null;
  return { field: "answer", words: t("checkIn.badNumber", { low: item.low ?? "0", high: item.high ?? "" }) };
}

function Field(props: {
  item: Item;
  chosen: string | number | null;
  typed: string;
  errors: readonly FieldError[];
  onChoose: (value: string | number) => void;
  onType: (text: string) => void;
}): JSX.Element {
  const { item } = props;
  const hint = item.help ? { hint: item.help } : {};
  const field = { id: "answer", label: t("checkIn.answer"), errors: props.errors, value: props.typed, ...hint };
  if (item.kind === "words") return <TextBox {...field} rows={4} maxLength={1000} onInput={props.onType} />;
  if (item.kind === "number") return <TextField {...field} mode="decimal" maxLength={7} onInput={props.onType} />;
  return (
    <Choices
      name="answer"
      legend={item.text}
      hint={item.help}
      value={props.chosen}
      choices={optionsOf(item, t("take.feel.yes"), t("take.feel.no"))}
      errors={props.errors}
      onChoose={props.onChoose}
    />
  );
}
