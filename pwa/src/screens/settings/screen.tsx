// This phone: its lock, the size of its letters, what it keeps, how it rings, and the way out.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { chooseLanguage, chosenLanguage, languages } from "../../core/language";
import { installState, storageState, askToKeep, type StorageState } from "../../core/install";
import { phoneState } from "../../core/phone";
import { signingOut, sendThenSignOut } from "../../core/signingOut";
import { chooseTextSize, SIZES, textSize } from "../../core/textSize";
import { vaultState } from "../../core/vault";
import { t } from "../../core/words";
import { Choices } from "../../parts/Choices";
import { useNow, useOpenPatient, useOutbox, useSession, useValue } from "../../parts/hooks";
import { Page } from "../../parts/Page";
import { PushSwitch } from "../../parts/PushSwitch";
import { NotSentLine } from "../../parts/SyncStatus";

export const address = "/settings";

export function Screen(): JSX.Element {
  const session = useSession();
  const now = useNow();
  const isOwn = useValue(phoneState)?.kind === "own";
  if (session.kind !== "in") return <Page title={t("settings.title")}>{null}</Page>;
  return (
    <Page title={t("settings.title")}>
      <NotSentLine now={now} />
      <Who name={session.session.display_name} several={session.session.patients.length > 1} />
      <Part id="text" title={t("textSize.title")}>
        <TextSizes />
      </Part>
      <LanguagePart />
      {isOwn && <LockPart />}
      <Part id="remind" title={t("reminders.title")}>
        <PushSwitch />
        <Link href="/reminders" words={t("settings.reminders")} />
      </Part>
      {isOwn && <InstallPart />}
      <Part id="phones" title={t("phones.title")}>
        <Link href="/settings/phones" words={t("settings.phones")} />
      </Part>
      <Part id="storage" title={t("storage.title")}>
        <p>{t(isOwn ? "storage.own" : "storage.shared")}</p>
        {isOwn && <Storage />}
      </Part>
      <SignOut />
    </Page>
  );
}

function Part(props: { id: string; title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section aria-labelledby={`${props.id}-title`}>
      <h2 class="al-section" id={`${props.id}-title`}>
        {props.title}
      </h2>
      {props.children}
    </section>
  );
}

function Link(props: { href: string; words: string }): JSX.Element {
  return (
    <p>
      <a class="al-button al-button--quiet al-button--wide" href={props.href}>
        {props.words}
      </a>
    </p>
  );
}

function Who(props: { name: string; several: boolean }): JSX.Element {
  const patient = useOpenPatient();
  return (
    <>
      <dl class="al-facts">
        <Fact name={t("account.signedIn")} value={props.name} />
        {patient?.relation === "carer" && <Fact name={t("account.helping")} value={patient.display_name} />}
      </dl>
      {props.several && <Link href="/people" words={t("account.change")} />}
    </>
  );
}

function Fact(props: { name: string; value: string }): JSX.Element {
  return (
    <div class="al-facts__row">
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}

function TextSizes(): JSX.Element {
  const [size, setSize] = useState(textSize);
  return (
    <fieldset class="nhsuk-fieldset">
      <legend class="nhsuk-u-visually-hidden">{t("textSize.title")}</legend>
      <div class="nhsuk-radios">
        {SIZES.map((one) => (
          <div class="nhsuk-radios__item" key={one}>
            <input
              class="nhsuk-radios__input"
              id={`text-${String(one)}`}
              type="radio"
              name="text-size"
              checked={size === one}
              onChange={() => {
                chooseTextSize(one);
                setSize(one);
              }}
            />
            <label class="nhsuk-label nhsuk-radios__label" for={`text-${String(one)}`}>
              {t(`textSize.${String(one) as "100" | "125" | "150" | "200"}`)}
            </label>
          </div>
        ))}
      </div>
    </fieldset>
  );
}

/** Nothing to choose while there is English alone; a further file in words/ is a further choice. */
function LanguagePart(): JSX.Element | null {
  const all = languages();
  if (all.length < 2) return null;
  return (
    <Part id="language" title={t("language.title")}>
      <Choices
        legend={t("language.title")}
        hint={t("language.own")}
        name="language"
        value={chosenLanguage()}
        choices={all.map(({ code, name }) => ({ value: code, words: name }))}
        onChoose={chooseLanguage}
      />
    </Part>
  );
}

function LockPart(): JSX.Element {
  const { ways } = useValue(vaultState);
  return (
    <Part id="lock" title={t("lock.title")}>
      <p>{t(ways.length > 0 ? "lock.is" : "lock.none")}</p>
      <Link href="/settings/lock" words={t(ways.length > 0 ? "lock.change" : "lock.choose")} />
    </Part>
  );
}

function InstallPart(): JSX.Element | null {
  const state = useValue(installState);
  if (state === "none") return null;
  return (
    <Part id="install" title={t("install.title")}>
      {state === "done" ? (
        <p>{t("install.done")}</p>
      ) : (
        <Link href="/settings/install" words={t("install.how")} />
      )}
    </Part>
  );
}

function Storage(): JSX.Element | null {
  const [state, setState] = useState<StorageState>("unknown");
  useEffect(() => void storageState().then(setState), []);
  if (state === "unknown") return null;
  return (
    <>
      <p>{t(state === "kept" ? "storage.kept" : "storage.mayGo")}</p>
      {state === "may-go" && (
        <button
          class="al-button al-button--quiet al-button--wide"
          type="button"
          onClick={() => void askToKeep().then(setState)}
        >
          {t("storage.ask")}
        </button>
      )}
    </>
  );
}

function SignOut(): JSX.Element {
  const step = useValue(signingOut);
  const { items, sealed } = useOutbox();
  const n = items.length + sealed;
  return (
    <Part id="out" title={t("account.signOut")}>
      <p>{t("account.kept")}</p>
      {n > 0 && <p>{t("signOut.left", { n })}</p>}
      <p role="status">{step === null ? "" : t(`signOut.${step}`)}</p>
      <button
        class="al-button al-button--main"
        type="button"
        aria-disabled={step !== null}
        onClick={() => void sendThenSignOut()}
      >
        {t("account.signOut")}
      </button>
    </Part>
  );
}
