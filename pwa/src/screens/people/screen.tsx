// Choosing whose record to open, for somebody who helps more than one person.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { choosePatient } from "../../core/session";
import { t } from "../../core/words";
import { useSession } from "../../parts/hooks";
import { Page } from "../../parts/Page";

export const address = "/people";

export function Screen(): JSX.Element {
  const session = useSession();
  const { route } = useLocation();
  const patients = session.kind === "in" ? session.session.patients : [];
  const choose = (id: string): void => {
    choosePatient(id);
    route("/");
  };
  return (
    <Page title={t("people.title")}>
      <ul class="al-choices">
        {patients.map((patient) => (
          <li key={patient.id}>
            <button class="al-choice" type="button" onClick={() => choose(patient.id)}>
              <span class="al-choice__name">{patient.display_name}</span>
              <span class="al-choice__hint">
                {t(patient.relation === "self" ? "people.self" : "people.carer")}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Page>
  );
}
