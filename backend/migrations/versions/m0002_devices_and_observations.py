"""Devices, the raw inbox, observations by month, quarantine and the marks that wake the rules."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DEVICES = """
create table device (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    device_id text not null unique check (device_id ~ '^[a-z0-9][a-z0-9-]{7,63}$'),
    kind text not null, manufacturer text, model text, last_known_address text,
    -- A reading is expected this often; null for kit that speaks only when something happens.
    expected_every_s int, hb_s int not null default 3600,
    is_canary boolean not null default false, revoked_at timestamptz, version int not null default 1,
    created_at timestamptz not null default now());
-- What changes with every message stands apart from what people edit, so that updates stay small (HOT).
create table device_state (
    device_id int primary key references device, firmware text, boot text, last_seq bigint,
    last_seen_at timestamptz, last_reading_at timestamptz, presence text, presence_at timestamptz,
    presence_boot text, battery_pct numeric(5,2), battery_at timestamptz, clock_skew_s int,
    hb_s int) with (fillfactor = 50);
create table device_association (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    device_id int not null references device, patient_id int not null references patient,
    slot smallint not null default 0, valid tstzrange not null, version int not null default 1,
    exclude using gist (device_id with =, slot with =, valid with &&));
create index device_association_patient on device_association (patient_id);
"""

INBOX = """
create sequence device_message_id;
create table device_message (
    id bigint not null, received_at timestamptz not null, device_id int, channel smallint not null,
    device text not null, message_id text, boot text, seq bigint, payload bytea not null)
    partition by range (received_at);
create index device_message_by_id on device_message (id);
-- Unpartitioned on purpose: a unique key on a partitioned table must hold the partition key, and a
-- resend after midnight on the 1st would then be stored twice.
-- No foreign key: it would be checked for every reading, and a device row is never deleted.
create table message_key (
    device_id int not null, message_id text not null,
    device_message_id bigint not null, received_at timestamptz not null,
    primary key (device_id, message_id));
create table quarantine (
    id bigint generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    received_at timestamptz not null, last_received_at timestamptz not null, times int not null default 1,
    device text not null, device_id int references device, channel text not null, topic text not null,
    reason text not null, detail text not null, message_id text, payload bytea not null,
    payload_sha256 bytea not null, resolved_at timestamptz,
    unique (topic, payload_sha256));
create index quarantine_open on quarantine (received_at desc) where resolved_at is null;
"""

OBSERVATIONS = """
create table observation (
    effective_at timestamptz not null, received_at timestamptz not null,
    device_message_id bigint, patient_id int not null, device_id int,
    code smallint not null, quality smallint not null default 0, source smallint not null default 0,
    special smallint, value numeric) partition by range (effective_at);
create index observation_series on observation (patient_id, code, effective_at) include (value);
create table latest (
    patient_id int not null, code smallint not null, quality smallint not null, source smallint not null,
    special smallint, device_id int, effective_at timestamptz not null, received_at timestamptz not null,
    device_message_id bigint, value numeric,
    primary key (patient_id, code)) with (fillfactor = 70);
-- Appended by the gateway, deleted by the worker; never upserted, so that neither waits for the other.
create table evaluation_wait (
    id bigint generated always as identity primary key, patient_id int not null,
    priority smallint not null default 0, codes smallint[] not null, effective_from timestamptz not null,
    not_before timestamptz not null default clock_timestamp(),
    created_at timestamptz not null default clock_timestamp());
create index evaluation_wait_due on evaluation_wait (not_before, priority desc);
"""

PARTITIONS = """
-- Owned by the migrating role and run with its rights: the worker may make partitions ahead and nothing else.
create function ensure_partitions(months_back int default 13, months_ahead int default 2) returns int
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    made int := 0;
    m date;
    parent text;
    child text;
begin
    perform pg_advisory_xact_lock(7041002);
    foreach parent in array array['observation', 'device_message'] loop
        for i in -months_back .. months_ahead loop
            m := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => i))::date;
            child := parent || '_' || to_char(m, 'YYYYMM');
            if to_regclass(child) is null then
                execute format('create table %I partition of %I for values from (%L) to (%L)', child, parent,
                    m::timestamp at time zone 'UTC', (m + interval '1 month') at time zone 'UTC');
                made := made + 1;
            end if;
        end loop;
    end loop;
    return made;
end $$;
-- What an observation's time must lie within; later is `ahead`, earlier is `outside`.
create function partition_bounds(out earliest timestamptz, out latest timestamptz) language sql stable as $$
    select (to_date(right(min(c.relname), 6), 'YYYYMM'))::timestamp at time zone 'UTC',
           (to_date(right(max(c.relname), 6), 'YYYYMM') + interval '1 month')::timestamp at time zone 'UTC'
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'observation'::regclass $$;
select ensure_partitions();
"""


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in (DEVICES, INBOX, OBSERVATIONS, PARTITIONS):
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
