// What was corrected of this device before, by whom and why, and the way back.
import type { JSX } from "preact";
import { exactly } from "../../../core/format";
import type { Correction } from "../../../core/heldTypes";
import { t } from "../../../core/words";
import { correctionWords, Undo, undoneWords } from "../../../parts/team/HeldParts";

export function Earlier(props: { corrections: Correction[]; now: Date }): JSX.Element {
  const { corrections, now } = props;
  return (
    <section aria-labelledby="earlier-title">
      <h2 class="al-section" id="earlier-title" tabIndex={-1}>
        {t("earlier.title")}
      </h2>
      {corrections.length === 0 && <p>{t("earlier.none")}</p>}
      <ul class="nhsuk-list">
        {corrections.map((one) => (
          <li key={one.id} class="al-kit__item">
            <p>
              <strong>{correctionWords(one, now)}</strong> {periodWords(one, now)}
            </p>
            <p>
              {t("earlier.why", { why: one.reason })}{" "}
              {one.people.map((person) => person.display_name).join(", ")}
            </p>
            {one.undone_at ? (
              <p>{undoneWords(one, now)}</p>
            ) : (
              <Undo
                correction={one.id}
                words={t(one.kind === "void" ? "undo.void" : "undo.attribution")}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function periodWords(one: Correction, now: Date): string {
  if (!one.from_at) return "";
  const first = exactly(new Date(one.from_at), now);
  if (!one.to_at) return t("earlier.at", { first });
  return t("earlier.period", { first, last: exactly(new Date(one.to_at), now) });
}
