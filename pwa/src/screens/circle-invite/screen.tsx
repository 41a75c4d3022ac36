// Inviting somebody to help: who, what they may see, until when; then a code to scan, to read out or to send.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { sendInvitation } from "../../core/circle";
import { endOfDay } from "../../core/circleWords";
import { calendarDate } from "../../core/format";
import { dayOf } from "../../core/planDays";
import { t } from "../../core/words";
import type { InvitationCode } from "../../core/circleTypes";
import { AllowedFields, wrongWith, type AllowedDraft } from "../../parts/AllowedFields";
import { CirclePage, toCircle, type CircleShown } from "../../parts/CirclePage";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { TextField } from "../../parts/Fields";
import { QrCode } from "../../parts/QrCode";
import { useAct } from "../../parts/useAct";
import { useDraft } from "../../parts/useDraft";

export const address = "/circle/invite";
export const nav = "plan";

interface Draft extends AllowedDraft {
  id: string;
  name: string;
  relation: string;
}

export function Screen(): JSX.Element {
  return (
    <CirclePage title={t("invite.title")} back={toCircle()}>
      {(shown) => (shown.patient.relation === "self" ? <Invite shown={shown} /> : <p>{t("invite.onlySelf")}</p>)}
    </CirclePage>
  );
}

const blank = (): Draft => ({
  id: crypto.randomUUID(), name: "", relation: "", scopes: ["readings"], until: "", tell_seen: false,
});

function wrongIn(draft: Draft, today: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!draft.name.trim()) errors.push({ field: "name", words: t("invite.noName") });
  if (!draft.relation.trim()) errors.push({ field: "relation", words: t("invite.noRelation") });
  return [...errors, ...wrongWith(draft, today)];
}

function Invite(props: { shown: CircleShown }): JSX.Element {
  const { patient, now, again } = props.shown;
  const [start] = useState(blank);
  const { value, change, forget } = useDraft<Draft>(`${patient.id}/circle/invite`, start);
  const [code, setCode] = useState<InvitationCode | null>(null);
  const { errors, busy, fail, run } = useAct();
  const submit = (event: Event): void => {
    event.preventDefault();
    const found = wrongIn(value, dayOf(now));
    fail(found);
    if (found.length > 0) return;
    const { scopes, tell_seen } = value;
    const who = { for_name: value.name.trim(), relation: value.relation.trim() };
    run(async () => {
      setCode(await sendInvitation(patient.id, value.id, { ...who, scopes, tell_seen, until: endOfDay(value.until) }));
      forget();
      again();
    });
  };
  if (code) return <Code code={code} name={value.name} />;
  return (
    <form onSubmit={submit} noValidate>
      <ErrorSummary errors={errors} />
      <TextField id="name" label={t("invite.name")} maxLength={120} value={value.name} errors={errors}
        onInput={(name) => change({ ...value, name })} />
      <TextField id="relation" label={t("invite.relation")} hint={t("invite.relationHint")} maxLength={60}
        value={value.relation} errors={errors} onInput={(relation) => change({ ...value, relation })} />
      <AllowedFields value={value} errors={errors} onChange={(more) => change({ ...value, ...more })} />
      <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
        {t("invite.do")}
      </button>
    </form>
  );
}

/** Shown this once; whoever loses it makes another. */
function Code(props: { code: InvitationCode; name: string }): JSX.Element {
  const { code, name } = props;
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => void navigator.clipboard?.writeText(code.link).then(() => setCopied(true));
  return (
    <section aria-labelledby="code-title">
      <h2 class="al-section" id="code-title">
        {t("invite.made", { name })}
      </h2>
      <p>{t("invite.scan", { name })}</p>
      <QrCode holds={code.link} label={t("invite.qr")} />
      <p>{t("invite.type", { address: code.link.replace(/#.*$/, "").replace(/^https?:\/\//, "") })}</p>
      <p class="al-code">
        <bdi dir="ltr">{code.code}</bdi>
      </p>
      <p>{t("invite.until", { date: calendarDate(new Date(code.expires_at)) })}</p>
      <p>{t("invite.once")}</p>
      <p class="al-card__ways">
        <button class="al-button al-button--quiet" type="button" onClick={copy}>
          {t("invite.copy")}
        </button>
      </p>
      <p role="status">{isCopied ? t("invite.copied") : ""}</p>
      <a class="al-button al-button--main" href="/circle">
        {t("invite.done")}
      </a>
    </section>
  );
}
