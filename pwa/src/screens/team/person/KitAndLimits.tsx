// Which limits judge this person and who set them, and whether each device can be relied on.
import type { JSX } from "preact";
import { exactly, whenWords } from "../../../core/format";
import { t, wordFor } from "../../../core/words";
import type { TeamPerson } from "../../../core/deskTypes";
import type { Range, ValueCode } from "../../../core/types";
import { Digits, rangeWords } from "../../../parts/Reading";

type Limit = TeamPerson["limits"][number];
type Device = TeamPerson["devices"][number];

export function Limits(props: { record: TeamPerson; now: Date }): JSX.Element {
  return (
    <section aria-labelledby="limits-title">
      <h2 class="al-section" id="limits-title">
        {t("limits.title")}
      </h2>
      {props.record.limits.length === 0 && <p>{t("limits.none")}</p>}
      <ul class="nhsuk-list al-kit">
        {props.record.limits.map((limit) => (
          <li key={`${limit.code} ${limit.set_at}`} class="al-kit__item">
            <LimitWords limit={limit} now={props.now} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function LimitWords(props: { limit: Limit; now: Date }): JSX.Element {
  const { limit, now } = props;
  const range: Range = { low: limit.low, high: limit.high, source: limit.source };
  return (
    <>
      <strong>{wordFor("code", limit.code) ?? limit.code}</strong>{" "}
      <Digits>{rangeWords(limit.code as ValueCode, range) ?? t("limits.noNumber")}</Digits>
      <br />
      <span class="al-quiet">
        {limit.set_at
          ? t("limits.setBy", { who: limit.set_by, when: exactly(new Date(limit.set_at), now) })
          : limit.set_by}{" "}
        {limit.source}
      </span>
    </>
  );
}

export function Kit(props: { record: TeamPerson; now: Date }): JSX.Element {
  return (
    <section aria-labelledby="devices-title">
      <h2 class="al-section" id="devices-title">
        {t("devices.title")}
      </h2>
      {props.record.devices.length === 0 && <p>{t("devices.none")}</p>}
      <ul class="nhsuk-list al-kit">
        {props.record.devices.map((device) => (
          <li key={device.id} class="al-kit__item">
            <a class="al-kit-link" href={`/team/kit/${device.id}`}>
              {wordFor("device", device.kind) ?? device.model} {device.model}
            </a>
            <br />
            <span class={device.state === "ok" ? "al-kit__state" : "al-kit__state al-kit__state--bad"}>
              {seenWords(device, props.now)}
            </span>
            <br />
            <span class="al-quiet">{detailWords(device)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function seenWords(device: Device, now: Date): string {
  if (!device.last_seen_at) return t("devices.never");
  return t(device.state === "ok" ? "devices.seen" : "devices.silent", {
    when: whenWords(new Date(device.last_seen_at), now),
  });
}

function detailWords(device: Device): string {
  const facts = [device.device_id];
  if (device.battery_pct !== null) facts.push(t("devices.battery", { n: device.battery_pct }));
  if (device.firmware) facts.push(t("devices.firmware", { version: device.firmware }));
  return facts.join(" · ");
}
