// The numbers and addresses by which a member of staff is called, what is tried first, and what that leads to now.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { firstOf, reachPath, type Reach } from "../../core/reach";
import { t, wordFor } from "../../core/words";
import { AskForm } from "./CaseParts";
import { RadioField, TextField } from "./Field";
import { useChange } from "./useChange";

export const wayWords = (way: string): string => wordFor("reachWay", way) ?? way;

/** What leads to them now, or that nothing does: the first thing to know here. */
export function WaysNow(props: { reach: Reach }): JSX.Element {
  const { ways, channels, sms, email } = props.reach;
  const idle = [sms ? "sms" : "", email ? "email" : ""].filter((one) => one && !channels.includes(one));
  return (
    <>
      {ways.length > 0 ? (
        <p>{t("reach.by", { ways: ways.map(wayWords).join(t("reach.then")) })}</p>
      ) : (
        <p class="al-notice al-notice--problem">{t("reach.none")}</p>
      )}
      {idle.map((one) => (
        <p key={one} class="al-notice al-notice--problem">
          {t("reach.noProvider", { way: wayWords(one) })}
        </p>
      ))}
    </>
  );
}

export function ReachForm(props: { id: string | null; reach: Reach; pull: () => Promise<void> }): JSX.Element {
  const { id, reach, pull } = props;
  const [sms, setSms] = useState(reach.sms ?? "");
  const [email, setEmail] = useState(reach.email ?? "");
  const [first, setFirst] = useState(reach.order[0] ?? "web-push");
  const [isDone, setDone] = useState(false);
  const { errors, busy, send } = useChange(["sms", "email"]);
  const wrong = (field: string): string | null => errors.find((one) => one.field === field)?.words ?? null;
  const submit = async (): Promise<void> => {
    setDone(false);
    const body = { sms: sms.trim() || null, email: email.trim() || null, order: firstOf(reach.order, first) };
    const answer = await send({ path: reachPath(id), body, version: null });
    await pull();
    setDone(answer.kind === "done");
  };
  return (
    <>
      <AskForm errors={errors} busy={busy} words={t("reach.save")} onSubmit={() => void submit()}>
        <TextField
          id="sms"
          label={t("reach.sms")}
          hint={t("reach.smsHint")}
          type="tel"
          maxLength={40}
          error={wrong("sms")}
          value={sms}
          onInput={setSms}
        />
        <TextField
          id="email"
          label={t("reach.email")}
          maxLength={254}
          error={wrong("email")}
          value={email}
          onInput={setEmail}
        />
        <RadioField
          id="first"
          legend={t("reach.first")}
          value={first}
          choices={["web-push", "sms", "email"].map((value) => ({ value, words: wayWords(value) }))}
          onInput={setFirst}
        />
      </AskForm>
      <div role="status">{isDone && <p class="al-notice">{t("reach.saved")}</p>}</div>
    </>
  );
}
