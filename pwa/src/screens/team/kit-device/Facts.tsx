// What the box says and what the device says of itself, each value with its age or with words for its absence.
import type { JSX } from "preact";
import { exactly, whenWords } from "../../../core/format";
import { asQuery } from "../../../core/kit";
import type { KitDetail } from "../../../core/kitTypes";
import { t, wordFor } from "../../../core/words";
import { Fact, Section } from "../../../parts/team/KitParts";
import { dateWords } from "../../../parts/team/kitWords";
import type { KitActions } from "../../../parts/team/useKitActions";
import { FactsForm } from "./FactsForm";

const at = (text: string | null, now: Date, none: string): string =>
  text ? whenWords(new Date(text), now) : none;

export function Facts(props: { kit: KitDetail; now: Date; actions: KitActions }): JSX.Element {
  const { kit, now, actions } = props;
  return (
    <>
      <Section id="says" title={t("kitOne.says")}>
        <dl class="al-facts">
          <Fact name={t("kitOne.heard")}>
            {at(kit.last_seen_at, now, t("kitList.neverHeard"))}
            {kit.presence && ` · ${wordFor("kitPresence", kit.presence) ?? kit.presence}`}
          </Fact>
          <Fact name={t("kitOne.battery")}>{battery(kit, now)}</Fact>
          <Fact name={t("kitOne.firmware")}>
            {firmware(kit, now)}
          </Fact>
          {kit.is_telecare && <Telecare kit={kit} now={now} />}
        </dl>
      </Section>
      <Section id="box" title={t("kitOne.box")}>
        <Box kit={kit} />
        <FactsForm kit={kit} actions={actions} />
      </Section>
    </>
  );
}

function battery(kit: KitDetail, now: Date): string {
  if (kit.battery_pct === null) return t("kitList.noBattery");
  const said = kit.battery_at ?? kit.battery_history[0]?.at ?? null;
  return [t("unit.percent", { value: kit.battery_pct }), at(said, now, "")].filter(Boolean).join(", ");
}

function firmware(kit: KitDetail, now: Date): string {
  if (!kit.firmware) return t("kitList.noFirmware");
  const since = kit.firmware_history[0]?.at ?? null;
  const age = since ? t("story.since", { when: whenWords(new Date(since), now) }) : "";
  return `${[kit.firmware, age].filter(Boolean).join(", ")} · ${certifiedWords(kit)}`;
}

function certifiedWords(kit: KitDetail): string {
  if (kit.firmware_certified === null) return t("kitOne.certifiedUnknown");
  return t(kit.firmware_certified ? "kitOne.certified" : "kitOne.notCertified");
}

function Telecare(props: { kit: KitDetail; now: Date }): JSX.Element {
  const { kit, now } = props;
  return (
    <>
      <Fact name={t("kitOne.test")}>{at(kit.last_full_test_at, now, t("kitList.neverTested"))}</Fact>
      <Fact name={t("kitOne.line")}>{t(`kitLine.${kit.line_type}`)}</Fact>
      <Fact name={t("kitOne.address")}>
        {kit.address ?? t("kitOne.noAddress")}
        {kit.moved_at && ` · ${t("kitOne.moved", { when: at(kit.moved_at, now, "") })}`}
      </Fact>
      <Fact name={t("kitOne.route")}>
        {kit.route
          ? t("kitOne.routeIs", {
              name: kit.route.name,
              phone: kit.route.phone,
              when: exactly(new Date(kit.route.set_at), now),
            })
          : t("kitOne.noRoute")}
      </Fact>
    </>
  );
}

function Box(props: { kit: KitDetail }): JSX.Element {
  const { kit } = props;
  const recall = asQuery(
    kit.batch ? { model: kit.model, batch: kit.batch } : { model: kit.model, firmware: kit.firmware },
  );
  const facts: [string, string | null][] = [
    [t("kitNew.manufacturer"), kit.manufacturer],
    [t("kitNew.model"), kit.model],
    [t("kitNew.serial"), kit.serial],
    [t("kitNew.batch"), kit.batch],
    [t("kitOne.calibration"), kit.calibration_due && dateWords(kit.calibration_due)],
    [t("kitOne.cuff"), kit.cuff_size],
    [t("kitOne.consumables"), kit.consumables],
    [t("kitOne.users"), kit.slot_names.length > 0 ? kit.slot_names.join(", ") : t("kitOne.oneUser")],
  ];
  const known = facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
  const unknown = facts.filter(([, value]) => !value).map(([name]) => name.toLowerCase());
  return (
    <>
      <dl class="al-facts">
        {known.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </dl>
      {unknown.length > 0 && (
        <p class="al-quiet">{t("kitOne.notWritten", { what: unknown.join(", ") })}</p>
      )}
      {recall && (
        <a class="al-kit-link" href={`/team/kit-recall${recall}`}>
          {t(kit.batch ? "kitOne.sameBatch" : "kitOne.sameModel")}
        </a>
      )}
    </>
  );
}
