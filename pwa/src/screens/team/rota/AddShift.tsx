// Writing down who has a duty, from when to when.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { wrongIn, type Draft, type Question } from "../../../core/asked";
import type { Rota, Shift } from "../../../core/rotaTypes";
import type { Resource } from "../../../core/sync";
import { momentOf } from "../../../core/wallClock";
import { t } from "../../../core/words";
import type { FieldError } from "../../../parts/ErrorSummary";
import { Asked } from "../../../parts/team/Asked";
import { AskForm } from "../../../parts/team/CaseParts";
import { useChange } from "../../../parts/team/useChange";

function askedOf(rota: Rota): Question[] {
  const names = Object.fromEntries(rota.staff.map((one) => [one.id, one.name]));
  return [
    { id: "rota_role", kind: "radio", values: ["on-call", "duty-manager"], needed: true },
    { id: "rota_who", kind: "select", values: rota.staff.map((one) => one.id), words: names, needed: true },
    { id: "rota_from", kind: "moment", needed: true },
    { id: "rota_to", kind: "moment", needed: true },
  ];
}

const at = (draft: Draft, id: string): string => momentOf(draft[id] ?? "")?.toISOString() ?? "";

function wrongOf(asked: Question[], draft: Draft): FieldError[] {
  const wrong: FieldError[] = wrongIn(asked, draft);
  if (wrong.length === 0 && at(draft, "rota_to") <= at(draft, "rota_from"))
    wrong.push({ field: "rota_to", words: t("rota.badTimes") });
  return wrong;
}

export function AddShift(props: { rota: Rota; resource: Resource<Rota> }): JSX.Element {
  const { rota, resource } = props;
  const [draft, setDraft] = useState<Draft>({ rota_role: "on-call" });
  const [isDone, setDone] = useState(false);
  const changing = useChange();
  const asked = askedOf(rota);
  const submit = async (): Promise<void> => {
    const wrong = wrongOf(asked, draft);
    changing.fail(wrong);
    setDone(false);
    if (wrong.length > 0) return;
    const body = {
      role: draft["rota_role"],
      practitioner_id: draft["rota_who"],
      from: at(draft, "rota_from"),
      to: at(draft, "rota_to"),
    };
    const answer = await changing.send<Shift>({ path: "/rota", body, version: null });
    await resource.pull();
    if (answer.kind === "refused") return;
    setDraft({ ...draft, rota_from: draft["rota_to"] ?? "", rota_to: "" });
    setDone(true);
  };
  return (
    <section aria-labelledby="add-shift">
      <h2 class="al-section" id="add-shift">
        {t("rota.add")}
      </h2>
      <AskForm errors={changing.errors} busy={changing.busy} words={t("rota.addDo")} onSubmit={() => void submit()}>
        <Asked
          asked={asked}
          draft={draft}
          errors={changing.errors}
          onChange={(part) => setDraft((had) => ({ ...had, ...part }))}
        />
      </AskForm>
      <div role="status">{isDone && <p class="al-notice">{t("rota.added")}</p>}</div>
    </section>
  );
}
