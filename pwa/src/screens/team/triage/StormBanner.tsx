// A flood of mild alerts, gathered by cause so that it can be worked through; what is red never stands in it.
import type { JSX } from "preact";
import type { Storm } from "../../../core/deskTypes";
import { deadline } from "../../../core/format";
import { t } from "../../../core/words";

export function StormBanner(props: {
  storm: Storm | null;
  rule: string | null;
  now: Date;
  onRule: (rule: string | null) => void;
}): JSX.Element | null {
  const { storm, rule } = props;
  if (!storm) return null;
  return (
    <section class="al-storm" aria-labelledby="storm-title">
      <h2 class="al-storm__title" id="storm-title">
        {t("storm.title")}
      </h2>
      <p>{t("storm.words", { n: storm.count, time: deadline(new Date(storm.since), props.now) })}</p>
      <div class="al-actions__buttons">
        {storm.by_rule.map((one) => (
          <button
            key={one.rule}
            class="al-span"
            type="button"
            aria-pressed={rule === one.rule}
            onClick={() => props.onRule(rule === one.rule ? null : one.rule)}
          >
            {t("storm.by", { title: one.title, n: one.count })}
          </button>
        ))}
        {rule && (
          <button class="al-link-button" type="button" onClick={() => props.onRule(null)}>
            {t("storm.all")}
          </button>
        )}
      </div>
    </section>
  );
}
