// After any answer to the question about harm but "not at all": people to talk to now, before anything else.
// Numbers and words stand in the form itself, so that they need no network.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { nextItem } from "../../core/checkIn";
import { t } from "../../core/words";
import type { Safety } from "../../core/selfTypes";
import { Choices } from "../../parts/Choices";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { Page } from "../../parts/Page";
import { CrisisLines } from "./CrisisLines";
import type { PageOfProps } from "./screen";
import { WhoKnows } from "./WhoKnows";

export function SafePage(props: PageOfProps): JSX.Element | null {
  const { form, now } = props;
  const { safety } = form;
  const { answering } = now;
  const [isLost, setLost] = useState(false);
  if (!safety) return null;
  const say = async (safeNow: "yes" | "no"): Promise<void> => {
    await props.post(now.change({ safeNow }), "draft").catch(() => setLost(true));
  };
  const next = nextItem(form, answering.answers, safety.item);
  return (
    <Page title={t("safe.title")}>
      <p class="al-sentence" role={answering.safeNow === null ? undefined : "alert"}>
        {answering.safeNow === null ? safety.words : safety[answering.safeNow]}
      </p>
      {isLost ? <p class="al-error">{t("worried.lost")}</p> : <WhoKnows command={answering.command} />}
      <CrisisLines safety={safety} isUnsafe={answering.safeNow === "no"} />
      {answering.safeNow === null ? (
        <Ask safety={safety} onSay={(value) => void say(value)} />
      ) : (
        <>
          {answering.safeNow === "yes" && (
            <button class="al-link-button" type="button" onClick={() => void say("no")}>
              {t("safe.changed")}
            </button>
          )}
          <button
            class="al-button al-button--main al-button--quiet"
            type="button"
            onClick={() => props.goTo(next ? `q-${next.id}` : "check")}
          >
            {t("checkIn.goOn")}
          </button>
        </>
      )}
    </Page>
  );
}

function Ask(props: { safety: Safety; onSay: (value: "yes" | "no") => void }): JSX.Element {
  const [value, setValue] = useState<"yes" | "no" | null>(null);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (value === null) return setErrors([{ field: "safe-yes", words: t("take.oxygen.choose") }]);
    props.onSay(value);
  };
  return (
    <form class="al-form" noValidate onSubmit={submit}>
      <h2 class="al-section">{props.safety.asks}</h2>
      <ErrorSummary errors={errors} />
      <Choices
        name="safe"
        legend={props.safety.asks}
        value={value}
        choices={(["yes", "no"] as const).map((one) => ({ value: one, words: t(`safe.${one}`) }))}
        errors={errors}
        onChoose={setValue}
      />
      <button class="al-button al-button--main" type="submit">
        {t("take.next")}
      </button>
    </form>
  );
}
