"""Which readings are due when, in the database, and the pattern of a home."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

EXPECTED = """
-- One reading that is due; settled once, when its grace has ended. Only what is not settled is looked for by time.
create table reading_due (
    id bigint generated always as identity primary key, patient_id int not null references patient,
    kind text not null, code smallint not null, due_at timestamptz not null, early_at timestamptz not null,
    grace_until timestamptz not null,
    state text not null default 'due' check (state in ('due', 'taken', 'missed', 'excused')),
    settled_at timestamptz, unique (patient_id, kind, due_at));
create index reading_due_open on reading_due (grace_until) where state = 'due';
-- Readings of one kind that do not come: since when, which step of the ladder was taken, when the next is due.
create table reading_silence (
    patient_id int not null references patient, kind text not null, code smallint not null,
    since timestamptz not null, last_due_at timestamptz not null, rung smallint not null default 0,
    next_at timestamptz, primary key (patient_id, kind));
create index reading_silence_next on reading_silence (next_at) where next_at is not null;
-- A reading counts by the time it was measured, and one that was withdrawn does not.
create function reading_has_come(of_patient int, of_code smallint, since timestamptz, until timestamptz) returns boolean
    language sql stable parallel safe as $$
    select exists (select from observation o where o.patient_id = of_patient and o.code = of_code
        and o.effective_at between since and until
        and not exists (select from observation_correction c where c.device_message_id = o.device_message_id
            and c.kind = 'void' and c.ended_at is null)) $$;
"""

# Who has to be looked at when, a row a person and a rule of the clock. A sweep reads by the deadline and nothing else.
WATCHED = """
create table clock_watch (
    patient_id int not null references patient, rule text not null, since timestamptz not null,
    check_at timestamptz not null, looked_to timestamptz, primary key (patient_id, rule));
create index clock_watch_due on clock_watch (rule, check_at);
create table home_pattern (
    patient_id int primary key references patient, days int not null, usual_gap_s int,
    active_from time, active_to time, computed_at timestamptz not null);
create index alert_falls on alert (opened_at) where rule in ('fall', 'fall_seen');
-- Written by the database itself, so that whoever changes an enrolment has the person looked at again at once.
create function enrolment_sets_clocks() returns trigger language plpgsql as $$
begin
    insert into clock_watch (patient_id, rule, since, check_at)
        select new.patient_id, w.rule, db_now(), db_now()
        from pathway_version v, (values ('readings_missed', 'readings_missed'), ('no_sign', 'no_sign'),
            ('inactivity', 'inactivity'), ('inactivity', 'home_pattern')) as w (named, rule)
        where v.id = new.pathway_version_id
            and v.body @> jsonb_build_object('rules', jsonb_build_array(jsonb_build_object('id', w.named)))
        on conflict (patient_id, rule) do update set check_at = db_now(),
            since = case when new.status = 'live' and old.status is distinct from 'live' then db_now()
                else clock_watch.since end;
    return null;
end $$;
create trigger enrolment_clocks after insert or update on enrolment
    for each row execute function enrolment_sets_clocks();
"""

# Who is waited for is the worker's business; the way in has nothing to do with it.
RIGHTS = """
do $$ begin
    if to_regrole('al_gateway') is not null then
        revoke all on reading_due, reading_silence, clock_watch, home_pattern from al_gateway;
    end if;
end $$;
"""

STATEMENTS: tuple[str, ...] = (EXPECTED, WATCHED, RIGHTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
