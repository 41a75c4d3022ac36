// Who helps me: the team, the practice, and the people I let in, with what each may see and until when.
import type { JSX } from "preact";
import { telephone } from "../../core/format";
import { t } from "../../core/words";
import { CirclePage, type CircleShown } from "../../parts/CirclePage";
import { Face } from "../../parts/Face";
import { LookedRows } from "../../parts/LookedRows";
import { People } from "./People";
import { StepBack } from "./StepBack";

export const address = "/circle";
export const nav = "plan";

export function Screen(): JSX.Element {
  return <CirclePage title={t("circle.title")}>{(shown) => <Opened shown={shown} />}</CirclePage>;
}

function Opened(props: { shown: CircleShown }): JSX.Element {
  const { shown } = props;
  const isSelf = shown.patient.relation === "self";
  return (
    <>
      {isSelf && <Me shown={shown} />}
      <Around shown={shown} />
      <People shown={shown} />
      {isSelf ? <Looked shown={shown} /> : <StepBack shown={shown} />}
    </>
  );
}

function Me(props: { shown: CircleShown }): JSX.Element {
  const { me } = props.shown.circle;
  return (
    <p class="al-row-face">
      <Face photo={me.photo} name={me.name} />
      <a class="al-card__more" href="/circle/photo">
        {t(me.photo ? "photo.change" : "photo.add")}
      </a>
    </p>
  );
}

function Around(props: { shown: CircleShown }): JSX.Element {
  const { team, coordinator, practice } = props.shown.circle;
  return (
    <section class="al-card" aria-labelledby="around-title">
      <h2 class="al-card__title" id="around-title">
        {t("circle.around")}
      </h2>
      <dl class="al-facts">
        {team && <One what={t("circle.team")} name={team.name} phone={team.phone} more={team.hours} />}
        {coordinator && <One what={t("circle.coordinator")} {...coordinator} />}
        {practice && <One what={t("circle.practice")} {...practice} />}
      </dl>
      {!team && !practice && <p>{t("circle.nobodyAround")}</p>}
    </section>
  );
}

function One(props: { what: string; name: string; phone: string | null; more?: string }): JSX.Element {
  return (
    <div class="al-facts__row">
      <dt>{props.what}</dt>
      <dd>
        <strong>{props.name}</strong>
        {props.more && <span class="al-list__more">{t("messages.hours", { hours: props.more })}</span>}
        {props.phone && (
          <span class="al-list__more">
            <a class="al-dial" href={telephone(props.phone)}>
              {t("messages.call", { phone: props.phone })}
            </a>
          </span>
        )}
      </dd>
    </div>
  );
}

function Looked(props: { shown: CircleShown }): JSX.Element {
  const { last } = props.shown.circle.looked;
  return (
    <section class="al-card" aria-labelledby="looked-title">
      <h2 class="al-card__title" id="looked-title">
        {t("looked.title")}
      </h2>
      {last.length === 0 ? <p>{t("looked.none")}</p> : <LookedRows rows={last} />}
      <a class="al-card__more" href="/circle/looked">
        {t("looked.all")}
      </a>
    </section>
  );
}
