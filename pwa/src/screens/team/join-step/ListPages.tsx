// The pages that ask the same of several people: whom to ring, and who may act for somebody.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { wrongIn, type Draft, type Question } from "../../../core/asked";
import { t } from "../../../core/words";
import { Asked } from "../../../parts/team/Asked";
import { AskForm } from "../../../parts/team/CaseParts";
import { CONTACT, HOME, PROXY } from "../../../parts/team/joinAsked";
import { contactBody, contactDraft, homeDraft, proxyBody, proxyDraft } from "../../../parts/team/joinBodies";
import type { FieldError } from "../../../parts/ErrorSummary";
import type { StepPage } from "./pages";

const prefixOf = (index: number): string => `p${String(index)}-`;

function wrongOf(asked: readonly Question[], drafts: readonly Draft[]): FieldError[] {
  return drafts.flatMap((draft, index) => wrongIn(asked, draft, prefixOf(index)));
}

interface PeopleProps {
  asked: readonly Question[];
  drafts: Draft[];
  errors: FieldError[];
  words: { one: (n: number) => string; add: string; none: string };
  onChange: (drafts: Draft[]) => void;
}

function People(props: PeopleProps): JSX.Element {
  const { drafts, onChange, words } = props;
  const set = (index: number, part: Draft): void =>
    onChange(drafts.map((draft, at) => (at === index ? { ...draft, ...part } : draft)));
  return (
    <>
      {drafts.length === 0 && <p>{words.none}</p>}
      {drafts.map((draft, index) => (
        <section key={index} class="al-kit-form" aria-labelledby={`${prefixOf(index)}title`}>
          <h2 class="al-ask__title" id={`${prefixOf(index)}title`}>
            {words.one(index + 1)}
          </h2>
          <Asked
            asked={props.asked}
            draft={draft}
            errors={props.errors}
            prefix={prefixOf(index)}
            onChange={(part) => set(index, part)}
          />
          <button
            class="al-link-button"
            type="button"
            aria-label={t("join.removeLong", { who: words.one(index + 1) })}
            onClick={() => onChange(drafts.filter((_, at) => at !== index))}
          >
            {t("join.remove")}
          </button>
        </section>
      ))}
      <button class="al-button al-button--quiet al-ask__add" type="button" onClick={() => onChange([...drafts, {}])}>
        {words.add}
      </button>
    </>
  );
}

export function ContactsPage(props: StepPage): JSX.Element {
  const { joining, changing, save, go } = props;
  const said = joining.steps.contacts;
  const [home, setHome] = useState<Draft>(homeDraft(said));
  const [drafts, setDrafts] = useState<Draft[]>(said ? said.contacts.map(contactDraft) : [{}]);
  const submit = async (): Promise<void> => {
    const wrong = [...wrongIn(HOME, home), ...wrongOf(CONTACT, drafts)];
    changing.fail(wrong);
    if (wrong.length > 0) return;
    const alone = home["lives_alone"];
    const body = {
      lives_alone: alone === "yes" ? true : alone === "no" ? false : null,
      key_safe_reference: (home["key_safe_reference"] ?? "").trim() || null,
      contacts: drafts.map(contactBody),
    };
    if (await save("contacts", body)) go();
  };
  return (
    <AskForm errors={changing.errors} busy={changing.busy} words={t("join.save")} onSubmit={() => void submit()}>
      <Asked
        asked={HOME}
        draft={home}
        errors={changing.errors}
        onChange={(part) => setHome({ ...home, ...part })}
      />
      <People
        asked={CONTACT}
        drafts={drafts}
        errors={changing.errors}
        words={{
          one: (n) => t("join.contact", { number: n }),
          add: t(drafts.length > 0 ? "join.addAnother" : "join.addContact"),
          none: t("join.noContacts"),
        }}
        onChange={setDrafts}
      />
    </AskForm>
  );
}

export function HelpersPage(props: StepPage): JSX.Element {
  const { joining, changing, save, go } = props;
  const consent = joining.steps.consent;
  const [drafts, setDrafts] = useState<Draft[]>((consent?.proxies ?? []).map(proxyDraft));
  if (!consent)
    return (
      <p>
        {t("join.consentFirst")} <a href={`/team/join/${joining.id}/consent`}>{t("join.consentFirstLink")}</a>
      </p>
    );
  const submit = async (): Promise<void> => {
    const wrong = wrongOf(PROXY, drafts);
    const finance = drafts.findIndex((draft) => draft["basis"] === "lpa-property-and-finance");
    if (finance >= 0) wrong.push({ field: `${prefixOf(finance)}basis`, words: t("join.financeOnly") });
    changing.fail(wrong);
    if (wrong.length > 0) return;
    if (await save("consent", { ...consent, proxies: drafts.map(proxyBody) })) go();
  };
  return (
    <AskForm errors={changing.errors} busy={changing.busy} words={t("join.save")} onSubmit={() => void submit()}>
      <p>{t("join.helpersIntro")}</p>
      <People
        asked={PROXY}
        drafts={drafts}
        errors={changing.errors}
        words={{
          one: (n) => t("join.helper", { number: n }),
          add: t(drafts.length > 0 ? "join.addAnother" : "join.addHelper"),
          none: t("join.noHelpers"),
        }}
        onChange={setDrafts}
      />
    </AskForm>
  );
}
