// The fields of a section by its kind: words, signs and steps one a line, medicines, people to ring.
import type { JSX } from "preact";
import { isAdvice, isContacts, isMedicines } from "../../core/planWords";
import { t } from "../../core/words";
import type { Contact, Medicine, SectionBody } from "../../core/planTypes";
import type { FieldError } from "../ErrorSummary";
import { TextBox, TextField } from "../Fields";
import { Rows } from "./Rows";

interface FieldsProps {
  body: SectionBody;
  title: string;
  prompt: string;
  errors: readonly FieldError[];
  onChange: (body: SectionBody) => void;
}

export function BodyFields(props: FieldsProps): JSX.Element {
  const { body, errors, onChange } = props;
  if (isAdvice(body)) return <AdviceFields {...props} />;
  if (isMedicines(body))
    return <MedicineRows medicines={body.medicines} onChange={(medicines) => onChange({ medicines })} />;
  if (isContacts(body))
    return <ContactRows contacts={body.contacts} onChange={(contacts) => onChange({ contacts })} />;
  return (
    <TextBox
      id="text"
      label={props.title}
      {...(props.prompt ? { hint: props.prompt } : {})}
      rows={8}
      value={body.text}
      errors={errors}
      onInput={(text) => onChange({ text })}
    />
  );
}

/** While somebody types, empty lines stand; they are left out when it is saved. */
const linesOf = (text: string): string[] => text.split("\n");

function AdviceFields(props: FieldsProps): JSX.Element | null {
  const { body, onChange } = props;
  if (!isAdvice(body)) return null;
  return (
    <>
      <TextBox
        id="signs"
        label={t("plan.signs")}
        hint={t("edit.oneLine")}
        value={body.signs.join("\n")}
        onInput={(text) => onChange({ ...body, signs: linesOf(text) })}
      />
      <TextBox
        id="do"
        label={t("plan.do")}
        hint={t("edit.oneLine")}
        value={body.do.join("\n")}
        onInput={(text) => onChange({ ...body, do: linesOf(text) })}
      />
      <TextField
        id="call"
        label={t("plan.call")}
        maxLength={300}
        value={body.call}
        onInput={(call) => onChange({ ...body, call })}
      />
    </>
  );
}

const NO_MEDICINE: Medicine = { name: "", dose: "", when: "", what_for: "" };

function MedicineRows(props: {
  medicines: readonly Medicine[];
  onChange: (medicines: Medicine[]) => void;
}): JSX.Element {
  return (
    <Rows
      items={props.medicines}
      blank={NO_MEDICINE}
      add={t("edit.addMedicine")}
      remove={(one) => t("edit.remove", { what: one.name || t("edit.thisOne") })}
      onChange={props.onChange}
    >
      {(one, id, change) => (
        <>
          <TextField id={`${id}-name`} label={t("edit.medicine")} value={one.name} maxLength={120}
            onInput={(name) => change({ ...one, name })} />
          <TextField id={`${id}-dose`} label={t("edit.dose")} value={one.dose} maxLength={120}
            onInput={(dose) => change({ ...one, dose })} />
          <TextField id={`${id}-when`} label={t("edit.when")} value={one.when} maxLength={120}
            onInput={(when) => change({ ...one, when })} />
          <TextField id={`${id}-for`} label={t("edit.whatFor")} value={one.what_for}
            onInput={(what_for) => change({ ...one, what_for })} />
        </>
      )}
    </Rows>
  );
}

const NO_CONTACT: Contact = { name: "", relation: "", phone: "" };

function ContactRows(props: {
  contacts: readonly Contact[];
  onChange: (contacts: Contact[]) => void;
}): JSX.Element {
  return (
    <Rows
      items={props.contacts}
      blank={NO_CONTACT}
      add={t("edit.addContact")}
      remove={(one) => t("edit.remove", { what: one.name || t("edit.thisOne") })}
      onChange={props.onChange}
    >
      {(one, id, change) => (
        <>
          <TextField id={`${id}-name`} label={t("edit.name")} value={one.name} maxLength={120}
            onInput={(name) => change({ ...one, name })} />
          <TextField id={`${id}-relation`} label={t("edit.relation")} value={one.relation} maxLength={80}
            onInput={(relation) => change({ ...one, relation })} />
          <TextField id={`${id}-phone`} label={t("edit.phone")} type="tel" value={one.phone ?? ""} maxLength={40}
            onInput={(phone) => change({ ...one, phone })} />
        </>
      )}
    </Rows>
  );
}
