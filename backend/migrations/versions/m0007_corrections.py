"""Replays, attributions and voids: reversible, with who and why."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CORRECTIONS = """
-- What somebody at a desk decided about readings: given to a person, or taken out. Undone, never deleted.
create table correction (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    kind text not null check (kind in ('attribution', 'void')),
    device_id int references device, patient_id int references patient,
    starts_at timestamptz, ends_at timestamptz, reason text not null,
    made_by int not null references practitioner, made_at timestamptz not null default clock_timestamp(),
    undone_by int references practitioner, undone_at timestamptz, undone_reason text,
    check ((undone_at is null) = (undone_by is null) and (undone_at is null) = (undone_reason is null)));
create index correction_device on correction (device_id, made_at desc);
-- One row a message, because a message is one measurement act: observations themselves are never edited.
create table observation_correction (
    id bigint generated always as identity primary key,
    correction_id int not null references correction,
    kind text not null check (kind in ('attributed', 'void')),
    device_message_id bigint not null, patient_id int not null, device_id int, codes smallint[] not null,
    effective_at timestamptz not null, received_at timestamptz not null, ended_at timestamptz);
-- Every series asks this one, so it holds only what is void now.
create index observation_void on observation_correction (device_message_id)
    where kind = 'void' and ended_at is null;
create index observation_void_person on observation_correction (patient_id, effective_at)
    where kind = 'void' and ended_at is null;
create index observation_correction_batch on observation_correction (correction_id);
"""

REPLAYS = """
create table replay_request (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    asked_by int not null references practitioner, asked_at timestamptz not null default clock_timestamp(),
    reason text, total int not null);
create table replay (
    id bigint generated always as identity primary key,
    replay_request_id int not null references replay_request on delete cascade,
    quarantine_id bigint not null references quarantine on delete cascade,
    patient_id int references patient,
    state text not null default 'waiting' check (state in ('waiting', 'stored', 'duplicate', 'refused')),
    reason text, detail text, done_at timestamptz,
    -- What giving it to a person made of it, so that undoing lets the message wait again.
    correction_id int references correction);
create index replay_of_correction on replay (correction_id) where correction_id is not null;
-- Two desks asking at once ask once.
create unique index replay_waiting on replay (quarantine_id) where state = 'waiting';
create index replay_of_request on replay (replay_request_id, state);
create index replay_of_message on replay (quarantine_id);
alter table quarantine add column resolution text
    check (resolution in ('replayed', 'attributed', 'stored-since', 'set-aside'));
create index quarantine_by_device on quarantine (device, last_received_at desc);
create index quarantine_by_message on quarantine (device_id, message_id) where resolved_at is null;
create index quarantine_resolved on quarantine (resolved_at) where resolved_at is not null;
"""

GRANTS = """
do $$
declare
    role text;
begin
    foreach role in array array['al_app', 'al_gateway', 'al_worker'] loop
        if to_regrole(role) is not null then
            execute format('revoke update, delete on correction, observation_correction from %I', role);
        end if;
    end loop;
    if to_regrole('al_app') is not null then
        grant update (undone_by, undone_at, undone_reason) on correction to al_app;
        grant update (ended_at) on observation_correction to al_app;
    end if;
end $$;
"""

FORGET = """
-- The worker may not read who signed in; it may only have what is over 90 days old forgotten.
create function forget_old_sign_ins() returns int
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    gone int;
begin
    with old as (delete from sign_in_attempt where id in
            (select id from sign_in_attempt where at < now() - interval '90 days' limit 5000) returning 1)
    select count(*) into gone from old;
    return gone;
end $$;
create function forget_old_answers() returns int
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    gone int;
begin
    with old as (delete from idempotency_key where (account_id, key) in
            (select account_id, key from idempotency_key where created_at < now() - interval '90 days'
             limit 5000) returning 1)
    select count(*) into gone from old;
    return gone;
end $$;
"""

STATEMENTS: tuple[str, ...] = (CORRECTIONS, REPLAYS, GRANTS, FORGET)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
