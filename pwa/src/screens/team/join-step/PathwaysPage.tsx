// Which pathways somebody joins: each says whom it is for and what it needs.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { pathwayChoices } from "../../../core/caseload";
import type { PathwayChoice } from "../../../core/caseTypes";
import { t } from "../../../core/words";
import { FieldErrorMessage, type FieldError } from "../../../parts/ErrorSummary";
import { useResource } from "../../../parts/hooks";
import { Box } from "../../../parts/team/Asked";
import { AskForm } from "../../../parts/team/CaseParts";
import { kindWords } from "../../../parts/team/kitWords";
import type { StepPage } from "./pages";

export function PathwaysPage(props: StepPage): JSX.Element {
  const { joining, changing, save, go } = props;
  const said = joining.steps.pathways;
  const choices = useResource(useMemo(pathwayChoices, []));
  const [chosen, setChosen] = useState<string[]>(said?.pathways ?? []);
  const rows = choices.body?.rows ?? [];
  const submit = async (): Promise<void> => {
    const first = rows[0]?.pathway ?? "";
    changing.fail(chosen.length > 0 ? [] : [{ field: `pathway-${first}`, words: t("join.noPathway") }]);
    if (chosen.length === 0) return;
    const body = { pathways: chosen, limits: said?.limits ?? [], choices: said?.choices ?? [] };
    if (await save("pathways", body)) go();
  };
  if (!choices.body) return <p>{t(choices.asked ? "kitList.nothingKept" : "cases.opening")}</p>;
  return (
    <AskForm errors={changing.errors} busy={changing.busy} words={t("join.save")} onSubmit={() => void submit()}>
      <Boxes rows={rows} chosen={chosen} errors={changing.errors} onChange={setChosen} />
    </AskForm>
  );
}

function Boxes(props: {
  rows: PathwayChoice[];
  chosen: string[];
  errors: FieldError[];
  onChange: (chosen: string[]) => void;
}): JSX.Element {
  const { chosen, onChange } = props;
  const error = props.errors.find((one) => one.field?.startsWith("pathway-"))?.words ?? null;
  return (
    <div class={`nhsuk-form-group al-field${error ? " nhsuk-form-group--error" : ""}`}>
      <fieldset class="nhsuk-fieldset">
        <legend class="nhsuk-fieldset__legend al-field__legend">{t("join.whichPathways")}</legend>
        {error && <FieldErrorMessage id="pathways-error">{error}</FieldErrorMessage>}
        <div class="nhsuk-checkboxes">
          {props.rows.map((one) => (
            <Box
              key={one.pathway}
              id={`pathway-${one.pathway}`}
              words={one.title}
              hint={aboutWords(one)}
              checked={chosen.includes(one.pathway)}
              onTurn={(on) =>
                onChange(on ? [...chosen, one.pathway] : chosen.filter((other) => other !== one.pathway))
              }
            />
          ))}
        </div>
      </fieldset>
    </div>
  );
}

function aboutWords(one: PathwayChoice): string {
  const kit = one.kit.map((kind) => kindWords(kind).toLowerCase()).join(", ");
  return [one.for_whom.replace(/\s*\.?\s*$/, "."), kit ? t("join.pathwayKit", { kit }) : ""].filter(Boolean).join(" ");
}
