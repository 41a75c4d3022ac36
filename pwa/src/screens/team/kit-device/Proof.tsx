// Whether the installation is proved, in one sentence, and the way to the page where it is done.
import type { JSX } from "preact";
import { whenWords } from "../../../core/format";
import type { KitDetail } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { Section } from "../../../parts/team/KitParts";
import type { KitActions } from "../../../parts/team/useKitActions";
import { MoveForm } from "./MoveForm";

export function Proof(props: { kit: KitDetail; now: Date; actions: KitActions }): JSX.Element {
  const { kit, now, actions } = props;
  const done = kit.installation.filter((step) => step.outcome === "proved" && step.counts).length;
  const whole = done === kit.installation.length;
  return (
    <Section id="proof" title={t("proof.section")}>
      <p>
        {whole && kit.proved_at
          ? t("proof.whole", { when: whenWords(new Date(kit.proved_at), now) })
          : t("proof.part", { n: done, all: kit.installation.length })}
      </p>
      <a class="al-button al-button--quiet" href={`/team/kit/${kit.id}/proof`}>
        {t(whole ? "proof.look" : "proof.go")}
      </a>
      <div class="al-kit-beside">
        <MoveForm kit={kit} actions={actions} />
      </div>
    </Section>
  );
}
