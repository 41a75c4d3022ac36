// How a device gets into the service: a code of ten minutes, read out once, and a new secret for one that is in.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { clockTime, exactly } from "../../../core/format";
import type { KitDetail } from "../../../core/kitTypes";
import type { Resource } from "../../../core/sync";
import { t } from "../../../core/words";
import { TextField } from "../../../parts/team/Field";
import { ActButton, Disclosure, KitNoticeLine, Section } from "../../../parts/team/KitParts";
import type { KitActions } from "../../../parts/team/useKitActions";
import { useOften, useSeconds } from "../../../parts/team/useOften";

const PLACE = "credentials";
/** How long a code lives, as the server counts it. */
const LIFE_MS = 600_000;

interface Code {
  code: string;
  expires_at: string;
}

export function Credentials(props: {
  kit: KitDetail;
  now: Date;
  actions: KitActions;
  resource: Resource<KitDetail>;
}): JSX.Element {
  const { kit, now, actions } = props;
  const [shown, setShown] = useState<Code | null>(null);
  const make = async (own: string | null): Promise<void> => {
    const answer = await actions.run<Code>({
      place: PLACE,
      path: "claim-codes",
      body: { code: own },
      version: null,
    });
    if (answer?.kind === "done" && answer.body) setShown(answer.body);
  };
  return (
    <Section id="credentials" title={t("claim.title")}>
      <p>{accountWords(kit, now)}</p>
      {shown ? (
        <ShownCode kit={kit} code={shown} resource={props.resource} />
      ) : (
        kit.claim && <p>{t("claim.open", { time: clockTime(new Date(kit.claim.expires_at)) })}</p>
      )}
      {!kit.revoked_at && <MakeCode again={shown !== null} actions={actions} onMake={make} />}
      {kit.credential_at && !kit.revoked_at && <Rotate kit={kit} actions={actions} />}
      <KitNoticeLine place={PLACE} actions={actions} />
    </Section>
  );
}

function accountWords(kit: KitDetail, now: Date): string {
  if (kit.revoked_at) return t("claim.revoked", { when: exactly(new Date(kit.revoked_at), now) });
  if (!kit.credential_at) return t("claim.none");
  return t("claim.since", { when: exactly(new Date(kit.credential_at), now) });
}

/** "9 minutes 41 seconds": a countdown in words, because a bar would tell nobody how long to hurry. */
export function leftWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = Math.floor(seconds % 60);
  const said = [minutes > 0 ? t("claim.minutes", { n: minutes }) : "", t("claim.seconds", { n: rest })];
  return said.filter(Boolean).join(" ");
}

/** The code in large letters until it is used or has ended, then what became of it. */
function ShownCode(props: { kit: KitDetail; code: Code; resource: Resource<KitDetail> }): JSX.Element {
  const { kit, code } = props;
  const now = useSeconds();
  useOften(props.resource, 2000);
  const left = (Date.parse(code.expires_at) - now.getTime()) / 1000;
  const begun = Date.parse(code.expires_at) - LIFE_MS;
  const isUsed = isSince(kit.credential_at, begun - 1000);
  return (
    <div class="al-claim">
      <div role="status">
        {isUsed ? <Claimed kit={kit} begun={begun} /> : <Letters code={code.code} isOver={left <= 0} />}
      </div>
      {!isUsed && left > 0 && (
        <p>{t("claim.left", { left: leftWords(left), time: clockTime(new Date(code.expires_at)) })}</p>
      )}
    </div>
  );
}

function isSince(at: string | null, begun: number): boolean {
  return at !== null && Date.parse(at) >= begun;
}

function Letters(props: { code: string; isOver: boolean }): JSX.Element {
  if (props.isOver) return <p class="al-claim__end">{t("claim.ended")}</p>;
  return (
    <>
      <p>{t("claim.type")}</p>
      <p class="al-claim__code">
        <bdi dir="ltr">{props.code}</bdi>
      </p>
    </>
  );
}

function Claimed(props: { kit: KitDetail; begun: number }): JSX.Element {
  const { kit, begun } = props;
  const heard = isSince(kit.last_seen_at, begun);
  return (
    <>
      <p class="al-claim__step">{t("claim.used")}</p>
      <p class={heard ? "al-claim__step" : "al-claim__wait"}>
        {heard
          ? t("claim.heard", { time: clockTime(new Date(kit.last_seen_at ?? "")) })
          : t("claim.waiting")}
      </p>
    </>
  );
}

function MakeCode(props: {
  again: boolean;
  actions: KitActions;
  onMake: (own: string | null) => Promise<void>;
}): JSX.Element {
  const { actions, onMake } = props;
  const [own, setOwn] = useState("");
  return (
    <>
      <ActButton
        words={t(props.again ? "claim.makeAgain" : "claim.make")}
        quiet={props.again}
        busy={actions.busy === PLACE}
        onClick={() => void onMake(null)}
      />
      <Disclosure summary={t("claim.ownTitle")}>
          <TextField
            id="claim-own"
            label={t("claim.own")}
            hint={t("claim.ownHint")}
            value={own}
            maxLength={9}
            onInput={setOwn}
          />
          <ActButton
            words={t("claim.useOwn")}
            quiet
            busy={actions.busy === PLACE}
            onClick={() => {
              if (own.trim()) void onMake(own.trim());
              else document.getElementById("claim-own")?.focus();
            }}
          />
      </Disclosure>
    </>
  );
}

function Rotate(props: { kit: KitDetail; actions: KitActions }): JSX.Element {
  const { kit, actions } = props;
  const send = (): void =>
    void actions.run({
      place: PLACE,
      path: "rotate",
      body: {},
      version: kit.version,
      done: t("claim.rotated"),
    });
  return (
    <div class="al-kit-rotate">
      <p class="al-quiet">{t("claim.rotateWords")}</p>
      <ActButton words={t("claim.rotate")} quiet busy={actions.busy === PLACE} onClick={send} />
    </div>
  );
}
