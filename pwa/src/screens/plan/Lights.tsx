// If things change: green, amber and red, each told by its word, its shape and its colour.
import type { JSX } from "preact";
import { t } from "../../core/words";
import { Level, type LevelName } from "../../parts/Level";
import { SectionCard } from "./SectionCard";
import type { Shown } from "../../parts/plan/PlanPage";

const LIGHTS = [
  { key: "green", level: "ok", words: "plan.light.green" },
  { key: "amber", level: "soon", words: "plan.light.amber" },
  { key: "red", level: "urgent", words: "plan.light.red" },
] as const satisfies readonly { key: string; level: LevelName; words: string }[];

export function Lights(props: { shown: Shown }): JSX.Element {
  const { plan, drawn, viewer, patient } = props.shown;
  return (
    <>
      <h2 class="al-card__title">{t("plan.lights")}</h2>
      {LIGHTS.map(({ key, level, words }) => {
        const section = drawn.sections.find(({ item }) => item.key === key);
        return (
          section && (
            <div key={key} class={`al-light al-light--${key}`}>
              <SectionCard
                drawn={section}
                plan={plan}
                viewer={viewer}
                patient={patient.id}
                heading={<Level level={level} words={t(words)} shout />}
              />
            </div>
          )
        );
      })}
    </>
  );
}
