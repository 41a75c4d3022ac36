"""What a desk does with a card: snooze, recheck, contact, hand-over, and who is listening."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ACTS = """
-- What somebody at a desk did with a card, with what stood before, so that it can be undone for a moment.
create table desk_act (
    id bigint generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    alert_id int not null references alert, patient_id int references patient,
    kind text not null, at timestamptz not null default db_now(),
    by_id int references practitioner, detail jsonb not null default '{}',
    before jsonb, version int not null default 0, undone_at timestamptz);
create index desk_act_alert on desk_act (alert_id, id);
create table desk_message (
    id bigint generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, alert_id int references alert,
    by_id int not null references practitioner, at timestamptz not null default db_now(),
    words text not null, read_at timestamptz);
create index desk_message_patient on desk_message (patient_id, id);
create index alert_snooze_due on alert (snoozed_until) where snoozed_until is not null and closed_at is null;
"""

HANDOVER = """
create table desk_handover (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    from_id int not null references practitioner, to_id int references practitioner,
    care_team_id int references care_team, note text not null default '',
    at timestamptz not null default db_now(), due_at timestamptz not null,
    check (num_nonnulls(to_id, care_team_id) = 1));
create table desk_handover_card (
    id int generated always as identity primary key,
    handover_id int not null references desk_handover, alert_id int not null references alert,
    due_at timestamptz not null, accepted_at timestamptz, accepted_by int references practitioner,
    climbed_at timestamptz, dropped_at timestamptz);
-- A card waits for one person at a time.
create unique index desk_handover_card_waiting on desk_handover_card (alert_id)
    where accepted_at is null and climbed_at is null and dropped_at is null;
create index desk_handover_card_of on desk_handover_card (handover_id);
create index desk_handover_to on desk_handover (to_id, at);
create index desk_handover_team on desk_handover (care_team_id, at);
"""

LISTENING = """
-- One row a web process, written every few seconds; and when a desk of each team last listened.
create table desk_listening (
    instance text primary key, desks int not null, teams jsonb not null default '{}',
    at timestamptz not null default db_now());
create table desk_heard (
    care_team_id int primary key references care_team, at timestamptz not null default db_now());
"""

LIMITS = """
create table desk_limit_change (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, code smallint not null,
    low numeric, high numeric, was_low numeric, was_high numeric,
    by_id int not null references practitioner, at timestamptz not null default db_now(),
    reason text not null, rehearsal jsonb not null default '{}');
create index desk_limit_change_patient on desk_limit_change (patient_id, id);
"""

GRANTS = """
do $$
declare
    role text;
begin
    -- What was done at a desk is never taken out of the record.
    foreach role in array array['al_app', 'al_gateway', 'al_worker'] loop
        if to_regrole(role) is not null then
            execute format('revoke delete on desk_act, desk_message, desk_handover, desk_handover_card,'
                ' desk_limit_change from %I', role);
        end if;
    end loop;
    if to_regrole('al_gateway') is not null then
        revoke all on desk_act, desk_message, desk_handover, desk_handover_card, desk_listening, desk_heard,
            desk_limit_change from al_gateway;
    end if;
end $$;
"""

STATEMENTS: tuple[str, ...] = (ACTS, HANDOVER, LISTENING, LIMITS, GRANTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
