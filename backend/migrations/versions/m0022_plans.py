"""The care plan has sections with versions and signatures, goals, and things to do with their times."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KEYED = """id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, version int not null default 1"""

SECTIONS = f"""
create table care_plan_section ({KEYED},
    key text not null, title text not null,
    kind text not null check (kind in ('text', 'advice', 'medicines', 'contacts')),
    clinical boolean not null, private boolean not null default false, body jsonb not null,
    -- The version that the person and a clinician have both signed: what stands while a newer one waits.
    agreed_version int,
    unique (patient_id, key), check (not (clinical and private)), check (agreed_version <= version));
create table plan_goal ({KEYED},
    text text not null, why text not null default '', by_date date,
    state text not null check (state in ('open', 'reached', 'let-go')),
    steps jsonb not null default '[]', private boolean not null default false);
create index plan_goal_patient on plan_goal (patient_id);
create table plan_task ({KEYED},
    kind text not null check (kind in ('action', 'medicine', 'reading', 'check-in')),
    text text not null, how text not null default '', days text[] not null default '{{}}',
    times text[] not null default '{{}}', remind boolean not null default false,
    stopped boolean not null default false, private boolean not null default false);
create index plan_task_patient on plan_task (patient_id);
"""

# Every version there ever was, with who made it: nothing that somebody wrote is lost by what somebody else writes.
HISTORY = """
create table plan_version (
    id bigint generated always as identity primary key,
    patient_id int not null references patient,
    entity text not null check (entity in ('section', 'goal', 'task')), entity_id int not null,
    version int not null, body jsonb not null, private boolean not null,
    by_account uuid, by_name text not null, relation text not null check (relation in ('self', 'carer', 'team')),
    at timestamptz not null default db_now(), made_at timestamptz, offline boolean not null default false,
    unique (entity, entity_id, version));
create index plan_version_patient on plan_version (patient_id, entity);
create table plan_signature (
    id int generated always as identity primary key,
    section_id int not null references care_plan_section, version int not null,
    role text not null check (role in ('person', 'clinician')), by_name text not null,
    practitioner_id int references practitioner, at timestamptz not null default db_now(),
    unique (section_id, version, role), check ((role = 'clinician') = (practitioner_id is not null)));
"""

PROPOSALS = f"""
create table plan_proposal ({KEYED},
    section_id int not null references care_plan_section, on_version int not null, body jsonb not null,
    by_account uuid, by_name text not null, relation text not null check (relation in ('self', 'carer')),
    at timestamptz not null default db_now(), made_at timestamptz, offline boolean not null default false,
    state text not null default 'open' check (state in ('open', 'accepted', 'declined')),
    words text not null default '', settled_by text, settled_at timestamptz);
create index plan_proposal_patient on plan_proposal (patient_id);
"""

# What somebody said of one time: the last word of each counts, and none is taken back.
TICKS = """
create table plan_tick (
    id bigint generated always as identity primary key,
    patient_id int not null references patient, task_id int not null references plan_task,
    due_on date not null, due_at text, done boolean not null, why text,
    by_account uuid, by_name text not null, relation text not null check (relation in ('self', 'carer', 'team')),
    at timestamptz not null default db_now(), made_at timestamptz, offline boolean not null default false);
create index plan_tick_task on plan_tick (task_id, due_on);
"""

REMINDERS = """
create table reminder_setting (
    patient_id int primary key references patient, version int not null default 1,
    readings boolean not null, check_ins boolean not null, medicines boolean not null,
    times jsonb not null default '{}', tell_seen boolean not null default false,
    changed_at timestamptz not null default db_now());
create table reminder (
    id bigint generated always as identity primary key,
    patient_id int not null references patient,
    kind text not null check (kind in ('reading', 'check-in', 'task')), subject text not null,
    due_at timestamptz not null,
    -- Asked of what was done: from when it counts for this time, and until when a reminder is of any use.
    early_at timestamptz not null, until timestamptz not null, send_at timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'sent', 'stopped')), why text,
    settled_at timestamptz,
    unique (patient_id, kind, subject, due_at));
create index reminder_waiting on reminder (send_at) where state = 'waiting';
"""

GRANTS = """
do $$
begin
    if to_regrole('al_app') is not null then
        revoke update, delete on plan_version, plan_signature, plan_tick from al_app;
    end if;
    if to_regrole('al_worker') is not null then
        revoke update, delete on plan_version, plan_signature, plan_tick from al_worker;
    end if;
    if to_regrole('al_gateway') is not null then
        revoke all on care_plan_section, plan_goal, plan_task, plan_version, plan_signature, plan_proposal,
            plan_tick, reminder_setting, reminder from al_gateway;
    end if;
end $$;
"""

STATEMENTS: tuple[str, ...] = (SECTIONS, HISTORY, PROPOSALS, TICKS, REMINDERS, GRANTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
