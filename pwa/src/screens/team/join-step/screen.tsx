// One page of adding a person: where you are in words, one thing asked, saved before the next page opens.
import type { JSX } from "preact";
import { useLocation, useRoute } from "preact-iso";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { joiningOf } from "../../../core/caseload";
import type { Joining } from "../../../core/caseTypes";
import type { Resource } from "../../../core/sync";
import { t } from "../../../core/words";
import { useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { beforeOf, isShut, isStep, nextOf, openStep, pathOf, placeWords, stepWords, type Step } from "../../../parts/team/joinSteps";
import { NotThere } from "../../../parts/team/CaseParts";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { useChange } from "../../../parts/team/useChange";
import { fieldsOf, STEP_PAGES, type StepPage } from "./pages";

export const address = "/team/join/:id/:step";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const { route } = useLocation();
  const id = params["id"] ?? "";
  const asked = params["step"] ?? "";
  const resource = useMemo(() => joiningOf(id), [id]);
  const view = useResource(resource);
  const joining = view.body;
  const step = isStep(asked) ? asked : null;
  useEffect(() => {
    if (joining && !step) route(pathOf(id, openStep(joining)), true);
  }, [joining?.id, step]);
  if (!joining || !step)
    return (
      <Page title={t("join.title")} header={<TeamHeader />} back={{ href: "/team/join", words: t("join.title") }}>
        <NotThere view={view} refused="join.refused" />
      </Page>
    );
  return <Whole key={step} joining={joining} step={step} resource={resource} />;
}

interface WholeProps {
  joining: Joining;
  step: Step;
  resource: Resource<Joining>;
}

function Whole(props: WholeProps): JSX.Element {
  const { joining, step } = props;
  const form = useStep(props);
  const before = beforeOf(step);
  const who = joining.patient?.display_name ?? nameOf(joining);
  const Body = STEP_PAGES[step];
  return (
    <Page
      title={stepWords(step)}
      hasError={form.changing.errors.length > 0}
      caption={[placeWords(step), who].filter(Boolean).join(" · ")}
      header={<TeamHeader />}
      back={before ? { href: pathOf(joining.id, before), words: t("nav.back") } : { href: "/team/join", words: t("join.title") }}
    >
      <Ended joining={joining} step={step}>
        <Body {...form} />
      </Ended>
      <p class="al-ask__leave">
        <a href="/team/join">{t("join.leave")}</a>
        {!joining.patient && <a href={`/team/join-decline/${joining.id}`}>{t("join.declined")}</a>}
      </p>
    </Page>
  );
}

function nameOf(joining: Joining): string {
  // A draft is emptied on going live: then the record knows the name.
  const said = joining.steps.identity;
  return joining.patient?.display_name ?? (said ? `${said.given_name} ${said.family_name}` : "");
}

/** A draft that is finished or a page that the record has taken over says so, and asks nothing. */
function Ended(props: { joining: Joining; step: Step; children: JSX.Element }): JSX.Element {
  const { joining, step } = props;
  if (joining.state === "declined") return <p>{t("join.wasDeclined")}</p>;
  if (joining.state === "live" && step !== "live" && step !== "phone") return <p>{t("join.isLive")}</p>;
  if (!isShut(step, joining)) return props.children;
  return (
    <p>
      {t("join.shut")} <a href={`/team/care/${joining.patient?.id ?? ""}`}>{t("join.toCare")}</a>
    </p>
  );
}

function useStep(props: WholeProps): StepPage {
  const { joining, step, resource } = props;
  const { route } = useLocation();
  const { query } = useRoute();
  // Changed from "check your answers", a page leads back there; the number is only saved by the page after it.
  const onwards = query["back"] === "check" && step !== "nhs-number" ? "check" : nextOf(step);
  const changing = useChange(fieldsOf(step));
  // Somebody who left while a page was being saved is not brought back to the next one.
  const isHere = useRef(true);
  useEffect(() => () => void (isHere.current = false), []);
  const save = async (path: string, body: unknown): Promise<Joining | null> => {
    const answer = await changing.send<Joining>({
      path: `/joinings/${joining.id}/${path}`,
      body,
      version: joining.version,
    });
    // The next page must carry the version that stands now.
    await resource.pull();
    return answer.kind === "done" ? (answer.body ?? resource.view.get().body) : null;
  };
  return {
    joining,
    step,
    resource,
    changing,
    save,
    go: (to) => {
      if (isHere.current) route(pathOf(joining.id, to ?? onwards));
    },
  };
}
