"""Pathways, alerts as episodes, the outbox, and what each process's role may touch."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PATHWAYS = """
create table pathway_version (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    pathway text not null, version text not null, locality text not null default '', title text not null,
    body jsonb not null, reason text not null, author text not null,
    created_at timestamptz not null default now(), unique (pathway, version, locality));
create table enrolment (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, version int not null default 1,
    pathway_version_id int not null references pathway_version,
    status text not null check (status in ('referred', 'awaiting-kit', 'live', 'paused', 'ended')),
    valid tstzrange not null);
create index enrolment_patient on enrolment (patient_id);
"""

ALERTS = """
create table alert_limit (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, version int not null default 1,
    code smallint not null, low numeric, high numeric, set_by text not null,
    set_at timestamptz not null default now(), reason text not null default '', unique (patient_id, code));
create table alert (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int references patient, device_id int references device, device text,
    care_team_id int references care_team, version int not null default 1,
    rule text not null, kind text not null check (kind in ('clinical', 'technical', 'alarm')),
    level text not null check (level in ('info', 'routine', 'soon', 'urgent', 'emergency')),
    title text not null, reason text not null, evidence jsonb not null default '[]',
    judged_by text not null default '', true_at timestamptz not null,
    known_at timestamptz not null, late boolean not null default false,
    opened_at timestamptz not null default clock_timestamp(), acknowledge_by timestamptz, contact_by timestamptz,
    owner_id int references practitioner, claimed_at timestamptz, seen_at timestamptz,
    closed_at timestamptz, outcome text, note text, repeats int not null default 0,
    is_canary boolean not null default false);
-- One open episode a rule a person; an alarm of kit that nobody wears has one a device.
create unique index alert_one_open on alert (patient_id, rule) where closed_at is null and patient_id is not null;
create unique index alert_one_open_unassigned on alert (device, rule)
    where closed_at is null and patient_id is null;
create index alert_patient on alert (patient_id, opened_at desc);
-- Every press and repeat, by the device's own alarm id: a repeat after closing never opens it anew.
create table alarm_event (
    id bigint generated always as identity primary key,
    device text not null, alarm_id text not null, phase text not null, kind text not null,
    alert_id int references alert, patient_id int, raised_at timestamptz, received_at timestamptz not null,
    message_id text);
create index alarm_event_alarm on alarm_event (device, alarm_id);
create table alert_event (
    id bigint generated always as identity primary key,
    alert_id int not null references alert, patient_id int, at timestamptz not null default clock_timestamp(),
    kind text not null, actor_kind text not null default 'system', actor_id uuid,
    words text not null default '', detail jsonb not null default '{}');
create index alert_event_alert on alert_event (alert_id);
"""

MESSAGES = """
create table communication (
    id bigint generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int references patient, alert_id int references alert,
    to_kind text not null check (to_kind in ('care-team', 'patient', 'related-person', 'duty', 'device')),
    to_ref text not null, channel text not null default 'log', template text not null,
    facts jsonb not null default '{}', created_at timestamptz not null default clock_timestamp(),
    not_before timestamptz not null default clock_timestamp(), attempts int not null default 0,
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
    sent_at timestamptz, last_error text);
create index communication_due on communication (not_before) where state = 'waiting';
create table receipt (
    id bigint generated always as identity primary key,
    communication_id bigint not null references communication, channel text not null,
    at timestamptz not null default clock_timestamp(), provider_ref text);
"""

GRANTS = """
do $$
declare
    role text;
begin
    -- A foreign server (DATABASE_URL) may not have the roles: then its owner decides who may do what.
    foreach role in array array['al_app', 'al_gateway', 'al_worker'] loop
        if to_regrole(role) is not null then
            execute format('grant usage on schema public to %I', role);
            execute format('grant select, insert, update, delete on all tables in schema public to %I', role);
            execute format('grant usage, select on all sequences in schema public to %I', role);
            execute format('revoke insert, update, delete on audit_event, audit_head from %I', role);
            execute format('revoke all on alembic_version from %I', role);
            execute format('alter default privileges in schema public grant select, insert, update, delete on tables to %I',
                role);
            execute format('alter default privileges in schema public grant usage, select on sequences to %I', role);
        end if;
    end loop;
    -- Only the web process signs people in.
    foreach role in array array['al_gateway', 'al_worker'] loop
        if to_regrole(role) is not null then
            execute format('revoke all on account, sign_in_session, sign_in_attempt, idempotency_key from %I', role);
        end if;
    end loop;
end $$;
-- What is stored is never edited: corrections are new rows (a later issue), so nobody holds the right.
do $$
declare
    role text;
begin
    foreach role in array array['al_app', 'al_gateway', 'al_worker'] loop
        if to_regrole(role) is not null then
            execute format('revoke update, delete on observation, device_message, message_key from %I', role);
        end if;
    end loop;
end $$;
"""


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in (PATHWAYS, ALERTS, MESSAGES, GRANTS):
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
