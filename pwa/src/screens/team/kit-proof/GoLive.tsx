// The end of an installation: what is still missing, in words, or the button that makes it live.
import type { JSX } from "preact";
import type { KitDetail } from "../../../core/kitTypes";
import { t, wordFor } from "../../../core/words";
import { ActButton, KitNoticeLine } from "../../../parts/team/KitParts";
import type { KitActions } from "../../../parts/team/useKitActions";

const PLACE = "go-live";

export function GoLive(props: { kit: KitDetail; actions: KitActions }): JSX.Element {
  const { kit, actions } = props;
  return (
    <section class="al-proof__end" aria-labelledby="live-title">
      <h2 class="al-section" id="live-title">
        {t("goLive.title")}
      </h2>
      <LiveWords kit={kit} actions={actions} />
      <KitNoticeLine place={PLACE} actions={actions} />
    </section>
  );
}

function LiveWords(props: { kit: KitDetail; actions: KitActions }): JSX.Element {
  const { kit, actions } = props;
  const move = kit.allowed.find((one) => one.to === "live") ?? null;
  const open = kit.installation.filter((step) => step.outcome !== "proved" || !step.counts);
  if (kit.state === "live")
    return <p>{t(open.length > 0 ? "goLive.liveButOpen" : "goLive.isLive")}</p>;
  if (!move) return <p>{t("goLive.notFromHere")}</p>;
  if (move.missing.length > 0)
    return (
      <>
        <p>{t("goLive.missing", { n: move.missing.length })}</p>
        <ul class="nhsuk-list nhsuk-list--bullet">
          {move.missing.map((code) => (
            <li key={code}>{wordFor("kitMissing", code) ?? code}</li>
          ))}
        </ul>
      </>
    );
  const send = (): void =>
    void actions.run({
      place: PLACE,
      path: "state",
      body: { to: "live", note: "", wiped: false },
      version: kit.version,
      done: t("goLive.done"),
    });
  return (
    <>
      <p>{t("goLive.ready")}</p>
      <ActButton words={t("goLive.do")} busy={actions.busy === PLACE} onClick={send} />
    </>
  );
}
