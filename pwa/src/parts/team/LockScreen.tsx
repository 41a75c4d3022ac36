// What a locked desk shows: how many red cards nobody has taken, whether it sounds, and no name.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Worklist } from "../../core/deskTypes";
import { unlock } from "../../core/lock";
import { forgetSeen, worklist } from "../../core/resources";
import { deadline } from "../../core/format";
import { soundState } from "../../core/sound";
import { isDisconnected, type View } from "../../core/sync";
import { t } from "../../core/words";
import { unclaimedReds } from "../../core/worklist";
import { useNow, useResource, useValue } from "../hooks";
import { Page } from "../Page";
import { SignInForm } from "../SignInForm";
import { SoundButton } from "./TeamHeader";

export function LockScreen(): JSX.Element {
  const now = useNow();
  const view = useResource(useMemo(() => worklist(), []));
  const sound = useValue(soundState);
  const [hasError, setHasError] = useState(false);
  // Another nurse may sit down: nothing that the one before them saw is in memory any more.
  const open = (): void => {
    forgetSeen();
    unlock();
  };
  return (
    <Page
      title={t("locked.title")}
      hasError={hasError}
      header={
        <div class="al-desk-tools al-desk-tools--alone">
          <SoundButton />
        </div>
      }
      bare
    >
      <Waits view={view} now={now} />
      <p>{t(sound === "on" ? "locked.words" : "locked.silent")}</p>
      <h2 class="al-section">{t("locked.open")}</h2>
      <SignInForm onErrors={setHasError} onDone={open} />
    </Page>
  );
}

function Waits(props: { view: View<Worklist>; now: Date }): JSX.Element {
  const { view, now } = props;
  const n = unclaimedReds(view.body).length;
  const isBlind = isDisconnected(view) || !view.body?.checking;
  const time = view.at === null ? "" : deadline(new Date(view.at), now);
  return (
    <div role="status">
      {n > 0 && (
        <p class="al-locked__reds">
          <span class="al-locked__count">{n}</span> {t("locked.reds", { n })}
        </p>
      )}
      {isBlind && <p>{t("locked.off")}</p>}
      {n === 0 && !isBlind && <p>{t("locked.none", { time })}</p>}
    </div>
  );
}
