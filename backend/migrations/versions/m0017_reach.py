"""In which order a member of staff is reached, whether they still are, and the last test they sent themselves."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

REACH = """
create table practitioner_reach (
    practitioner_id int primary key references practitioner,
    channels text[] not null default '{}'
        check (channels <@ array['web-push', 'sms', 'email'] and cardinality(channels) <= 3),
    -- Their account is shut out: the addresses stay for the day they are let in again, and nothing is sent.
    stopped boolean not null default false,
    test_id bigint references communication on delete set null,
    changed_at timestamptz not null default db_now());
"""

GRANTS = """
do $$
begin
    -- The gateway tells nobody anything, so it knows nobody's address.
    if to_regrole('al_gateway') is not null then
        revoke all on practitioner_reach from al_gateway;
    end if;
end $$;
"""

STATEMENTS: tuple[str, ...] = (REACH, GRANTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
