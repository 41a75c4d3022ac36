// One thing done about a person's being watched: what it means in words first, then what it asks, then one button.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useMemo, useState } from "preact/hooks";
import { wrongIn, type Draft } from "../../../core/asked";
import { careOf } from "../../../core/caseload";
import type { Care, Ended } from "../../../core/caseTypes";
import type { Resource } from "../../../core/sync";
import { t, wordFor } from "../../../core/words";
import { useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { Asked } from "../../../parts/team/Asked";
import { actsOf, askedOf, isAct, sentOf, type Act } from "../../../parts/team/careActs";
import { AskForm, NotThere } from "../../../parts/team/CaseParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { useChange, type Changing } from "../../../parts/team/useChange";
import { EndedWords } from "./EndedWords";
import { OpenAlerts, openAlertsOf, type OpenAlert } from "./OpenAlerts";
import { Phones } from "./Phones";

export const address = "/team/care/:id/:act";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  const asked = params["act"] ?? "";
  const act = isAct(asked) ? asked : null;
  const resource = useMemo(() => careOf(id), [id]);
  const view = useResource(resource);
  // Said here and not below: whose care has ended may be on nobody's caseload any more.
  const [ended, setEnded] = useState<Ended | null>(null);
  const care = view.body;
  const changing = useChange(fieldsOf(act, care));
  const name = care?.patient.display_name;
  return (
    <Page
      title={titleOf(act)}
      caption={name}
      hasError={changing.errors.length > 0}
      header={<TeamHeader />}
      back={{ href: `/team/care/${id}`, words: name ?? t("care.title") }}
    >
      {ended ? (
        <EndedWords ended={ended} />
      ) : care && act ? (
        <Doing key={act} {...{ care, act, resource, changing }} onEnded={setEnded} />
      ) : (
        <NotThere view={view} refused="care.refused" />
      )}
    </Page>
  );
}

const fieldsOf = (act: Act | null, care: Care | null): string[] =>
  act && care ? askedOf(act, care).map((one) => one.id) : [];
const titleOf = (act: Act | null): string => (act ? t(`careAct.${act}`) : t("care.title"));

interface DoingProps {
  care: Care;
  act: Act;
  resource: Resource<Care>;
  changing: Changing;
  onEnded: (ended: Ended) => void;
}

function Doing(props: DoingProps): JSX.Element {
  const { care, act, resource, changing } = props;
  const { route } = useLocation();
  const [draft, setDraft] = useState<Draft>({});
  const [open, setOpen] = useState<OpenAlert[]>([]);
  const asked = askedOf(act, care);
  const submit = async (): Promise<void> => {
    const wrong = wrongIn(asked, draft);
    changing.fail(wrong);
    if (wrong.length > 0) return;
    const { path, body } = sentOf(act, care, draft);
    const answer = await changing.send({
      path: `/patients/${care.patient.id}/${path}`,
      body,
      version: care.version,
    });
    setOpen(answer.kind === "refused" ? openAlertsOf(answer.error) : []);
    if (answer.kind === "done" && act === "ending") return props.onEnded(answer.body as Ended);
    await resource.pull();
    if (answer.kind === "done") route(`/team/care/${care.patient.id}`);
  };
  if (act === "phone") return <Phones care={care} />;
  if (!actsOf(care).includes(act)) return <p>{t("care.notNow")}</p>;
  return (
    <AskForm
      errors={changing.errors}
      busy={changing.busy}
      words={t(`careDo.${act}`)}
      danger={act === "ending"}
      onSubmit={() => void submit()}
    >
      <OpenAlerts open={open} />
      {(wordFor("careWords", act) ?? "").split("\n").map((line) => (
        <p key={line}>{line}</p>
      ))}
      <Asked
        asked={asked}
        draft={draft}
        errors={changing.errors}
        onChange={(part) => setDraft((had) => ({ ...had, ...part }))}
      />
    </AskForm>
  );
}
