// Where an alarm goes at any hour: without somebody who answers day and night no telecare unit may go live.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { KitDetail } from "../../../core/kitTypes";
import { t } from "../../../core/words";
import { CheckField, TextField } from "../../../parts/team/Field";
import { ActButton } from "../../../parts/team/KitParts";
import type { KitActions } from "../../../parts/team/useKitActions";

interface Draft {
  name: string;
  phone: string;
  always: boolean;
}

export function RouteForm(props: { kit: KitDetail; actions: KitActions; place: string }): JSX.Element {
  const { kit, actions, place } = props;
  const [draft, setDraft] = useState<Draft>({ name: "", phone: "", always: false });
  const [isTried, setTried] = useState(false);
  const lacks = { name: !draft.name.trim(), phone: !draft.phone.trim(), always: !draft.always };
  const send = (): void => {
    setTried(true);
    const first = lacks.name ? "route-name" : lacks.phone ? "route-phone" : lacks.always ? "route-always" : null;
    if (first) return document.getElementById(first)?.focus();
    void actions.run({
      place,
      path: "route",
      body: { name: draft.name.trim(), phone: draft.phone.trim(), answers_24_hours: draft.always },
      version: kit.version,
      done: t("route.saved"),
    });
  };
  return (
    <div class="al-proof__do">
      <p>{t("route.words")}</p>
      <TextField
        id="route-name"
        label={t("route.name")}
        value={draft.name}
        error={isTried && lacks.name ? t("route.noName") : null}
        onInput={(name) => setDraft({ ...draft, name })}
      />
      <TextField
        id="route-phone"
        type="tel"
        label={t("route.phone")}
        value={draft.phone}
        error={isTried && lacks.phone ? t("route.noPhone") : null}
        maxLength={30}
        onInput={(phone) => setDraft({ ...draft, phone })}
      />
      <CheckField
        id="route-always"
        label={t("route.always")}
        checked={draft.always}
        error={isTried && lacks.always ? t("route.notAlways") : null}
        onInput={(always) => setDraft({ ...draft, always })}
      />
      <ActButton words={t("route.save")} busy={actions.busy === place} onClick={send} />
    </div>
  );
}
