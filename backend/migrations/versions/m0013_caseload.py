"""People join, pause, end and die; staff accounts and what the board asks."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

# Off for one person's readings, always with an end. Who was paused before pauses had ends gets a week to look.
PAUSE = """
create table pause (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, version int not null default 1,
    span tstzrange not null check (isempty(span) or (lower(span) is not null and upper(span) is not null)),
    kind text not null check (kind in ('pause', 'admission')), reason text not null,
    made_by int references practitioner, made_at timestamptz not null default db_now(),
    ended_at timestamptz, ended_by int references practitioner, discharged boolean not null default false,
    checked_at timestamptz,
    exclude using gist (patient_id with =, span with &&));
create index pause_unchecked on pause (upper(span)) where checked_at is null;
insert into pause (patient_id, span, kind, reason)
    select distinct patient_id, tstzrange(db_now(), db_now() + interval '7 days'), 'pause',
        'Paused before pauses had an end: look at it within a week.'
    from enrolment where status = 'paused';
"""

# What belongs to a person besides the name: whom to ring, how to be understood, what is decided and by whom.
PERSON = """
alter table patient add column second_phone text;
alter table patient add column identity_checked text not null default 'not-recorded'
    check (identity_checked in ('not-recorded', 'document', 'asked', 'referral'));
create table patient_contact (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, version int not null default 1,
    relation text not null check (relation in ('next-of-kin', 'key-holder', 'carer', 'other')),
    place smallint not null default 0, tell boolean not null default false,
    related_person_id int not null references related_person, ended_at timestamptz);
create index patient_contact_patient on patient_contact (patient_id) where ended_at is null;
create table patient_needs (
    patient_id int primary key references patient,
    language text, interpreter boolean, hearing text, sight text, reach text,
    rescue_pack boolean, rescue_pack_where text);
create table capacity_assessment (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, version int not null default 1,
    decision text not null, outcome text not null check (outcome in ('has', 'lacks', 'fluctuates')),
    evidence text not null, assessed_by text not null, assessed_on date not null, review_on date not null,
    recorded_by int references practitioner, recorded_at timestamptz not null default db_now());
create index capacity_assessment_patient on capacity_assessment (patient_id, id);
alter table consent add column decision text not null default '';
alter table consent add column evidence text not null default '';
alter table consent add column granted_by text not null default '';
alter table consent add column review_on date;
alter table consent add column recorded_by int references practitioner;
-- That a document exists and where its original is: a pointer, never an order.
create table care_document (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, version int not null default 1,
    kind text not null check (kind in ('respect', 'dnacpr', 'advance-decision', 'advance-statement',
        'anticipatory-medicines', 'end-of-life-plan')),
    dated date not null, original_at text not null, ceiling text, verified_by text not null,
    verified_on date not null, recorded_by int references practitioner,
    recorded_at timestamptz not null default db_now(), ended_at timestamptz, ended_why text);
create index care_document_patient on care_document (patient_id) where ended_at is null;
create table end_of_life_plan (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, version int not null default 1,
    line_name text not null, line_phone text not null, reason text not null, review_on date not null,
    first_by int not null references practitioner, first_at timestamptz not null default db_now(),
    second_by int references practitioner check (second_by <> first_by), second_at timestamptz,
    stopped_at timestamptz, stopped_by int references practitioner, stopped_why text);
create unique index end_of_life_plan_one on end_of_life_plan (patient_id) where stopped_at is null;
"""

ACCOUNTS = """
alter table practitioner add column version int not null default 1;
alter table account add column has_password boolean not null default true;
create table pairing_code (
    id int generated always as identity primary key,
    patient_id int references patient, related_person_id int references related_person,
    practitioner_id int references practitioner, code_hash bytea not null unique,
    made_by int references practitioner, created_at timestamptz not null default db_now(),
    expires_at timestamptz not null, used_at timestamptz,
    check (num_nonnulls(patient_id, related_person_id, practitioner_id) = 1));
