"""Check-ins are answered, kept and followed up by deadlines of their own; typed readings say who typed them."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

RESPONSES = """
-- A draft is a row too: what it holds may need a human before it is ever finished.
create table questionnaire_response (
    id int primary key generated always as identity,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, version int not null default 1,
    questionnaire text not null, questionnaire_version text not null,
    state text not null check (state in ('draft', 'complete')),
    answers jsonb not null default '{}',
    total int, band text, level text check (level in ('green', 'amber', 'red')), words text,
    -- Whoever answered: a carer, or (null) the person. Private answers are theirs and the team's.
    related_person_id int references related_person, is_private boolean not null default false,
    asked_by text, safe_now text check (safe_now in ('yes', 'no')),
    made_at timestamptz, made_offline boolean not null default false,
    received_at timestamptz not null default db_now(), completed_at timestamptz);
create index questionnaire_response_patient on questionnaire_response (patient_id, id);
"""

# "Are you safe now?" has to be answered by `answer_by`, by the database's clock, or it is an emergency.
SAFETY = """
create table check_in_safety (
    id int primary key generated always as identity,
    response_id int not null unique references questionnaire_response,
    patient_id int not null references patient,
    value int not null, alert uuid not null, raised_at timestamptz not null default db_now(),
    answer_by timestamptz not null, answered text check (answered in ('yes', 'no')), answered_at timestamptz,
    settled_at timestamptz, outcome text);
create index check_in_safety_waiting on check_in_safety (answer_by) where settled_at is null;
"""

# The number is that of a message, so that values typed together stand together as those of a device do.
TYPED = """
create table reading_typed (
    device_message_id bigint primary key, change_id uuid not null unique,
    patient_id int not null references patient, kind text not null, codes smallint[] not null,
    effective_at timestamptz not null, received_at timestamptz not null default db_now(),
    related_person_id int references related_person,
    made_at timestamptz, made_offline boolean not null default false,
    oxygen text, repeated boolean not null default false, symptoms boolean);
create index reading_typed_patient on reading_typed (patient_id, effective_at);
"""

GRANTS = """
do $$
begin
    if to_regrole('al_gateway') is not null then
        revoke all on questionnaire_response, check_in_safety, reading_typed from al_gateway;
    end if;
end $$;
"""

STATEMENTS: tuple[str, ...] = (RESPONSES, SAFETY, TYPED, GRANTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
