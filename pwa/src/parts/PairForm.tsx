// Choosing a password with a one-time code: two fields, what is wrong in words, and signed in at the end.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../core/api";
import { phoneState } from "../core/phone";
import { pair } from "../core/session";
import { t } from "../core/words";
import { ErrorSummary, FieldErrorMessage, type FieldError } from "./ErrorSummary";
import { useValue } from "./hooks";
import { knownAnswer, PhoneQuestion, type PhoneAnswer } from "./PhoneQuestion";

/** As the server asks: long, and no rule about signs. */
const SHORTEST = 10;
const CODE_LETTERS = 8;

/** The code of a scanned link stands after #, and is taken out of the address at once. */
function codeFromLink(): string {
  const said = location.hash.slice(1).toUpperCase().replace(/[^A-Z0-9]/g, "");
  if (location.hash) history.replaceState(history.state, "", location.pathname);
  return said.length === CODE_LETTERS ? `${said.slice(0, 4)}-${said.slice(4)}` : said;
}

interface Draft {
  code: string;
  password: string;
  phone: PhoneAnswer | null;
}

function wrongIn({ code, password, phone }: Draft, asksPhone: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (code.replace(/[^A-Za-z0-9]/g, "").length !== CODE_LETTERS)
    errors.push({ field: "code", words: t("pair.noCode") });
  if (password.length < SHORTEST) errors.push({ field: "password", words: t("pair.shortPassword") });
  if (asksPhone && !phone) errors.push({ field: "phone-own", words: t("phone.noAnswer") });
  return errors;
}

function refusal(error: unknown): FieldError {
  if (!(error instanceof ApiError) || error.trouble === "no-network" || error.trouble === "timeout")
    return { field: null, words: t("signIn.offline") };
  if (error.trouble === "not-the-service") return { field: null, words: t("signIn.portal") };
  if (error.status === 404) return { field: "code", words: t("pair.unknown") };
  if (error.status === 422) return { field: "password", words: t("pair.shortPassword") };
  const minutes = Math.max(1, Math.ceil((error.retryAfterS ?? 60) / 60));
  if (error.status === 429) return { field: null, words: t("signIn.tooMany", { n: minutes }) };
  return { field: null, words: t("signIn.fault") };
}

/** A second code scanned while this page stands open only changes what is after #. */
function useScannedAgain(onCode: (code: string) => void): void {
  useEffect(() => {
    const again = (): void => {
      if (location.hash) onCode(codeFromLink());
    };
    addEventListener("hashchange", again);
    return () => removeEventListener("hashchange", again);
  }, []);
}

interface Props {
  home: string;
  onErrors: (has: boolean) => void;
  /** A person says whose phone it is; a desk is nobody's. */
  asksPhone?: boolean;
}

interface Pairing {
  errors: FieldError[];
  busy: boolean;
  username: string | null;
  submit: (event: Event) => Promise<void>;
}

function usePairing(props: Props, draft: Draft): Pairing {
  const { asksPhone = false } = props;
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [busy, setBusy] = useState(false);
  const [username, setUsername] = useState<string | null>(null);
  const fail = (found: FieldError[]): void => {
    setErrors(found);
    props.onErrors(found.length > 0);
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const found = wrongIn(draft, asksPhone);
    fail(found);
    if (found.length > 0 || busy) return;
    setBusy(true);
    try {
      const phone = asksPhone ? (draft.phone ?? "shared") : undefined;
      setUsername((await pair(draft.code, draft.password, phone)).username);
    } catch (error) {
      fail([refusal(error)]);
    }
    setBusy(false);
  };
  return { errors, busy, username, submit };
}

export function PairForm(props: Props): JSX.Element {
  const [code, setCode] = useState(codeFromLink);
  const [password, setPassword] = useState("");
  const [said, setPhone] = useState<PhoneAnswer | null>(null);
  const known = knownAnswer(useValue(phoneState)?.kind);
  const phone = said ?? known;
  const { errors, busy, username, submit } = usePairing(props, { code, password, phone });
  useScannedAgain(setCode);
  if (username) return <Paired username={username} home={props.home} />;
  return (
    <form
      class="al-form"
      method="post"
      noValidate
      onSubmit={(event) => void submit(event)}
    >
      <ErrorSummary errors={errors} />
      <p>{t("pair.intro")}</p>
      <CodeField id="code" label={t("pair.code")} hint={t("pair.codeHint")} errors={errors} value={code} onInput={setCode} />
      <NewPassword
        id="password"
        label={t("pair.password")}
        hint={t("pair.passwordHint")}
        errors={errors}
        value={password}
        onInput={setPassword}
      />
      {props.asksPhone && <PhoneQuestion value={phone} errors={errors} onChange={setPhone} />}
      <button class="al-button al-button--main" type="submit" aria-disabled={busy}>
        {t(busy ? "signIn.busy" : "pair.do")}
      </button>
    </form>
  );
}

interface FieldProps {
  id: "code" | "password";
  label: string;
  hint: string;
  value: string;
  errors: readonly FieldError[];
  onInput: (value: string) => void;
}

function Around(props: FieldProps & { children: (error: string | null, about: string) => JSX.Element }): JSX.Element {
  const { id } = props;
  const error = props.errors.find((one) => one.field === id)?.words ?? null;
  return (
    <div class={`nhsuk-form-group${error ? " nhsuk-form-group--error" : ""}`}>
      <label class="nhsuk-label" for={id}>
        {props.label}
      </label>
      <div class="nhsuk-hint" id={`${id}-hint`}>
        {props.hint}
      </div>
      {error && <FieldErrorMessage id={`${id}-error`}>{error}</FieldErrorMessage>}
      {props.children(error, error ? `${id}-hint ${id}-error` : `${id}-hint`)}
    </div>
  );
}

const lookOf = (error: string | null): string => `nhsuk-input al-input${error ? " nhsuk-input--error" : ""}`;

function CodeField(props: FieldProps): JSX.Element {
  return (
    <Around {...props}>
      {(error, about) => (
        <input
          class={`${lookOf(error)} al-input--code`}
          id={props.id}
          type="text"
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck={false}
          aria-describedby={about}
          value={props.value}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      )}
    </Around>
  );
}

function NewPassword(props: FieldProps): JSX.Element {
  const [shown, setShown] = useState(false);
  return (
    <Around {...props}>
      {(error, about) => (
        <div class="al-password">
          <input
            class={lookOf(error)}
            id={props.id}
            type={shown ? "text" : "password"}
            autocomplete="new-password"
            autocapitalize="none"
            spellcheck={false}
            aria-describedby={about}
            value={props.value}
            onInput={(event) => props.onInput(event.currentTarget.value)}
          />
          <button
            class="al-button al-button--quiet al-password__show"
            type="button"
            aria-controls={props.id}
            aria-label={t(shown ? "signIn.hideLong" : "signIn.showLong")}
            onClick={() => setShown(!shown)}
          >
            {t(shown ? "signIn.hide" : "signIn.show")}
          </button>
        </div>
      )}
    </Around>
  );
}

/** They are in. The user name is said once here, to be written down: nobody was asked to make one up. */
function Paired(props: { username: string; home: string }): JSX.Element {
  return (
    <>
      <div role="status">
        <p>{t("pair.done")}</p>
        <p>
          {t("pair.username")} <strong class="al-username">{props.username}</strong>
        </p>
        <p>{t("pair.write")}</p>
      </div>
      <a class="al-button al-button--main" href={props.home}>
        {t("pair.goOn")}
      </a>
    </>
  );
}
