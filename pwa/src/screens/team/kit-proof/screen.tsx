// Proving an installation, on a phone in the person's home: one step after the other, each press seen to arrive.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo, useState } from "preact/hooks";
import { kitOf } from "../../../core/kit";
import { PROOF_STEPS, type KitDetail, type ProofStep, type StepProof } from "../../../core/kitTypes";
import { isDisconnected, type Resource } from "../../../core/sync";
import { t } from "../../../core/words";
import { useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { kindWords, wearersWords } from "../../../parts/team/kitWords";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { useKitActions, type KitActions } from "../../../parts/team/useKitActions";
import { useOften, useSeconds } from "../../../parts/team/useOften";
import { GoLive } from "./GoLive";
import { HeardNow } from "./HeardNow";
import { StepCard } from "./StepCard";

export const address = "/team/kit/:id/proof";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  const now = useSeconds();
  const resource = useMemo(() => kitOf(id), [id]);
  const view = useResource(resource);
  useOften(resource, 2000);
  const kit = view.body;
  const refused = view.trouble !== null && !isDisconnected(view);
  return (
    <Page
      title={t("proof.title")}
      caption={
        kit && (
          <>
            {kindWords(kit.kind)} <span class="al-kit-row__id">{kit.device_id}</span>
            <br />
            {wearersWords(kit)}
            {kit.address && `, ${kit.address}`}
          </>
        )
      }
      header={<TeamHeader />}
      back={{ href: `/team/kit/${id}`, words: t("proof.back") }}
    >
      {kit ? (
        <Walk key={kit.id} kit={kit} resource={resource} now={now} />
      ) : (
        <p>{t(refused ? "kitOne.refused" : view.asked ? "kitOne.nothingKept" : "kitOne.opening")}</p>
      )}
      <SyncStatus view={view} now={now} />
    </Page>
  );
}

const isDone = (step: StepProof): boolean => step.outcome === "proved" && step.counts;

function Walk(props: { kit: KitDetail; resource: Resource<KitDetail>; now: Date }): JSX.Element {
  const { kit, now } = props;
  const actions = useKitActions(kit.id, props.resource);
  // Chosen by hand, or else the first that is still to be done.
  const [chosen, setChosen] = useState<ProofStep | null>(null);
  const next = kit.installation.find((step) => !isDone(step))?.step ?? null;
  const open = chosen ?? next;
  if (kit.installation.length === 0) return <p>{t("proof.notTelecare")}</p>;
  return (
    <>
      <Progress kit={kit} />
      <HeardNow kit={kit} now={now} />
      <ol class="al-proof">
        {PROOF_STEPS.map((name) => {
          const step = kit.installation.find((one) => one.step === name);
          return (
            step && (
              <StepCard
                key={name}
                kit={kit}
                step={step}
                done={isDone(step)}
                open={open === name}
                now={now}
                actions={actions}
                onOpen={() => setChosen(name)}
                onDone={() => setChosen(null)}
              />
            )
          );
        })}
      </ol>
      <GoLive kit={kit} actions={actions} />
    </>
  );
}

function Progress(props: { kit: KitDetail; actions?: KitActions }): JSX.Element {
  const steps = props.kit.installation;
  const done = steps.filter(isDone).length;
  return (
    <p class="al-proof__progress" role="status">
      {t("proof.part", { n: done, all: steps.length })}
    </p>
  );
}
