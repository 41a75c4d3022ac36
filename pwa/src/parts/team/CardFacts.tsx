// What whoever rings has to know before the telephone is answered; what nobody has asked is named as not known.
import type { ComponentChildren, JSX } from "preact";
import type { CardFacts } from "../../core/cardTypes";
import { calendarDate, telephone } from "../../core/format";
import { t, wordFor, type WordKey } from "../../core/words";
import { Digits } from "../Reading";
import { languageWords, rangeOf } from "./rowWords";

interface Known {
  name: WordKey;
  words: ComponentChildren;
}

function yesNo(value: boolean | null): string | null {
  return value === null ? null : t(value ? "fact.yes" : "fact.no");
}

function spoken(facts: CardFacts): string | null {
  if (!facts.language) return null;
  const language = languageWords(facts.language);
  return t(facts.interpreter ? "fact.interpreter" : "fact.noInterpreter", { language });
}

function rescuePack(facts: CardFacts): string | null {
  const where = facts.rescue_pack_where;
  return where ? t("fact.rescueWhere", { where }) : yesNo(facts.rescue_pack);
}

function oxygen(facts: CardFacts): string | null {
  const litres = facts.oxygen_litres;
  return litres ? t("fact.litres", { litres }) : yesNo(facts.home_oxygen);
}

/** In the order a nurse asks; `words` null is not known. */
function factsOf(facts: CardFacts): Known[] {
  const target = facts.oxygen_target;
  const second = facts.second_number;
  return [
    { name: "fact.alone", words: yesNo(facts.lives_alone) },
    { name: "fact.keySafe", words: facts.key_safe_reference ?? t("fact.no") },
    { name: "fact.language", words: spoken(facts) },
    { name: "fact.hearing", words: facts.hearing },
    { name: "fact.sight", words: facts.sight },
    { name: "fact.reach", words: facts.reach },
    { name: "fact.oxygenTarget", words: target && <Digits>{rangeOf(target)}</Digits> },
    { name: "fact.homeOxygen", words: oxygen(facts) },
    { name: "fact.rescuePack", words: rescuePack(facts) },
    { name: "fact.anticoagulant", words: yesNo(facts.anticoagulant) },
    { name: "card.second", words: second && <Phone name={t("act.call")} phone={second} /> },
  ];
}

export function CardFactsList(props: { facts: CardFacts }): JSX.Element {
  const { facts } = props;
  const every = factsOf(facts);
  const unknown = every.filter((one) => one.words === null).map((one) => t(one.name));
  return (
    <section aria-labelledby="facts-title">
      <h3 class="al-section" id="facts-title">
        {t("card.facts")}
      </h3>
      <dl class="al-facts">
        {facts.palliative_line && (
          <Fact name={t("fact.palliative")}>
            <Phone name={facts.palliative_line.name} phone={facts.palliative_line.phone} />
            <p>{t("fact.palliativeMeans")}</p>
          </Fact>
        )}
        <Documents facts={facts} />
        {facts.plan && <PlanWords plan={facts.plan} />}
        {every
          .filter((one) => one.words !== null)
          .map((one) => (
            <Fact key={one.name} name={t(one.name)}>
              {one.words}
            </Fact>
          ))}
        {facts.usual.length > 0 && <Usual facts={facts} />}
        {facts.contacts.length > 0 && <Contacts facts={facts} />}
        {unknown.length > 0 && <Fact name={t("fact.unknown")}>{unknown.join(", ")}</Fact>}
      </dl>
    </section>
  );
}

function Fact(props: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="al-facts__row al-facts__row--side">
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** That a document exists and where its original is: a pointer, which orders nothing. */
function Documents(props: { facts: CardFacts }): JSX.Element {
  return (
    <>
      {props.facts.documents.map((one) => (
        <Fact key={one.kind + one.dated} name={wordFor("document", one.kind) ?? one.kind}>
          {t("fact.document", {
            dated: calendarDate(new Date(`${one.dated}T12:00:00Z`)),
            where: one.original_at,
            who: one.verified_by,
          })}{" "}
          {one.ceiling && t("fact.ceiling", { words: one.ceiling })}
        </Fact>
      ))}
    </>
  );
}

/** What the person reads on their phone now, so that whoever rings says the same. */
function PlanWords(props: { plan: NonNullable<CardFacts["plan"]> }): JSX.Element {
  return (
    <Fact name={t(props.plan.is_agreed ? "fact.planAgreed" : "fact.planPathway")}>
      {props.plan.words.map((one) => (
        <span key={one} class="al-facts__line">
          {one}
        </span>
      ))}
    </Fact>
  );
}

function Usual(props: { facts: CardFacts }): JSX.Element {
  return (
    <Fact name={t("card.usual")}>
      {props.facts.usual.map((one) => (
        <span key={one.code} class="al-facts__line">
          {wordFor("code", one.code) ?? one.code}: <Digits>{rangeOf(one)}</Digits>
        </span>
      ))}
    </Fact>
  );
}

function Contacts(props: { facts: CardFacts }): JSX.Element {
  return (
    <Fact name={t("card.contacts")}>
      {props.facts.contacts.map((one) => {
        const name = `${one.name}, ${one.relation}`;
        return (
          <span key={name} class="al-facts__line">
            {one.phone ? <Phone name={name} phone={one.phone} /> : name}
          </span>
        );
      })}
    </Fact>
  );
}

function Phone(props: { name: string; phone: string }): JSX.Element {
  return (
    <a class="al-phone" href={telephone(props.phone)}>
      {props.name} {props.phone}
    </a>
  );
}
