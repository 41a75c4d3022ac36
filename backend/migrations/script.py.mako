"""${message}."""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
