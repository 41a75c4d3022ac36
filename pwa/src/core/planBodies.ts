// A section's body as a form begins with it, and as it is sent: no empty lines, no empty rows.
import { isAdvice, isContacts, isMedicines } from "./planWords";
import type { Section, SectionBody } from "./planTypes";

const clean = (lines: readonly string[]): string[] => lines.map((line) => line.trim()).filter(Boolean);

/** What nobody has written yet may come without its fields. */
export function startingBody(section: Pick<Section, "kind" | "body">): SectionBody {
  const body: Partial<Record<string, unknown>> = { ...section.body };
  const list = <T>(name: string): T[] => (Array.isArray(body[name]) ? (body[name] as T[]) : []);
  const text = (name: string): string => (typeof body[name] === "string" ? body[name] : "");
  if (section.kind === "advice") return { signs: list("signs"), do: list("do"), call: text("call") };
  if (section.kind === "medicines") return { medicines: list("medicines") };
  if (section.kind === "contacts") return { contacts: list("contacts") };
  return { text: text("text") };
}

export function cleanBody(body: SectionBody): SectionBody {
  if (isAdvice(body)) return { signs: clean(body.signs), do: clean(body.do), call: body.call.trim() };
  if (isMedicines(body))
    return {
      medicines: body.medicines
        .map(({ name, dose, when, what_for }) => {
          const [a = "", b = "", c = "", d = ""] = [name, dose, when, what_for].map((one) => one.trim());
          return { name: a, dose: b, when: c, what_for: d };
        })
        .filter(({ name }) => name),
    };
  if (isContacts(body))
    return {
      contacts: body.contacts
        .map(({ name, relation, phone }) => ({
          name: name.trim(), relation: relation.trim(), phone: phone?.trim() || null,
        }))
        .filter(({ name }) => name),
    };
  return { text: body.text.trim() };
}
