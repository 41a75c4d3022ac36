// Pairing a phone: a QR code to point a camera at, the same code to type, and what became of it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ApiError } from "../../core/api";
import { pairingCode } from "../../core/caseload";
import type { PairingCode } from "../../core/caseTypes";
import { clockTime } from "../../core/format";
import { t } from "../../core/words";
import { ActButton } from "./KitParts";
import { QrCode } from "../QrCode";
import { refusedWords } from "./useChange";
import { useSeconds } from "./useOften";

export interface PairFor {
  /** Where a code is made, and what is sent with it. */
  path: string;
  body: object;
  /** "Pair the phone of Rose Ash". */
  words: string;
}

export function PairPhone(props: { whom: PairFor; paired: boolean }): JSX.Element {
  const { whom } = props;
  const [code, setCode] = useState<PairingCode | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const make = async (): Promise<void> => {
    setBusy(true);
    setTrouble(null);
    try {
      setCode(await pairingCode(whom.path, whom.body));
    } catch (cause) {
      setTrouble(cause instanceof ApiError ? refusedWords(cause) : t("act.refused"));
    }
    setBusy(false);
  };
  return (
    <div class="al-pair">
      {code && !props.paired && <Shown code={code} />}
      <div role="status">
        {props.paired && <p class="al-arrived">{t("pairPhone.paired")}</p>}
        {trouble && <p class="al-notice al-notice--problem">{trouble}</p>}
      </div>
      <ActButton
        words={code || props.paired ? t("pairPhone.again") : whom.words}
        quiet={code !== null || props.paired}
        busy={busy}
        onClick={() => void make()}
      />
    </div>
  );
}

/** "9 minutes 41 seconds". */
function leftWords(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const said = [
    minutes > 0 ? t("claim.minutes", { n: minutes }) : "",
    t("claim.seconds", { n: Math.floor(seconds % 60) }),
  ];
  return said.filter(Boolean).join(" ");
}

function Shown(props: { code: PairingCode }): JSX.Element {
  const { code } = props;
  const now = useSeconds();
  const left = (Date.parse(code.expires_at) - now.getTime()) / 1000;
  if (left <= 0) return <p class="al-claim__end">{t("pairPhone.over")}</p>;
  return (
    <div class="al-pair__code">
      <QrCode holds={code.link} label={t("pairPhone.qr")} />
      <div class="al-pair__words">
        <p>{t("pairPhone.scan")}</p>
        <p>{t("pairPhone.type", { address: code.link.replace(/#.*$/, "").replace(/^https?:\/\//, "") })}</p>
        <p class="al-claim__code">
          <bdi dir="ltr">{code.code}</bdi>
        </p>
        <p>{t("pairPhone.left", { left: leftWords(left), time: clockTime(new Date(code.expires_at)) })}</p>
      </div>
    </div>
  );
}