create table pairing_attempt (
    id bigint generated always as identity primary key, subject bytea not null,
    at timestamptz not null default db_now());
create index pairing_attempt_subject on pairing_attempt (subject, at);
"""

# A draft that a team may leave and carry on with; what was offered, and what became of it.
JOINING = """
create table joining (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(), version int not null default 1,
    care_team_id int not null references care_team, started_by int not null references practitioner,
    started_at timestamptz not null default db_now(), changed_at timestamptz not null default db_now(),
    state text not null default 'draft' check (state in ('draft', 'registered', 'live', 'declined')),
    draft jsonb not null default '{}', patient_id int references patient,
    registered_at timestamptz, closed_at timestamptz);
create index joining_open on joining (care_team_id) where closed_at is null;
create index joining_patient on joining (patient_id);
create table sensor_reason (
    id int generated always as identity primary key, patient_id int not null references patient,
    device_id int not null references device, why text not null,
    recorded_by int not null references practitioner, recorded_at timestamptz not null default db_now());
"""

# For an honest evaluation. Apart from the clinical record; "not-stated" is an answer.
BOARD = """
create table board_record (
    id int generated always as identity primary key, joining_id int not null unique references joining,
    patient_id int references patient, care_team_id int not null references care_team,
    offered_at timestamptz not null, outcome text not null default 'offered'
        check (outcome in ('offered', 'joined', 'declined', 'not-suitable', 'withdrawn')),
    outcome_at timestamptz, reason text, ethnicity text, language text, disability text, digital_access text,
    deprivation_decile smallint check (deprivation_decile between 1 and 10), channel text);
"""

LIVING = """
create table review (
    id int generated always as identity primary key, patient_id int not null references patient,
    at timestamptz not null default db_now(), practitioner_id int references practitioner,
    note text not null default '', next_due date not null);
create index review_patient on review (patient_id, id);
create table leaving (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, version int not null default 1,
    kind text not null check (kind in ('ended', 'died')), reason text not null default '',
    note text not null default '', died_on date, at timestamptz not null default db_now(),
    made_by int references practitioner, before jsonb not null default '{}',
    undone_at timestamptz, undone_by int references practitioner, undone_why text);
create index leaving_patient on leaving (patient_id);
-- A clinician's own range for oxygen (SpO2 is code 5), for lists that may not look into the tables of alerts.
create view oxygen_target as select patient_id, low, high from alert_limit where code = 5;
create unique index leaving_died on leaving (patient_id) where kind = 'died' and undone_at is null;
"""

# An organisation is told too. Nothing is ever sent to somebody who has died, whoever queues it.
TOLD = """
alter table communication drop constraint communication_to_kind_check;
alter table communication add constraint communication_to_kind_check check (to_kind in
    ('care-team', 'patient', 'related-person', 'practitioner', 'duty', 'device', 'organization')) not valid;
alter table communication validate constraint communication_to_kind_check;
create function communication_to_the_dead() returns trigger language plpgsql as $$
declare
    whose int := new.patient_id;
begin
    if whose is null and new.to_ref ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        select id into whose from patient where public_id = new.to_ref::uuid;
    end if;
    if exists (select from leaving where patient_id = whose and kind = 'died' and undone_at is null) then
        new.state := 'stopped';
    end if;
    return new;
end $$;
create trigger communication_to_the_dead before insert on communication for each row
    when (new.to_kind = 'patient') execute function communication_to_the_dead();
"""

GRANTS = """
do $$
declare
    role text;
begin
    foreach role in array array['al_gateway', 'al_worker'] loop
        if to_regrole(role) is not null then
            execute format('revoke all on pairing_code, pairing_attempt, board_record from %I', role);
        end if;
    end loop;
end $$;
"""

STATEMENTS: tuple[str, ...] = (PAUSE, PERSON, ACCOUNTS, JOINING, BOARD, LIVING, TOLD, GRANTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
