// The code of an invitation, scanned or typed; looking at it uses nothing up.
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { readInvitation } from "../../core/circle";
import { invitationRefused } from "../../core/circleWords";
import { t } from "../../core/words";
import type { Invited } from "../../core/circleTypes";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { TextField } from "../../parts/Fields";
import { useAct } from "../../parts/useAct";

export function CodeForm(props: {
  code: string;
  onCode: (code: string) => void;
  onFound: (invited: Invited) => void;
  onErrors: (has: boolean) => void;
}): JSX.Element {
  const { code, onErrors } = props;
  const { errors, busy, fail, run } = useAct(invitationRefused);
  useEffect(() => onErrors(errors.length > 0), [errors]);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!code.trim()) return fail([{ field: "code", words: t("invitation.noCode") }]);
    run(async () => {
      const invited = await readInvitation(code);
      if (invited) props.onFound(invited);
    });
  };
  return (
    <form class="al-form" onSubmit={submit} noValidate>
      <ErrorSummary errors={errors} />
      <p>{t("invitation.words")}</p>
      <TextField id="code" label={t("invitation.code")} hint={t("invitation.codeHint")} maxLength={40} value={code}
        errors={errors} onInput={props.onCode} />
      <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
        {t("invitation.look")}
      </button>
    </form>
  );
}
