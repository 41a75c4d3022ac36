// One message that could not be used: its bytes, what is wrong with them, what was tried, and what can be done.
import type { JSX } from "preact";
import { useRoute } from "preact-iso";
import { useMemo } from "preact/hooks";
import { exactly } from "../../../core/format";
import { heldMessage } from "../../../core/held";
import type { HeldMessage } from "../../../core/heldTypes";
import { isDisconnected } from "../../../core/sync";
import { t, wordFor } from "../../../core/words";
import { useNow, useResource } from "../../../parts/hooks";
import { Page } from "../../../parts/Page";
import { SyncStatus } from "../../../parts/SyncStatus";
import { TeamHeader } from "../../../parts/team/TeamHeader";
import { Give } from "./Give";
import { SetAside, TryAgain } from "./Ends";
import { Tries } from "./Tries";

export const address = "/team/quarantine/:id";

export function Screen(): JSX.Element {
  const now = useNow();
  const { params } = useRoute();
  const id = params["id"] ?? "";
  const view = useResource(useMemo(() => heldMessage(id), [id]));
  const refused = view.trouble !== null && !isDisconnected(view);
  const message = view.body;
  return (
    <Page
      title={message?.words ?? t("message.title")}
      header={<TeamHeader />}
      back={{ href: "/team/quarantine", words: t("held.title") }}
      wide
    >
      <SyncStatus view={view} now={now} />
      {message ? (
        <Message message={message} now={now} />
      ) : (
        <p>{t(refused ? "message.refused" : view.asked ? "message.nothingKept" : "today.opening")}</p>
      )}
    </Page>
  );
}

function Message(props: { message: HeldMessage; now: Date }): JSX.Element {
  const { message, now } = props;
  return (
    <div class="al-message">
      <div>
        <p class="al-lead">{message.what_to_do}</p>
        {message.resolution && (
          <p>
            <strong>{wordFor("heldEnd", message.resolution) ?? message.resolution}</strong>
          </p>
        )}
        <h2 class="al-section">{t("held.details")}</h2>
        <p>{message.detail}</p>
        <Bytes message={message} />
        {message.may_attribute && <Give key={message.id} message={message} />}
        {message.may_replay && <TryAgain message={message} />}
        <Tries message={message} now={now} />
        {!message.resolution && <SetAside message={message} />}
      </div>
      <div>
        <Facts message={message} now={now} />
        <Others message={message} now={now} />
      </div>
    </div>
  );
}

function Facts(props: { message: HeldMessage; now: Date }): JSX.Element {
  const { message, now } = props;
  const when = (at: string): string => exactly(new Date(at), now);
  const facts: [string, string | null][] = [
    [t("message.device"), message.device_id],
    [t("held.model"), message.model],
    [t("message.first"), when(message.first_received_at)],
    [t("message.last"), message.times > 1 ? `${when(message.received_at)} (${String(message.times)})` : null],
    [t("message.channel"), message.topic],
    [t("message.reason"), message.reason],
    [t("message.id"), message.message_id],
  ];
  return (
    <dl class="nhsuk-summary-list al-message__facts">
      {message.people.length > 0 && (
        <div class="nhsuk-summary-list__row">
          <dt class="nhsuk-summary-list__key">{t("message.people")}</dt>
          <dd class="nhsuk-summary-list__value">
            {message.people.map((one) => (
              <p key={one.id}>
                <a href={`/team/person/${one.id}`}>{one.display_name}</a>
              </p>
            ))}
          </dd>
        </div>
      )}
      {facts
        .filter((fact): fact is [string, string] => fact[1] !== null)
        .map(([name, value]) => (
          <div key={name} class="nhsuk-summary-list__row">
            <dt class="nhsuk-summary-list__key">{name}</dt>
            <dd class="nhsuk-summary-list__value">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

function Bytes(props: { message: HeldMessage }): JSX.Element {
  const { form, text, mark, is_whole, size } = props.message;
  const [start, end] = mark ?? [text.length, text.length];
  return (
    <>
      <pre
        class={`al-held__raw${form === "hex" ? " al-held__raw--hex" : ""}`}
        tabIndex={0}
        role="region"
        aria-label={t("held.raw")}
        data-scrolls
      >
        {text.slice(0, start)}
        {mark && <mark>{text.slice(start, end)}</mark>}
        {text.slice(end)}
      </pre>
      {!is_whole && <p class="al-quiet">{t("message.cut", { n: size })}</p>}
    </>
  );
}

function Others(props: { message: HeldMessage; now: Date }): JSX.Element | null {
  const { others } = props.message;
  if (others.length === 0) return null;
  return (
    <>
      <h2 class="al-section">{t("message.others")}</h2>
      <ul class="nhsuk-list">
        {others.map((other) => (
          <li key={other.id}>
            <a href={`/team/quarantine/${other.id}`}>{other.words}</a>{" "}
            <span class="al-quiet">{exactly(new Date(other.received_at), props.now)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
