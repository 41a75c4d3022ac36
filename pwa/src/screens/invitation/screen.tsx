// Coming to help somebody: the code of the invitation, who invites and for what, then one account and one tap.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../core/words";
import type { Accepted, Invited } from "../../core/circleTypes";
import { Page } from "../../parts/Page";
import { Accept } from "./Accept";
import { CodeForm } from "./CodeForm";

export const address = "/invitation";
export const open = true;

const LETTERS = 12;

/** The code of a scanned link stands after #, and is taken out of the address at once. */
function codeFromLink(): string {
  const said = location.hash.slice(1).toUpperCase().replace(/[^A-Z0-9]/g, "");
  if (location.hash) history.replaceState(history.state, "", location.pathname);
  return said.length === LETTERS ? said.replace(/(.{4})(?=.)/g, "$1-") : said;
}

interface Found {
  code: string;
  invited: Invited;
}

export function Screen(): JSX.Element {
  const [code, setCode] = useState(codeFromLink);
  const [found, setFound] = useState<Found | null>(null);
  const [accepted, setAccepted] = useState<Accepted | null>(null);
  const [hasError, setError] = useState(false);
  useEffect(() => {
    const again = (): void => {
      if (location.hash) setCode(codeFromLink());
    };
    addEventListener("hashchange", again);
    return () => removeEventListener("hashchange", again);
  }, []);
  return (
    <Page title={t("invitation.title")} hasError={hasError} bare>
      {accepted && <Done accepted={accepted} />}
      {!accepted && found && (
        <Accept code={found.code} invited={found.invited} onDone={setAccepted} onErrors={setError} />
      )}
      {!accepted && !found && (
        <CodeForm
          code={code}
          onCode={setCode}
          onFound={(invited) => setFound({ code, invited })}
          onErrors={setError}
        />
      )}
    </Page>
  );
}

function Done(props: { accepted: Accepted }): JSX.Element {
  const { username } = props.accepted;
  return (
    <div role="status">
      <p>{t("invitation.done")}</p>
      {username && (
        <>
          <p>
            {t("pair.username")}{" "}
            <strong class="al-username">
              <bdi dir="ltr">{username}</bdi>
            </strong>
          </p>
          <p>{t("pair.write")}</p>
        </>
      )}
      <a class="al-button al-button--main" href="/">
        {t("pair.goOn")}
      </a>
    </div>
  );
}
