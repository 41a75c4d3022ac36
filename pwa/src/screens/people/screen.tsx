// Choosing whose record to open, for somebody who helps more than one person.
import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { circleOf } from "../../core/circleResources";
import { choosePatient } from "../../core/session";
import { t } from "../../core/words";
import type { PatientChoice } from "../../core/types";
import { Face } from "../../parts/Face";
import { useResource, useSession } from "../../parts/hooks";
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
            <Choice patient={patient} onChoose={() => choose(patient.id)} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

/** The picture says at a glance what a name alone may not. */
function Choice(props: { patient: PatientChoice; onChoose: () => void }): JSX.Element {
  const { patient } = props;
  const view = useResource(circleOf(patient.id));
  return (
    <button class="al-choice al-row-face" type="button" onClick={props.onChoose}>
      <Face photo={view.body?.me.photo ?? null} name={patient.display_name} />
      <span>
        <span class="al-choice__name">{patient.display_name}</span>
        <span class="al-choice__hint">{t(patient.relation === "self" ? "people.self" : "people.carer")}</span>
      </span>
    </button>
  );
}
