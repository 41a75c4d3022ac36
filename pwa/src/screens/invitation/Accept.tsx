// Saying yes: with the account that is signed in here, or with a new one.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { invitationRefused, untilWords } from "../../core/circleWords";
import { acceptInvitation } from "../../core/session";
import { t } from "../../core/words";
import type { Accepted, Invited } from "../../core/circleTypes";
import { ErrorSummary, type FieldError } from "../../parts/ErrorSummary";
import { TextField } from "../../parts/Fields";
import { useSession } from "../../parts/hooks";
import { PhoneQuestion, type PhoneAnswer } from "../../parts/PhoneQuestion";
import { ScopeList } from "../../parts/ScopeList";
import { useAct } from "../../parts/useAct";

const SHORTEST = 10;

interface AcceptProps {
  code: string;
  invited: Invited;
  onDone: (accepted: Accepted) => void;
  onErrors: (has: boolean) => void;
}

export function Accept(props: AcceptProps): JSX.Element {
  const { invited } = props;
  const session = useSession();
  return (
    <>
      <p class="al-sentence">{t("invitation.by", { name: invited.by, you: invited.for_name })}</p>
      <p class="al-lines__title">{t("invitation.maySee")}</p>
      <ScopeList scopes={invited.scopes} />
      <p>{untilWords(invited.until)}</p>
      <p>{t("invitation.known")}</p>
      {session.kind === "in" ? (
        <AsNow {...props} name={session.session.display_name} />
      ) : (
        <AsNew {...props} />
      )}
    </>
  );
}

function AsNow(props: AcceptProps & { name: string }): JSX.Element {
  const { errors, busy, run } = useAct(invitationRefused);
  useEffect(() => props.onErrors(errors.length > 0), [errors]);
  return (
    <>
      <ErrorSummary errors={errors} />
      <p>{t("invitation.asNow", { name: props.name })}</p>
      <button
        class="al-button al-button--main"
        type="button"
        aria-disabled={busy}
        onClick={() => run(() => acceptInvitation(props.code, null).then(props.onDone))}
      >
        {t("invitation.accept")}
      </button>
    </>
  );
}

function AsNew(props: AcceptProps): JSX.Element {
  const [name, setName] = useState(props.invited.for_name);
  const [password, setPassword] = useState("");
  const [phone, setPhone] = useState<PhoneAnswer | null>(null);
  const { errors, busy, fail, run } = useAct(invitationRefused);
  useEffect(() => props.onErrors(errors.length > 0), [errors]);
  const submit = (event: Event): void => {
    event.preventDefault();
    const found: FieldError[] = [];
    if (!name.trim()) found.push({ field: "name", words: t("invitation.noName") });
    if (password.length < SHORTEST) found.push({ field: "password", words: t("pair.shortPassword") });
    if (!phone) found.push({ field: "phone-own", words: t("phone.noAnswer") });
    fail(found);
    if (found.length > 0 || !phone) return;
    const made = { name: name.trim(), password, phone };
    run(() => acceptInvitation(props.code, made).then(props.onDone));
  };
  return (
    <form class="al-form" method="post" onSubmit={submit} noValidate>
      <ErrorSummary errors={errors} />
      <p>{t("invitation.haveAccount")}</p>
      <TextField id="name" label={t("invitation.name")} maxLength={120} value={name} errors={errors} onInput={setName} />
      <TextField id="password" type="password" label={t("pair.password")} hint={t("pair.passwordHint")} maxLength={256}
        value={password} errors={errors} onInput={setPassword} />
      <PhoneQuestion value={phone} errors={errors} onChange={setPhone} />
      <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
        {t("invitation.accept")}
      </button>
    </form>
  );
}
