// Kit that the broker no longer knows cannot be heard, however healthy it is: said before anything else.
import type { JSX } from "preact";
import type { KitList } from "../../../core/kitTypes";
import { t } from "../../../core/words";

export function AccountTrouble(props: { credentials: KitList["credentials"] }): JSX.Element | null {
  const { missing, held_back } = props.credentials;
  if (missing.length === 0 && held_back === 0) return null;
  return (
    <div class="al-kit-trouble">
      {missing.length > 0 && (
        <p>
          <strong>{t("kitList.lostAccounts", { n: missing.length })}</strong> {t("kitList.lostAccountsDo")}
        </p>
      )}
      {held_back > 0 && <p>{t("kitList.heldBack", { n: held_back })}</p>}
    </div>
  );
}
