// What a section says, drawn by its kind: words, the signs and steps of one colour, medicines, people to ring.
import type { JSX } from "preact";
import { telephone } from "../../core/format";
import { cutAtNumbers, isAdvice, isContacts, isMedicines } from "../../core/planWords";
import { t } from "../../core/words";
import type { AdviceBody, Contact, Medicine, SectionBody } from "../../core/planTypes";

export function Body(props: { body: SectionBody; large?: boolean }): JSX.Element {
  const { body } = props;
  if (isAdvice(body)) return <Advice body={body} />;
  if (isMedicines(body)) return <Medicines medicines={body.medicines} />;
  if (isContacts(body)) return <People contacts={body.contacts} />;
  return <Words text={body.text} large={props.large ?? false} />;
}

export function Words(props: { text: string; large?: boolean }): JSX.Element {
  const lines = props.text.split("\n").filter((line) => line.trim());
  return (
    <>
      {lines.map((line, index) => (
        <p key={index} class={props.large ? "al-sentence" : ""}>
          {line}
        </p>
      ))}
    </>
  );
}

function Advice(props: { body: AdviceBody }): JSX.Element {
  const { signs, do: steps, call } = props.body;
  return (
    <>
      <Lines title={t("plan.signs")} lines={signs} />
      <Lines title={t("plan.do")} lines={steps} />
      {call && (
        <p>
          <strong>{t("plan.call")}</strong> <Ringable text={call} />
        </p>
      )}
    </>
  );
}

/** Whatever number stands in the words is one tap away. */
function Ringable(props: { text: string }): JSX.Element {
  return (
    <>
      {cutAtNumbers(props.text).map(({ text, isNumber }, index) =>
        isNumber ? (
          <a key={index} class="al-dial" href={telephone(text)}>
            <bdi dir="ltr">{text}</bdi>
          </a>
        ) : (
          text
        ),
      )}
    </>
  );
}

function Lines(props: { title: string; lines: readonly string[] }): JSX.Element | null {
  if (props.lines.length === 0) return null;
  return (
    <>
      <p class="al-lines__title">{props.title}</p>
      <ul class="nhsuk-list nhsuk-list--bullet">
        {props.lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </>
  );
}

function Medicines(props: { medicines: readonly Medicine[] }): JSX.Element {
  return (
    <ul class="al-list">
      {props.medicines.map((one) => (
        <li key={`${one.name} ${one.dose} ${one.when}`}>
          <strong>{one.name}</strong> {one.dose}
          {one.when && <span class="al-list__more">{one.when}</span>}
          {one.what_for && <span class="al-list__more al-quiet">{one.what_for}</span>}
        </li>
      ))}
    </ul>
  );
}

export function People(props: { contacts: readonly Contact[] }): JSX.Element {
  return (
    <ul class="al-list">
      {props.contacts.map((one) => (
        <li key={`${one.name} ${one.phone ?? ""}`}>
          <strong>{one.name}</strong> {one.relation}
          {one.phone && (
            <span class="al-list__more">
              <a class="al-dial" href={telephone(one.phone)}>
                <bdi dir="ltr">{one.phone}</bdi>
              </a>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
