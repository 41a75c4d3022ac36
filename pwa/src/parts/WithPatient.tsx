// Screens about one person's record: they open only when it is known whose, and say so when you help somebody.
import type { ComponentChildren, JSX } from "preact";
import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { circleOf } from "../core/circleResources";
import { t } from "../core/words";
import type { PatientChoice } from "../core/types";
import { Face } from "./Face";
import { useOpenPatient, useResource, useSession } from "./hooks";
import { Page } from "./Page";

export function WithPatient(props: { children: (patient: PatientChoice) => ComponentChildren }): JSX.Element {
  const patient = useOpenPatient();
  const session = useSession();
  const { route } = useLocation();
  const mustChoose = session.kind === "in" && !patient && session.session.patients.length > 1;
  useEffect(() => {
    if (mustChoose) route("/people", true);
  }, [mustChoose]);
  if (patient) return <>{props.children(patient)}</>;
  return (
    <Page title={t("nobody.title")}>
      <p>{t("nobody.words")}</p>
    </Page>
  );
}

export function HelpingBanner(props: { patient: PatientChoice }): JSX.Element | null {
  const session = useSession();
  if (props.patient.relation === "self") return null;
  const several = session.kind === "in" && session.session.patients.length > 1;
  return <Helping {...props} several={several} />;
}

/** Whose record it is, by picture, name and colour: somebody who helps several must never write in the wrong one. */
function Helping(props: { patient: PatientChoice; several: boolean }): JSX.Element {
  const { patient, several } = props;
  const view = useResource(circleOf(patient.id));
  return (
    <div class="al-helping">
      <Face photo={view.body?.me.photo ?? null} name={patient.display_name} />
      <p class="al-helping__words">
        {t("helping.words")} <strong>{patient.display_name}</strong>
      </p>
      {several && (
        <a class="al-helping__change" href="/people">
          {t("helping.change")}
        </a>
      )}
    </div>
  );
}
