// Who wears it in each slot, since when, and who did before: so that no reading reaches the wrong person.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { calendarDate, exactly } from "../../../core/format";
import type { KitDetail, Wearer } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { ActButton, KitNoticeLine, Section, useIsInstaller } from "../../../parts/team/KitParts";
import { wearerName } from "../../../parts/team/kitWords";
import type { KitActions } from "../../../parts/team/useKitActions";
import { DatesForm, EndForm } from "./DatesForms";
import { GiveForm } from "./GiveForm";

export const WEARERS = "wearers";

export interface WearersProps {
  kit: KitDetail;
  now: Date;
  actions: KitActions;
}

type Doing = { slot: number; what: "give" | "hand-over" | "end" | "dates" };

/** Kit in these states is in somebody's hands or on its way there. */
const GIVABLE: readonly string[] = ["in-stock", "issued", "live"];

function slotsOf(kit: KitDetail): number[] {
  const named = kit.slot_names.map((_, index) => index);
  const worn = kit.wearers.map((wearer) => wearer.slot);
  return [...new Set([0, ...named, ...worn])].sort((a, b) => a - b);
}

export function Wearers(props: WearersProps): JSX.Element {
  const { kit, now, actions } = props;
  const [doing, setDoing] = useState<Doing | null>(null);
  const slots = slotsOf(kit);
  return (
    <Section id="wearers" title={t("wear.title")}>
      {slots.map((slot) => (
        <div key={slot} class="al-wearer">
          {slots.length > 1 && (
            <h3 class="al-wearer__slot">
              {kit.slot_names[slot] ?? t("wear.slot", { n: slot + 1 })}
            </h3>
          )}
          <Slot {...props} slot={slot} doing={doing?.slot === slot ? doing : null} onDo={setDoing} />
        </div>
      ))}
      <KitNoticeLine place={WEARERS} actions={actions} />
      {kit.past_wearers.length > 0 && <Past wearers={kit.past_wearers} now={now} />}
    </Section>
  );
}

function Slot(
  props: WearersProps & { slot: number; doing: Doing | null; onDo: (doing: Doing | null) => void },
): JSX.Element {
  const { kit, now, slot, doing, onDo } = props;
  const wearer = kit.wearers.find((one) => one.slot === slot && one.is_now) ?? null;
  const next = kit.wearers.find((one) => one.slot === slot && !one.is_now) ?? null;
  const form = { kit, now, actions: props.actions, onBack: () => onDo(null) };
  if (doing) return <DoForm {...form} doing={doing} wearer={wearer} />;
  return (
    <>
      <WearerWords wearer={wearer} now={now} />
      {next && <p>{t("wear.next", { who: wearerName(next), when: fromWords(next, now) })}</p>}
      <SlotButtons kit={kit} wearer={wearer} onDo={(what) => onDo({ slot, what })} />
    </>
  );
}

function DoForm(
  props: WearersProps & { doing: Doing; wearer: Wearer | null; onBack: () => void },
): JSX.Element {
  const { doing, wearer, ...form } = props;
  if (doing.what === "end" && wearer) return <EndForm {...form} wearer={wearer} />;
  if (doing.what === "dates" && wearer) return <DatesForm {...form} wearer={wearer} />;
  return <GiveForm {...form} slot={doing.slot} wearer={wearer} />;
}

function fromWords(wearer: Wearer, now: Date): string {
  return wearer.from ? exactly(new Date(wearer.from), now) : t("wear.always");
}

function WearerWords(props: { wearer: Wearer | null; now: Date }): JSX.Element {
  const { wearer, now } = props;
  const isInstaller = useIsInstaller();
  if (!wearer) return <p>{t("wear.nobody")}</p>;
  return (
    <p>
      {wearer.patient && !isInstaller ? (
        <a class="al-kit-link" href={`/team/person/${wearer.patient.id}`}>
          {wearerName(wearer)}
        </a>
      ) : (
        <strong>{wearerName(wearer)}</strong>
      )}
      <span class="al-quiet al-wearer__since">
        {t("wear.since", { when: fromWords(wearer, now) })}
        {wearer.until && ` ${t("wear.until", { when: exactly(new Date(wearer.until), now) })}`}
      </span>
    </p>
  );
}

function SlotButtons(props: {
  kit: KitDetail;
  wearer: Wearer | null;
  onDo: (what: Doing["what"]) => void;
}): JSX.Element | null {
  const { kit, wearer, onDo } = props;
  const isInstaller = useIsInstaller();
  if (!wearer) {
    if (!GIVABLE.includes(kit.state)) return <p class="al-quiet">{t("wear.notNow")}</p>;
    return <ActButton words={t("wear.give")} busy={false} onClick={() => onDo("give")} />;
  }
  const who = wearerName(wearer);
  const button = (what: Doing["what"], words: string): JSX.Element => (
    <ActButton quiet words={words} label={`${words}: ${who}`} busy={false} onClick={() => onDo(what)} />
  );
  return (
    <div class="al-actions__buttons">
      {button("end", t("wear.end"))}
      {button("hand-over", t("wear.handOver"))}
      {!isInstaller && wearer.patient && button("dates", t("wear.dates"))}
    </div>
  );
}

function Past(props: { wearers: Wearer[]; now: Date }): JSX.Element {
  return (
    <>
      <h3 class="al-wearer__slot">{t("wear.past")}</h3>
      <ul class="nhsuk-list al-kit-lines">
        {props.wearers.map((wearer) => (
          <li key={wearer.id}>
            {wearerName(wearer)}{" "}
            <span class="al-quiet">
              {t("wear.span", {
                from: wearer.from ? calendarDate(new Date(wearer.from)) : t("wear.always"),
                until: wearer.until ? calendarDate(new Date(wearer.until)) : t("wear.stillOn"),
              })}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
