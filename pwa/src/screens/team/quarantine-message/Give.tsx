// Saying whose reading it is: found by name or NHS number on one's own caseload, chosen, and with a reason.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { calendarDate, nhsNumber } from "../../../core/format";
import { peopleFor } from "../../../core/held";
import type { HeldMessage, PersonChoice, ReplayProgress } from "../../../core/heldTypes";
import { t } from "../../../core/words";
import { RadioField, TextField } from "../../../parts/team/Field";
import { Progress, SHORTEST_REASON, Trouble } from "../../../parts/team/HeldParts";
import { useHeldActions, useProgress } from "../../../parts/team/useHeldActions";

/** A name alone is not enough to tell two people apart. */
function choiceWords(one: PersonChoice): string {
  const born = calendarDate(new Date(`${one.birth_date}T12:00:00Z`));
  const words = t("give.person", { name: one.display_name, born, nhs: nhsNumber(one.nhs_number) });
  return one.wore ? `${words} ${t("give.wore")}` : words;
}

function usePeople(message: string): [PersonChoice[] | null, (words: string) => void] {
  const [people, setPeople] = useState<PersonChoice[] | null>(null);
  const find = (words: string): void => {
    peopleFor(message, words)
      .then(setPeople)
      .catch(() => setPeople([]));
  };
  // Who wore the device before or since is offered without asking.
  useEffect(() => find(""), [message]);
  return [people, find];
}

export function Give(props: { message: HeldMessage }): JSX.Element {
  const [replay, setReplay] = useState<ReplayProgress | null>(null);
  const progress = useProgress(replay);
  const isGoing = (progress?.waiting ?? 0) > 0;
  return (
    <section class="al-held__replay" aria-labelledby="give-title">
      <h2 class="al-section" id="give-title">
        {t("give.title")}
      </h2>
      <p>{t("give.words")}</p>
      <GiveForm message={props.message.id} isGoing={isGoing} onAsked={setReplay} />
      {progress && <Progress progress={progress} />}
    </section>
  );
}

function GiveForm(props: {
  message: string;
  isGoing: boolean;
  onAsked: (asked: ReplayProgress | null) => void;
}): JSX.Element {
  const [people, find] = usePeople(props.message);
  const [wanted, setPerson] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const { trouble, busy, send } = useHeldActions();
  // Somebody chosen from an earlier list is chosen no more: what is not on the screen must not be sent.
  const chosen = people?.find((one) => one.id === wanted);
  const person = chosen?.id ?? "";
  const isShort = reason.trim().length < SHORTEST_REASON;
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (!person) return document.getElementById(people?.length ? "give-who" : "give-find")?.focus();
    if (isShort) return document.getElementById("give-reason")?.focus();
    const body = { patient_id: person, reason: reason.trim() };
    props.onAsked(await send<ReplayProgress>(`/quarantine/${props.message}/attribution`, body));
  };
  return (
    <>
      <Find
        onFind={(words) => {
          setPerson("");
          find(words);
        }}
      />
      <form noValidate onSubmit={(event) => void submit(event)}>
        <Who people={people} person={person} isMissing={tried && !person} onChoose={setPerson} />
        <TextField
          id="give-reason"
          label={t("give.why")}
          value={reason}
          maxLength={500}
          error={tried && isShort ? t("held.reasonShort") : null}
          onInput={setReason}
        />
        <Trouble words={trouble} />
        <button class="al-button" type="submit" aria-disabled={busy || props.isGoing}>
          {chosen ? t("give.doTo", { name: chosen.display_name }) : t("give.do")}
        </button>
      </form>
    </>
  );
}

function Who(props: {
  people: PersonChoice[] | null;
  person: string;
  isMissing: boolean;
  onChoose: (person: string) => void;
}): JSX.Element | null {
  const { people } = props;
  if (!people) return null;
  if (people.length === 0) return <p role="status">{t("give.nobody")}</p>;
  return (
    <RadioField
      id="give-who"
      legend={t("give.who")}
      value={props.person}
      choices={people.map((one) => ({ value: one.id, words: choiceWords(one) }))}
      error={props.isMissing ? t("give.choose") : null}
      onInput={props.onChoose}
    />
  );
}

function Find(props: { onFind: (words: string) => void }): JSX.Element {
  const [words, setWords] = useState("");
  return (
    <form
      class="al-held__find"
      role="search"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        props.onFind(words.trim());
      }}
    >
      <TextField
        id="give-find"
        label={t("give.find")}
        type="search"
        value={words}
        maxLength={80}
        onInput={setWords}
      />
      <button class="al-button al-button--quiet" type="submit">
        {t("give.search")}
      </button>
    </form>
  );
}
