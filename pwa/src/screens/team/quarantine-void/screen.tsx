// Taking a faulty device's readings out of the records: looked at first, with a reason, and undone as easily.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo, useState } from "preact/hooks";
import { ApiError } from "../../../core/api";
import { correctionsOf, lookAt, type Period } from "../../../core/held";
import type { Difference, VoidPreview } from "../../../core/heldTypes";
import { t } from "../../../core/words";
import { momentOf } from "../../../core/wallClock";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { TextField } from "../../../parts/team/Field";
import { Trouble } from "../../../parts/team/HeldParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { troubleWords } from "../../../parts/team/useHeldActions";
import { Earlier } from "./Earlier";
import { Preview } from "./Preview";

export const address = "/team/quarantine-void";

export interface Looked {
  period: Period;
  preview: VoidPreview;
  difference: Difference;
}

interface Draft {
  device: string;
  from: string;
  to: string;
}

export function Screen(): JSX.Element {
  const now = useNow();
  const { query } = useRoute();
  const [looked, setLooked] = useState<Looked | null>(null);
  const [device, setDevice] = useState(query["device"] ?? "");
  const corrections = useResource(useMemo(() => (device ? correctionsOf(device) : null), [device]));
  return (
    <Page
      title={t("void.title")}
      header={<TeamHeader />}
      back={{ href: "/team/quarantine", words: t("held.title") }}
      wide
    >
      <p class="al-lead">{t("void.words")}</p>
      <Question
        device={query["device"] ?? ""}
        onAsk={() => setLooked(null)}
        onLooked={(found) => {
          setLooked(found);
          setDevice(found.period.device);
        }}
      />
      {looked && (
        <Preview
          key={JSON.stringify(looked.period)}
          looked={looked}
          now={now}
          onDone={() => {
            setLooked(null);
            document.getElementById("earlier-title")?.focus();
          }}
        />
      )}
      {device && <Earlier corrections={corrections.body?.corrections ?? []} now={now} />}
    </Page>
  );
}

function periodOf(draft: Draft): Period | null {
  const from = momentOf(draft.from);
  const to = momentOf(draft.to);
  if (!draft.device.trim() || !from || !to) return null;
  return { device: draft.device.trim(), from_at: from.toISOString(), to_at: to.toISOString() };
}

function Question(props: {
  device: string;
  onAsk: () => void;
  onLooked: (looked: Looked) => void;
}): JSX.Element {
  const [draft, setDraft] = useState<Draft>({ device: props.device, from: "", to: "" });
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    props.onAsk();
    const period = periodOf(draft);
    setTrouble(period ? null : t("void.missing"));
    if (!period || busy) return;
    setBusy(true);
    try {
      props.onLooked({ period, ...(await lookAt(period)) });
    } catch (cause) {
      setTrouble(cause instanceof ApiError ? troubleWords(cause) : t("act.notSent"));
    }
    setBusy(false);
  };
  return (
    <form class="al-void__form" noValidate onSubmit={(event) => void submit(event)}>
      <TextField
        id="void-device"
        label={t("void.device")}
        hint={t("void.deviceHint")}
        value={draft.device}
        onInput={(device) => setDraft({ ...draft, device })}
      />
      {(["from", "to"] as const).map((name) => (
        <TextField
          key={name}
          id={`void-${name}`}
          label={t(`void.${name}`)}
          type="datetime-local"
          value={draft[name]}
          onInput={(at) => setDraft({ ...draft, [name]: at })}
        />
      ))}
      <Trouble words={trouble} />
      <button class="al-button" type="submit" aria-disabled={busy}>
        {t("void.look")}
      </button>
    </form>
  );
}
