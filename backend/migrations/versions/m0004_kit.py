"""Kit: its life, claim codes, proofs of installation, history."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FACTS = """
alter table device
    add column serial text, add column batch text, add column cuff_size text, add column consumables text,
    add column calibration_due date,
    add column line_type text not null default 'unknown'
        check (line_type in ('digital', 'analogue', 'cellular', 'unknown')),
    add column slot_names text[] not null default '{}',
    add column kit_state text not null default 'in-stock' check (kit_state in ('in-stock', 'issued', 'live',
        'to-collect', 'collected', 'cleaned', 'checked', 'scrapped', 'lost')),
    add column collected_at timestamptz, add column cleaned_at timestamptz, add column checked_at timestamptz,
    add column wiped_at timestamptz,
    -- A proof counts only when it is later than the last move, and that of the route later than its naming.
    add column moved_at timestamptz, add column proved_at timestamptz,
    add column route_name text, add column route_phone text, add column route_set_at timestamptz,
    -- When a secret was last given to it; null while it has no account at the broker.
    add column credential_at timestamptz, add column rotated_at timestamptz, add column revoked_reason text;
update device d set credential_at = created_at where revoked_at is null;
update device d set kit_state = 'live' where exists (
    select from device_association a where a.device_id = d.id and a.valid @> clock_timestamp());
create index device_model on device (model);
create index device_batch on device (batch) where batch is not null;
"""

LIFE = """
create table kit_event (
    id bigint generated always as identity primary key, device_id int not null references device,
    at timestamptz not null default clock_timestamp(), kind text not null, words text not null,
    practitioner_id int references practitioner, note text not null default '', detail jsonb not null default '{}');
create index kit_event_device on kit_event (device_id, id desc);
create table kit_step (
    id bigint generated always as identity primary key, device_id int not null references device,
    step text not null check (step in ('press-bathroom', 'press-bedroom', 'signal', 'power-cut', 'key-holder', 'route')),
    outcome text not null check (outcome in ('proved', 'failed')),
    at timestamptz not null default clock_timestamp(), practitioner_id int references practitioner,
    note text not null default '', signal_dbm int);
create index kit_step_device on kit_step (device_id, step, id desc);
create table certified_firmware (
    model text not null, firmware text not null, at timestamptz not null default clock_timestamp(),
    practitioner_id int references practitioner, primary key (model, firmware));
"""

CLAIMS = """
create table claim_code (
    id bigint generated always as identity primary key, device_id int not null references device,
    code_hash bytea not null unique, practitioner_id int references practitioner,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null, used_at timestamptz);
create index claim_code_device on claim_code (device_id);
create table claim_attempt (
    id bigint generated always as identity primary key, subject bytea not null,
    at timestamptz not null default clock_timestamp());
create index claim_attempt_subject on claim_attempt (subject, at);
create index claim_attempt_at on claim_attempt (at);
"""

# Written by the database itself, so that whoever writes a device's state writes its history. The trigger looks at
# two columns: the statement that notes a sign of life with each batch sets neither and costs nothing more.
HISTORY = """
create table kit_firmware (
    id bigint generated always as identity primary key, device_id int not null references device,
    firmware text not null, at timestamptz not null);
create index kit_firmware_device on kit_firmware (device_id, id desc);
create table kit_battery (
    id bigint generated always as identity primary key, device_id int not null references device,
    pct numeric(5,2) not null, at timestamptz not null);
create index kit_battery_device on kit_battery (device_id, id desc);
create function kit_note_history() returns trigger language plpgsql as $$
declare
    last kit_battery;
    said timestamptz := coalesce(new.battery_at, clock_timestamp());
begin
    if new.firmware is not null and (tg_op = 'INSERT' or new.firmware is distinct from old.firmware) then
        insert into kit_firmware (device_id, firmware, at)
            values (new.device_id, new.firmware, coalesce(new.presence_at, clock_timestamp()));
    end if;
    if new.battery_pct is not null then
        select * into last from kit_battery b where b.device_id = new.device_id order by b.id desc limit 1;
        -- One a day, or a step of 5 %; a battery that jumps to and fro with each message fills no table.
        if last.id is null or said >= last.at + interval '1 day'
                or (abs(last.pct - new.battery_pct) >= 5 and said >= last.at + interval '10 minutes') then
            insert into kit_battery (device_id, pct, at) values (new.device_id, new.battery_pct, said);
        end if;
    end if;
    return null;
end $$;
create trigger kit_history after insert or update of firmware, battery_pct on device_state
    for each row execute function kit_note_history();
"""

RIGHTS = """
do $$
declare
    role text;
begin
    foreach role in array array['al_app', 'al_gateway', 'al_worker'] loop
        if exists (select from pg_roles where rolname = role) then
            -- What happened to kit is never written anew.
            execute format('revoke update, delete on kit_event, kit_step, kit_firmware, kit_battery from %I', role);
            if role <> 'al_app' then
                execute format('revoke all on claim_code, claim_attempt from %I', role);
                execute format('revoke insert, update, delete on kit_step, certified_firmware from %I', role);
            end if;
            if role = 'al_worker' then
                -- It gives back the code of a claim that a crash ended; the code's hash is not its to read.
                execute format('grant select (device_id, expires_at, used_at), update (used_at) on claim_code to %I', role);
            end if;
        end if;
    end loop;
end $$;
"""

STATEMENTS: tuple[str, ...] = (FACTS, LIFE, CLAIMS, HISTORY, RIGHTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
