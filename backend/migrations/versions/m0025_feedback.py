"""Suggestions reach who owns a pathway, and are answered in public."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

FEEDBACK = """
create table feedback (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient, version int not null default 1,
    about text not null check (about in ('advice', 'plan', 'check-in', 'reading', 'messages')),
    ref text, helpful boolean, words text not null default '', pathways text[] not null,
    by_account uuid not null, at timestamptz not null default db_now(), made_at timestamptz,
    -- In the words of who answers: what was asked is told to others without who asked.
    asked text, answer text, answered_by int references practitioner, answered_at timestamptz,
    check (helpful is not null or words <> ''),
    check (num_nonnulls(asked, answer, answered_by, answered_at) in (0, 4)));
create index feedback_patient on feedback (patient_id);
create index feedback_pathways on feedback using gin (pathways) where words <> '';
"""

GRANTS = """
do $$
begin
    if to_regrole('al_gateway') is not null then
        revoke all on feedback from al_gateway;
    end if;
end $$;
"""

STATEMENTS: tuple[str, ...] = (FEEDBACK, GRANTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
