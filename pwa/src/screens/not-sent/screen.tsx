// Everything saved on this phone that the service does not have yet, each in words, with its age and what happens to it.
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { whenWords } from "../../core/format";
import { flush, flushState } from "../../core/flush";
import { discard, type Queued } from "../../core/outbox";
import { t } from "../../core/words";
import { vaultState } from "../../core/vault";
import { useNow, useOutbox, useSession, useValue } from "../../parts/hooks";
import { Page } from "../../parts/Page";

export const address = "/not-sent";
export const open = true;

export function Screen(): JSX.Element {
  const { items, sealed, ready } = useOutbox();
  const isIn = useSession().kind === "in";
  const isLocked = useValue(vaultState).state === "locked";
  const isOpen = isIn && !isLocked;
  const isEmpty = ready && items.length + sealed === 0;
  return (
    <Page title={t("notSent.title")} bare={!isOpen}>
      <p role="status">{isEmpty ? t("notSent.none") : ""}</p>
      {!isEmpty && <Waiting items={items} sealed={sealed} isOpen={isOpen} />}
      {!isOpen && (
        <p>
          <a class="al-button al-button--quiet al-button--wide" href="/">
            {t(isLocked ? "unlock.title" : "signIn.title")}
          </a>
        </p>
      )}
    </Page>
  );
}

/** Whoever holds a phone that is locked or signed out sees how many there are, and nothing else. */
function Waiting(props: { items: Queued[]; sealed: number; isOpen: boolean }): JSX.Element {
  const { items, sealed, isOpen } = props;
  const now = useNow();
  const shown = isOpen ? items : items.filter((item) => item.what === "unreadable");
  const more = items.length + sealed - shown.length;
  return (
    <>
      <p>{t("notSent.words")}</p>
      <ul class="nhsuk-list">
        {shown.map((item) => (
          <Item key={item.id} item={item} now={now} isBehind={isBehind(item, items)} />
        ))}
      </ul>
      {more > 0 && <p>{t("notSent.sealed", { n: more })}</p>}
      <SendNow isIn={isOpen} />
    </>
  );
}

function SendNow(props: { isIn: boolean }): JSX.Element {
  const { running, stopped } = useValue(flushState);
  const [asked, setAsked] = useState(false);
  const send = async (): Promise<void> => {
    await flush();
    setAsked(true);
  };
  return (
    <>
      <p role="status">{asked && !running && stopped ? t(stoppedWords(stopped, props.isIn)) : ""}</p>
      <button
        class="al-button al-button--main"
        type="button"
        aria-disabled={running}
        onClick={() => !running && void send()}
      >
        {t(running ? "notSent.sending" : "notSent.sendNow")}
      </button>
    </>
  );
}

function stoppedWords(stopped: "signed-out" | "later", isIn: boolean): "notSent.later" | "notSent.signIn" {
  return stopped === "signed-out" && !isIn ? "notSent.signIn" : "notSent.later";
}

/** Made on top of something that needs its author first. */
function isBehind(item: Queued, items: readonly Queued[]): boolean {
  const first = items.find((one) => one.document !== null && one.document === item.document);
  return first !== undefined && first.id !== item.id && (first.state === "needs-you" || first.state === "refused");
}

function Item(props: { item: Queued; now: Date; isBehind: boolean }): JSX.Element {
  const { item, now, isBehind } = props;
  const isStuck = item.state === "refused" || item.state === "needs-you";
  return (
    <li class="al-card">
      <h2 class="al-card__title">{t(`notSent.kind.${item.what}`)}</h2>
      <p>{t("notSent.saved", { when: whenWords(new Date(item.madeAt), now) })}</p>
      <p>{isBehind && !isStuck ? t("notSent.behind") : stateWords(item)}</p>
      {isStuck && <Ways item={item} />}
    </li>
  );
}

function stateWords(item: Queued): string {
  const code = item.problem?.code;
  if (code === "damaged" || code === "cannot-be-opened") return t(`notSent.${code}`);
  if (item.state === "needs-you") return t("notSent.conflict");
  if (item.state === "refused") return t("notSent.refused", { why: item.problem?.detail ?? "" });
  return t(item.state === "sending" ? "notSent.sendingThis" : "notSent.waiting");
}

/** Where its author can make it anew: the page that shows both versions, or the form that the screen named. */
export function changeHref(item: Queued): string | null {
  const named = (item.show as { href?: unknown } | null)?.href;
  if (typeof named === "string") return named;
  const isText = item.what === "plan" || item.what === "goal" || item.what === "task";
  return isText && item.state === "needs-you" ? `/plan/conflict/${item.id}` : null;
}

function Ways(props: { item: Queued }): JSX.Element {
  const { item } = props;
  const [sure, setSure] = useState(false);
  const href = changeHref(item);
  return (
    <div class="al-stack">
      {href && (
        <a class="al-button al-button--wide" href={href}>
          {t(item.state === "needs-you" ? "notSent.choose" : "notSent.change")}
        </a>
      )}
      {sure && <p role="status">{t("notSent.sure")}</p>}
      <button
        class="al-button al-button--quiet al-button--wide"
        type="button"
        onClick={() => (sure ? void discard(item.id) : setSure(true))}
      >
        {t(sure ? "notSent.letGoYes" : "notSent.letGo")}
      </button>
    </div>
  );
}
