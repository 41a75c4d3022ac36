// How the list is narrowed: waiting or done, by reason with its count, by device and by model.
import type { JSX } from "preact";
import type { HeldQuestion } from "../../../core/held";
import type { HeldList } from "../../../core/heldTypes";
import { t } from "../../../core/words";
import { SelectField, type Choice } from "../../../parts/team/Field";

interface Item {
  code: string;
  words: string;
  count: number | null;
}

function Chips(props: {
  label: string;
  items: Item[];
  chosen: string;
  onChange: (code: string) => void;
}): JSX.Element {
  return (
    <div class="al-tabs al-tabs--wrap" role="group" aria-label={props.label}>
      {props.items.map((item) => (
        <button
          key={item.code}
          class="al-tab"
          type="button"
          aria-pressed={props.chosen === item.code}
          onClick={() => props.onChange(item.code)}
        >
          {item.words} {item.count !== null && <span class="al-tab__count">{item.count}</span>}
        </button>
      ))}
    </div>
  );
}

/** What is chosen stays in the list, also when nothing of it is left. */
function choices(found: { value: string; count: number }[], chosen: string, all: string): Choice[] {
  const listed = found.map(({ value, count }) => ({ value, words: `${value} (${String(count)})` }));
  const lost = chosen && !found.some(({ value }) => value === chosen);
  return [{ value: "", words: all }, ...listed, ...(lost ? [{ value: chosen, words: chosen }] : [])];
}

export function Filters(props: {
  list: HeldList;
  asked: HeldQuestion;
  onAsk: (next: Partial<HeldQuestion>) => void;
}): JSX.Element {
  const { list, asked, onAsk } = props;
  const all = list.counts.reduce((sum, item) => sum + item.count, 0);
  const reasons = list.counts.map(({ reason, words, count }) => ({ code: reason, words, count }));
  const devices = list.devices.map(({ device_id, count }) => ({ value: device_id, count }));
  const models = list.models.map(({ model, count }) => ({ value: model, count }));
  return (
    <>
      <Chips
        label={t("held.byState")}
        items={[
          { code: "", words: t("held.open"), count: null },
          { code: "resolved", words: t("held.done"), count: null },
        ]}
        chosen={asked.state}
        onChange={(state) => onAsk({ state, reason: "" })}
      />
      {reasons.length > 0 && (
        <Chips
          label={t("held.filter")}
          items={[{ code: "", words: t("held.all"), count: all }, ...reasons]}
          chosen={asked.reason}
          onChange={(reason) => onAsk({ reason })}
        />
      )}
      <div class="al-held__filters">
        <SelectField
          id="held-device"
          label={t("held.device")}
          value={asked.device}
          choices={choices(devices, asked.device, t("held.allDevices"))}
          onInput={(device) => onAsk({ device })}
        />
        <SelectField
          id="held-model"
          label={t("held.model")}
          value={asked.model}
          choices={choices(models, asked.model, t("held.allModels"))}
          onInput={(model) => onAsk({ model })}
        />
      </div>
    </>
  );
}
