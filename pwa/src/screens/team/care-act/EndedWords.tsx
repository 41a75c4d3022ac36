// What an ending did: from when nobody watches, who is told so, and what kit is fetched.
import type { JSX } from "preact";
import { serverNow } from "../../../core/clock";
import type { Ended } from "../../../core/caseTypes";
import { exactly } from "../../../core/format";
import { t, wordFor } from "../../../core/words";

export function EndedWords(props: { ended: Ended }): JSX.Element {
  const { ended } = props;
  const told = ended.told.map((kind) => wordFor("endedTold", kind) ?? kind).join(", ");
  return (
    <>
      <div role="status" class="al-ended">
        <p>
          <strong>{t("ended.from", { when: exactly(new Date(ended.not_watched_from), serverNow()) })}</strong>
        </p>
        <p>{told ? t("ended.told", { who: told }) : t("ended.toldNobody")}</p>
        {ended.no_way.length > 0 && <p class="al-notice al-notice--problem">{t("ended.noWay")}</p>}
        {ended.kit.length > 0 ? (
          <>
            <p>{t("ended.kit")}</p>
            <ul class="nhsuk-list nhsuk-list--bullet">
              {ended.kit.map((one) => (
                <li key={one.device_id}>
                  {one.device_id}: {(wordFor("kitState", one.state) ?? one.state).toLowerCase()}
                </li>
              ))}
            </ul>
          </>
        ) : (
          <p>{t("ended.noKit")}</p>
        )}
      </div>
      <p>
        <a href="/team/caseload">{t("ended.toCaseload")}</a>
      </p>
    </>
  );
}
