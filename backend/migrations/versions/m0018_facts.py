"""Whether somebody lives alone may be not known, who asked for which NHS number is counted, and drafts end empty."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

LIVES_ALONE = (
    "alter table patient alter column lives_alone drop not null, alter column lives_alone drop default"
)

# A question about a number is counted by who asks, so that nobody reads out who is known here.
NUMBER_CHECK = """
create table number_check (
    id bigint primary key generated always as identity,
    practitioner_id int not null references practitioner,
    at timestamptz not null default db_now());
create index number_check_by_practitioner on number_check (practitioner_id, at);
"""

# Who is live has a record: the draft is a second place where their name and number stand.
DRAFTS = "update joining set draft = '{}' where state = 'live' and draft <> '{}'"

GRANTS = """
do $$
begin
    if to_regrole('al_gateway') is not null then
        revoke all on number_check from al_gateway;
    end if;
end $$;
"""

STATEMENTS: tuple[str, ...] = (LIVES_ALONE, NUMBER_CHECK, DRAFTS, GRANTS)


def upgrade() -> None:
    """What runs now must go on running while this is applied; a "no" that was written stays a "no"."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
