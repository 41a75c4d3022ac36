"""One clock with an offset tests can set, cards that join findings, baselines and watermarks."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    # What every deadline is judged by. The offset is a test's: nothing but a test sets it, for its own session
    # or (alter database) for a whole one.
    """
    create function db_now() returns timestamptz language sql volatile parallel safe as $$
        select clock_timestamp()
            + coalesce(nullif(current_setting('alongside.clock_offset', true), '')::interval, interval '0') $$
    """,
)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
