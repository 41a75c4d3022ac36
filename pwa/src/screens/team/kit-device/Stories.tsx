// What happened to it: its life in lines, its firmware, and its battery as a small trend with the same facts as a table.
import type { JSX } from "preact";
import { calendarDate, clockTime, exactly } from "../../../core/format";
import type { KitDetail, KitEvent } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { ActButton, KitNoticeLine, Section, useIsInstaller } from "../../../parts/team/KitParts";
import type { KitActions } from "../../../parts/team/useKitActions";
import { BatteryChart } from "./BatteryChart";

const CERTIFY = "certify";

export interface StoryProps {
  kit: KitDetail;
  now: Date;
}

export function BatteryStory(props: StoryProps): JSX.Element {
  const { kit } = props;
  return (
    <Section id="battery" title={t("story.battery")}>
      {kit.battery_history.length === 0 ? (
        <p>{t("story.noBattery")}</p>
      ) : (
        <BatteryChart points={kit.battery_history} now={props.now} />
      )}
    </Section>
  );
}

export function FirmwareStory(props: StoryProps & { actions: KitActions }): JSX.Element {
  const { kit, now, actions } = props;
  return (
    <Section id="firmware" title={t("story.firmware")}>
      {kit.firmware_history.length === 0 && <p>{t("story.noFirmware")}</p>}
      <ul class="nhsuk-list al-kit-lines">
        {kit.firmware_history.map((one) => (
          <li key={one.at + one.firmware}>
            {t("story.version", { version: one.firmware })}{" "}
            <span class="al-quiet">{t("story.since", { when: exactly(new Date(one.at), now) })}</span>
          </li>
        ))}
      </ul>
      <Certify kit={kit} actions={actions} />
    </Section>
  );
}

/** Somebody of the team answers for a version; until then it is flagged and used all the same. */
function Certify(props: { kit: KitDetail; actions: KitActions }): JSX.Element {
  const { kit, actions } = props;
  const isInstaller = useIsInstaller();
  const { model, firmware } = kit;
  const canCertify = !isInstaller && model && firmware && kit.firmware_certified === false;
  const send = (): void =>
    void actions.run({
      place: CERTIFY,
      path: "/kit/certified-firmware",
      body: { model, firmware },
      version: null,
      done: t("story.certified"),
    });
  return (
    <>
      {canCertify && (
        <ActButton
          quiet
          words={t("story.certify", { version: firmware, model })}
          busy={actions.busy === CERTIFY}
          onClick={send}
        />
      )}
      <KitNoticeLine place={CERTIFY} actions={actions} />
    </>
  );
}

export function LifeStory(props: StoryProps): JSX.Element {
  const { history } = props.kit;
  return (
    <Section id="life" title={t("story.life")}>
      {history.length === 0 && <p>{t("story.nothing")}</p>}
      <ol class="al-timeline al-kit-life">
        {history.map((event, index) => (
          <li key={`${event.at} ${String(index)}`} class="al-kit-life__event">
            <time class="al-timeline__time" dateTime={event.at}>
              {calendarDate(new Date(event.at))}, {clockTime(new Date(event.at))}
            </time>
            <span>{eventWords(event)}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function eventWords(event: KitEvent): string {
  const by = event.by ? t("story.by", { words: event.words, who: event.by }) : event.words;
  return event.note ? `${by}: ${event.note}` : by;
}
