// The people I let in: what each may see, until when, when they looked last, and invitations nobody has used yet.
import type { JSX } from "preact";
import { calendarDate, telephone, whenWords } from "../../core/format";
import { withdrawInvitation } from "../../core/circle";
import { untilWords } from "../../core/circleWords";
import { middayOf } from "../../core/planDays";
import { t } from "../../core/words";
import type { Former, Helper, Invitation } from "../../core/circleTypes";
import type { CircleShown } from "../../parts/CirclePage";
import { ErrorSummary } from "../../parts/ErrorSummary";
import { ScopeList } from "../../parts/ScopeList";
import { useAct } from "../../parts/useAct";

export function People(props: { shown: CircleShown }): JSX.Element {
  const { circle, patient, now } = props.shown;
  const isSelf = patient.relation === "self";
  const open = circle.invitations.filter(({ state }) => state === "open");
  return (
    <section class="al-people" aria-labelledby="people-title">
      <h2 class="al-section" id="people-title">
        {t(isSelf ? "circle.people" : "circle.myPlace")}
      </h2>
      {circle.people.length === 0 && <p>{t("circle.nobody")}</p>}
      {circle.people.map((one) => (
        <HelperCard key={one.id} helper={one} isSelf={isSelf} now={now} />
      ))}
      {open.map((one) => (
        <Invited key={one.id} invitation={one} shown={props.shown} />
      ))}
      {isSelf && (
        <a class="al-button al-button--main" href="/circle/invite">
          {t("circle.invite")}
        </a>
      )}
      <Past former={circle.former} />
    </section>
  );
}

function HelperCard(props: { helper: Helper; isSelf: boolean; now: Date }): JSX.Element {
  const { helper, isSelf, now } = props;
  return (
    <div class="al-card">
      <h3 class="al-new__title">{helper.name}</h3>
      <p class="al-quiet">{helper.relation}</p>
      {helper.phone && (
        <a class="al-dial" href={telephone(helper.phone)}>
          {t("messages.call", { phone: helper.phone })}
        </a>
      )}
      {!helper.stands && <p class="al-waits">{t("circle.notNow")}</p>}
      <p class="al-lines__title">{t("circle.maySee")}</p>
      <ScopeList scopes={helper.scopes} />
      <p>{untilWords(helper.until)}</p>
      {helper.review_on && (
        <p>{t("circle.review", { date: calendarDate(middayOf(helper.review_on)) })}</p>
      )}
      <p>{t(helper.tell_seen ? "circle.told" : "circle.notTold")}</p>
      <p class="al-quiet">
        {helper.last_looked_at
          ? t("circle.lookedLast", { when: whenWords(new Date(helper.last_looked_at), now) })
          : t("circle.neverLooked")}
      </p>
      {isSelf && helper.basis === "invitation" && (
        <a class="al-button al-button--quiet" href={`/circle/person/${helper.id}`}>
          {t("circle.change")}
          <span class="nhsuk-u-visually-hidden">: {helper.name}</span>
        </a>
      )}
      {isSelf && helper.basis !== "invitation" && <p class="al-quiet">{t("circle.byTeam")}</p>}
    </div>
  );
}

function Invited(props: { invitation: Invitation; shown: CircleShown }): JSX.Element {
  const { invitation, shown } = props;
  const { errors, busy, run } = useAct();
  const withdraw = (): void => run(() => withdrawInvitation(shown.patient.id, invitation.id).then(shown.again));
  return (
    <div class="al-card">
      <ErrorSummary errors={errors} />
      <h3 class="al-new__title">{t("circle.invited", { name: invitation.for_name })}</h3>
      <p>{t("circle.invitedUntil", { date: calendarDate(new Date(invitation.expires_at)) })}</p>
      <p class="al-lines__title">{t("circle.willSee")}</p>
      <ScopeList scopes={invitation.scopes} />
      <button class="al-button al-button--quiet" type="button" aria-disabled={busy} onClick={withdraw}>
        {t("circle.withdraw")}
        <span class="nhsuk-u-visually-hidden">: {invitation.for_name}</span>
      </button>
    </div>
  );
}

function Past(props: { former: readonly Former[] }): JSX.Element | null {
  if (props.former.length === 0) return null;
  return (
    <>
      <h3 class="al-new__title">{t("circle.former")}</h3>
      <ul class="al-list">
        {props.former.map((one) => (
          <li key={`${one.name} ${one.ended_at}`}>
            {one.name}
            <span class="al-list__more al-quiet">
              {t(`circle.ended.${one.ended_by}`, { date: calendarDate(new Date(one.ended_at)) })}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
