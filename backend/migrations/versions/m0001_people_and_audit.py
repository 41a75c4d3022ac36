"""People, organisations, sign-in, consent and the audit chain."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

DIRECTORY = """
create extension if not exists btree_gist;
create table organization (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    kind text not null check (kind in ('gp-practice', 'community-team', 'alarm-centre')),
    name text not null, ods_code text unique, phone text);
create table healthcare_service (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    organization_id int not null references organization, name text not null, phone text, hours text);
create table location (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    line text not null, postcode text);
"""

PEOPLE = """
create table patient (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    nhs_number text not null unique check (nhs_number ~ '^[0-9]{10}$'),
    given_name text not null, family_name text not null, birth_date date not null,
    gender text not null default 'unknown' check (gender in ('female', 'male', 'other', 'unknown')),
    phone text, lives_alone boolean not null default false, key_safe_reference text,
    location_id int references location, gp_practice_id int references organization,
    facts jsonb not null default '{}', is_canary boolean not null default false,
    version int not null default 1, created_at timestamptz not null default now());
create table practitioner (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    display_name text not null, role text not null);
create table related_person (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(), display_name text not null, phone text);
create table care_team (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    organization_id int not null references organization, name text not null, phone text not null,
    opens time not null default '08:00', closes time not null default '20:00',
    time_zone text not null default 'Europe/London');
create table care_team_member (
    id int generated always as identity primary key,
    care_team_id int not null references care_team, practitioner_id int not null references practitioner,
    valid tstzrange not null,
    exclude using gist (care_team_id with =, practitioner_id with =, valid with &&));
create table caseload (
    id int generated always as identity primary key,
    care_team_id int not null references care_team, patient_id int not null references patient,
    valid tstzrange not null,
    exclude using gist (care_team_id with =, patient_id with =, valid with &&));
create index caseload_patient on caseload (patient_id);
create table consent (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, version int not null default 1,
    kind text not null check (kind in ('monitoring', 'proxy')),
    related_person_id int references related_person, scopes text[] not null default '{}',
    basis text not null default 'invitation', valid tstzrange not null, revoked_at timestamptz,
    check ((kind = 'proxy') = (related_person_id is not null)));
create index consent_patient on consent (patient_id);
create index consent_related on consent (related_person_id);
"""

SIGN_IN = """
create table account (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    username text not null unique check (username = lower(username)), password_hash text not null,
    kind text not null check (kind in ('patient', 'related-person', 'practitioner')),
    patient_id int references patient, related_person_id int references related_person,
    practitioner_id int references practitioner, disabled_at timestamptz,
    check (num_nonnulls(patient_id, related_person_id, practitioner_id) = 1));
create table sign_in_session (
    id bigint generated always as identity primary key,
    token_hash bytea not null unique, csrf_hash bytea not null,
    account_id int not null references account, audience text not null check (audience in ('person', 'team')),
    created_at timestamptz not null default now(), last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null, revoked_at timestamptz, device_label text);
create index sign_in_session_account on sign_in_session (account_id);
create table sign_in_attempt (
    id bigint generated always as identity primary key,
    subject bytea not null, at timestamptz not null default now());
create index sign_in_attempt_subject on sign_in_attempt (subject, at);
"""

MANNERS = """
create table idempotency_key (
    account_id int not null references account, key uuid not null, request_hash bytea not null,
    status int not null, body jsonb, etag text, created_at timestamptz not null default now(),
    primary key (account_id, key));
create table change (
    change_id uuid primary key, patient_id int not null references patient,
    entity text not null, entity_id bigint not null, version int not null,
    at timestamptz not null default now());
create table heartbeat (name text primary key, at timestamptz not null, detail jsonb not null default '{}');
"""

AUDIT = """
create table audit_head (shard smallint primary key, seq bigint not null, hash bytea not null);
insert into audit_head select n, 0, sha256(convert_to('alongside audit shard ' || n, 'UTF8'))
    from generate_series(0, 7) n;
create table audit_event (
    shard smallint not null, seq bigint not null, at timestamptz not null,
    actor_kind text not null, actor_id uuid, patient_id int, purpose text, action text not null,
    entity text not null, entity_id text, outcome text not null check (outcome in ('success', 'refused', 'failed')),
    detail jsonb not null, prev_hash bytea not null, hash bytea not null, primary key (shard, seq));
create index audit_event_patient on audit_event (patient_id, at);
create function audit_row_hash(prev bytea, body text) returns bytea language sql immutable
    as $$ select sha256(prev || convert_to(body, 'UTF8')) $$;
-- One shard a backend, so that a transaction never waits on two and eight writers do not queue for one.
create function audit_append(p_actor_kind text, p_actor_id uuid, p_patient_id int, p_purpose text, p_action text,
        p_entity text, p_entity_id text, p_outcome text, p_detail jsonb) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    s smallint := pg_backend_pid() % 8;
    head audit_head;
    t timestamptz;
    h bytea;
begin
    select * into head from audit_head where shard = s for update;
    t := clock_timestamp();
    h := audit_row_hash(head.hash, concat_ws('|', s, head.seq + 1, t at time zone 'UTC', p_actor_kind, p_actor_id,
        p_patient_id, p_purpose, p_action, p_entity, p_entity_id, p_outcome, p_detail));
    insert into audit_event values (s, head.seq + 1, t, p_actor_kind, p_actor_id, p_patient_id, p_purpose, p_action,
        p_entity, p_entity_id, p_outcome, p_detail, head.hash, h);
    update audit_head set seq = head.seq + 1, hash = h where shard = s;
end $$;
-- The first place where a shard's chain no longer adds up; no row when it does.
create function audit_broken() returns table (shard smallint, seq bigint) language sql stable
    security definer set search_path = public, pg_temp as $$
    with chained as (
        select a.*, lag(a.hash) over w as before, lag(a.seq) over w as before_seq from audit_event a
        window w as (partition by a.shard order by a.seq))
    select c.shard, c.seq from chained c
    where c.hash <> audit_row_hash(c.prev_hash, concat_ws('|', c.shard, c.seq, c.at at time zone 'UTC', c.actor_kind,
            c.actor_id, c.patient_id, c.purpose, c.action, c.entity, c.entity_id, c.outcome, c.detail))
       or c.seq <> coalesce(c.before_seq, 0) + 1 or c.prev_hash <> coalesce(c.before, c.prev_hash)
    union all
    select h.shard, h.seq from audit_head h
    left join lateral (select max(e.seq) as seq from audit_event e where e.shard = h.shard) m on true
    where h.seq <> coalesce(m.seq, 0) $$;
"""


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in (DIRECTORY, PEOPLE, SIGN_IN, MANNERS, AUDIT):
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
