// Signing in, for both audiences: one form, errors on top and at the field, the password readable on request.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { ApiError } from "../core/api";
import { phoneState } from "../core/phone";
import { signIn } from "../core/session";
import { t } from "../core/words";
import type { Session } from "../core/types";
import { ErrorSummary, FieldErrorMessage, type FieldError } from "./ErrorSummary";
import { useValue } from "./hooks";
import { knownAnswer, PhoneQuestion, type PhoneAnswer } from "./PhoneQuestion";

interface Draft {
  username: string;
  password: string;
  phone: PhoneAnswer | null;
}

function missing(draft: Draft, asksPhone: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (!draft.username.trim()) errors.push({ field: "username", words: t("signIn.noUsername") });
  if (!draft.password) errors.push({ field: "password", words: t("signIn.noPassword") });
  if (asksPhone && !draft.phone) errors.push({ field: "phone-own", words: t("phone.noAnswer") });
  return errors;
}

function refusal(error: unknown): FieldError {
  if (!(error instanceof ApiError) || error.trouble === "no-network" || error.trouble === "timeout")
    return { field: null, words: t("signIn.offline") };
  if (error.trouble === "not-the-service") return { field: null, words: t("signIn.portal") };
  if (error.status === 401) return { field: "username", words: t("signIn.wrong") };
  if (error.status === 429)
    return {
      field: null,
      words: t("signIn.tooMany", { n: Math.max(1, Math.ceil((error.retryAfterS ?? 60) / 60)) }),
    };
  return { field: null, words: t("signIn.fault") };
}

interface Props {
  onDone: (session: Session) => void;
  onErrors: (has: boolean) => void;
  /** A person says whose phone it is; a desk is nobody's. */
  asksPhone?: boolean;
}

function useSigningIn(props: Props, draft: Draft): {
  errors: FieldError[];
  busy: boolean;
  submit: (event: Event) => Promise<void>;
} {
  const { asksPhone = false } = props;
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const fail = (found: FieldError[]): void => {
    setErrors(found);
    props.onErrors(found.length > 0);
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const found = missing(draft, asksPhone);
    fail(found);
    if (found.length > 0 || busy) return;
    setBusy(true);
    try {
      const phone = asksPhone ? (draft.phone ?? "shared") : undefined;
      props.onDone(await signIn(draft.username.trim(), draft.password, phone));
    } catch (error) {
      fail([refusal(error)]);
    } finally {
      setBusy(false);
    }
  };
  return { errors, busy, submit };
}

export function SignInForm(props: Props): JSX.Element {
  // The form also stands on a locked desk, outside of any route.
  const { query } = useLocation();
  const [typed, setDraft] = useState<Draft>({ username: query["as"] ?? "", password: "", phone: null });
  const known = knownAnswer(useValue(phoneState)?.kind);
  const draft = { ...typed, phone: typed.phone ?? known };
  const { errors, busy, submit } = useSigningIn(props, draft);
  return (
    <form class="al-form" method="post" noValidate onSubmit={(event) => void submit(event)}>
      <ErrorSummary errors={errors} />
      <UsernameField
        value={draft.username}
        errors={errors}
        onInput={(username) => setDraft({ ...draft, username })}
      />
      <PasswordField
        value={draft.password}
        errors={errors}
        onInput={(password) => setDraft({ ...draft, password })}
      />
      {props.asksPhone && (
        <PhoneQuestion
          value={draft.phone}
          errors={errors}
          onChange={(said) => setDraft({ ...draft, phone: said })}
        />
      )}
      <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
        {t(busy ? "signIn.busy" : "signIn.do")}
      </button>
    </form>
  );
}

interface FieldProps {
  value: string;
  errors: readonly FieldError[];
  onInput: (value: string) => void;
}

function errorAt(errors: readonly FieldError[], field: string): string | null {
  return errors.find((error) => error.field === field)?.words ?? null;
}

function UsernameField(props: FieldProps): JSX.Element {
  const error = errorAt(props.errors, "username");
  return (
    <div class={`nhsuk-form-group${error ? " nhsuk-form-group--error" : ""}`}>
      <label class="nhsuk-label" for="username">
        {t("signIn.username")}
      </label>
      {error && <FieldErrorMessage id="username-error">{error}</FieldErrorMessage>}
      <input
        class={`nhsuk-input al-input${error ? " nhsuk-input--error" : ""}`}
        id="username"
        name="username"
        type="text"
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        aria-describedby={error ? "username-error" : undefined}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </div>
  );
}

function PasswordField(props: FieldProps): JSX.Element {
  const [shown, setShown] = useState(false);
  const error = errorAt(props.errors, "password");
  return (
    <div class={`nhsuk-form-group${error ? " nhsuk-form-group--error" : ""}`}>
      <label class="nhsuk-label" for="password">
        {t("signIn.password")}
      </label>
      {error && <FieldErrorMessage id="password-error">{error}</FieldErrorMessage>}
      <div class="al-password">
        <input
          class={`nhsuk-input al-input${error ? " nhsuk-input--error" : ""}`}
          id="password"
          name="password"
          type={shown ? "text" : "password"}
          autocomplete="current-password"
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={error ? "password-error" : undefined}
          value={props.value}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
        <button
          class="al-button al-button--quiet al-password__show"
          type="button"
          aria-controls="password"
          aria-label={t(shown ? "signIn.hideLong" : "signIn.showLong")}
          onClick={() => setShown(!shown)}
        >
          {t(shown ? "signIn.hide" : "signIn.show")}
        </button>
      </div>
    </div>
  );
}
