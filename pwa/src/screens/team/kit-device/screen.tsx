// One piece of kit: what it is, who has it, whether it can be relied on, and what may be done with it now.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import { kitOf } from "../../../core/kit";
import type { KitDetail } from "../../../core/kitTypes";
import { isDisconnected, type Resource } from "../../../core/sync";
import { t } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { Flags, StateTag } from "../../../parts/team/KitParts";
import { kindWords, wearersWords } from "../../../parts/team/kitWords";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { useKitActions } from "../../../parts/team/useKitActions";
import { useOften } from "../../../parts/team/useOften";
import { Credentials } from "./Credentials";
import { Facts } from "./Facts";
import { BatteryStory, FirmwareStory, LifeStory } from "./Stories";
import { Moves } from "./Moves";
import { Proof } from "./Proof";
import { Revoke } from "./Revoke";
import { Wearers } from "./Wearers";

export const address = "/team/kit/:id";

export function Screen(): JSX.Element {
  const { params } = useRoute();
  const id = params["id"] ?? "";
  const now = useNow();
  const resource = useMemo(() => kitOf(id), [id]);
  const view = useResource(resource);
  useOften(resource, 3000);
  const kit = view.body;
  const refused = view.trouble !== null && !isDisconnected(view);
  return (
    <Page
      title={kit ? `${kindWords(kit.kind)} ${kit.device_id}` : t("kitOne.title")}
      heading={kit ? <Heading kit={kit} /> : undefined}
      header={<TeamHeader />}
      back={{ href: "/team/kit", words: t("kitList.title") }}
      wide
    >
      <SyncStatus view={view} now={now} />
      {kit ? (
        <Whole key={kit.id} kit={kit} resource={resource} now={now} />
      ) : (
        <p>{t(refused ? "kitOne.refused" : view.asked ? "kitOne.nothingKept" : "kitOne.opening")}</p>
      )}
    </Page>
  );
}

function Heading(props: { kit: KitDetail }): JSX.Element {
  return (
    <>
      {kindWords(props.kit.kind)} <span class="al-kit-row__id">{props.kit.device_id}</span>
    </>
  );
}

function Whole(props: { kit: KitDetail; resource: Resource<KitDetail>; now: Date }): JSX.Element {
  const { kit, resource, now } = props;
  const actions = useKitActions(kit.id, resource);
  const same = { kit, now, actions };
  return (
    <>
      <div class="al-kit-now">
        <p class="al-kit-now__line">
          <StateTag state={kit.state} /> <span>{wearersWords(kit)}</span>
        </p>
        <Flags flags={kit.flags} explain />
      </div>
      <div class="al-kit-page">
        <div>
          <Wearers {...same} />
          {kit.is_telecare && <Proof {...same} />}
          <Moves {...same} />
          <Credentials {...same} resource={resource} />
          <Revoke {...same} />
        </div>
        <div>
          <Facts {...same} />
        </div>
        <div>
          <BatteryStory kit={kit} now={now} />
          <FirmwareStory {...same} />
          <LifeStory kit={kit} now={now} />
        </div>
      </div>
    </>
  );
}
