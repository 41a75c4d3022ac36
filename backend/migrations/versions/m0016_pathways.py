"""What a pathway pack says more, and who chose between two."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    # Where two packs set a rule differently, what a clinician chose for this person.
    """create table rule_choice (
        id int generated always as identity primary key,
        public_id uuid not null unique default gen_random_uuid(),
        patient_id int not null references patient, version int not null default 1,
        rule text not null, name text not null, value text not null, chosen_by text not null,
        chosen_at timestamptz not null default db_now(), reason text not null, unique (patient_id, rule, name))""",
)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
