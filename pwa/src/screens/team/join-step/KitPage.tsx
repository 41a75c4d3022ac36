// Giving the kit by what stands on its label, and seeing its first reading arrive before anybody relies on it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { JoinedKit, Joining } from "../../../core/caseTypes";
import { t } from "../../../core/words";
import type { FieldError } from "../../../parts/ErrorSummary";
import { AskForm } from "../../../parts/team/CaseParts";
import { TextField } from "../../../parts/team/Field";
import { StateTag } from "../../../parts/team/KitParts";
import { kindWords } from "../../../parts/team/kitWords";
import { useOften } from "../../../parts/team/useOften";
import { FirstReading } from "./FirstReading";
import type { StepPage } from "./pages";

interface Reasons {
  without_cleaning_because: string;
  least_restrictive_because: string;
}

const NONE: Reasons = { without_cleaning_because: "", least_restrictive_because: "" };
const NEEDS_REASON: Record<string, keyof Reasons> = {
  "not-cleaned": "without_cleaning_because",
  "least-restrictive": "least_restrictive_because",
};

export function KitPage(props: StepPage): JSX.Element {
  const { joining, resource, go } = props;
  // The reading may come from a device that this desk hears no live word of.
  useOften(resource, 2000);
  if (!joining.patient) return <p>{t("join.recordFirst")}</p>;
  return (
    <>
      <Given kit={joining.kit} />
      <GiveKit {...props} />
      <FirstReading joining={joining} />
      <div class="al-ask__end">
        <button
          class={`al-button${joining.first_reading ? "" : " al-button--quiet"}`}
          type="button"
          onClick={() => go()}
        >
          {t("join.carryOn")}
        </button>
        {!joining.first_reading && <span class="al-quiet">{t("join.carryOnWords")}</span>}
      </div>
    </>
  );
}

function Given(props: { kit: readonly JoinedKit[] }): JSX.Element | null {
  if (props.kit.length === 0) return null;
  return (
    <ul class="al-kit-lines" aria-label={t("join.kitGiven")}>
      {props.kit.map((one) => (
        <li key={one.id} data-given={one.device_id}>
          <a class="al-kit-link" href={`/team/kit/${one.id}`}>
            {kindWords(one.kind)} <span class="al-kit-row__id">{one.serial ?? one.device_id}</span>
          </a>{" "}
          <StateTag state={one.state} />
          {one.is_telecare && one.state !== "live" && (
            <>
              {" "}
              <a class="al-kit-link" href={`/team/kit/${one.id}/proof`}>
                {t("join.prove")}
              </a>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

function wrongOf(device: string, asks: readonly (keyof Reasons)[], reasons: Reasons): FieldError[] {
  return [
    ...(device.trim() ? [] : [{ field: "device", words: t("join.noDevice") }]),
    ...asks.filter((name) => !reasons[name].trim()).map((name) => ({ field: name, words: t("join.noReason") })),
  ];
}

const bodyOf = (reasons: Reasons): Record<string, string | null> => ({
  without_cleaning_because: reasons.without_cleaning_because.trim() || null,
  least_restrictive_because: reasons.least_restrictive_because.trim() || null,
});

function GiveKit(props: StepPage): JSX.Element {
  const { changing, save } = props;
  const [device, setDevice] = useState("");
  const [reasons, setReasons] = useState<Reasons>(NONE);
  const [asks, setAsks] = useState<(keyof Reasons)[]>([]);
  const submit = async (): Promise<void> => {
    const wrong = wrongOf(device, asks, reasons);
    changing.fail(wrong);
    if (wrong.length > 0) return;
    const saved: Joining | null = await save("kit", { device: device.trim(), slot: 0, ...bodyOf(reasons) });
    if (!saved) return;
    setDevice("");
    setReasons(NONE);
    setAsks([]);
    document.getElementById("device")?.focus();
  };
  const wanted = NEEDS_REASON[changing.code ?? ""];
  if (wanted && !asks.includes(wanted)) setAsks([...asks, wanted]);
  const error = (field: string): string | null =>
    changing.errors.find((one) => one.field === field)?.words ?? null;
  return (
    <AskForm errors={changing.errors} busy={changing.busy} words={t("join.give")}
      quiet={props.joining.kit.length > 0}
      onSubmit={() => void submit()}
    >
      <TextField
        id="device"
        label={t(props.joining.kit.length > 0 ? "join.deviceMore" : "join.device")}
        hint={t("join.deviceHint")}
        value={device}
        maxLength={128}
        error={error("device")}
        onInput={setDevice}
      />
      {asks.map((name) => (
        <TextField
          key={name}
          id={name}
          label={t(`join.${name}`)}
          value={reasons[name]}
          maxLength={200}
          error={error(name)}
          onInput={(why) => setReasons({ ...reasons, [name]: why })}
        />
      ))}
    </AskForm>
  );
}
