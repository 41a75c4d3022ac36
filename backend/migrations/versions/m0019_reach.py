"""GP practices and alarm centres are reached by text and e-mail, and a team says whose alarm centre is theirs."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

REACH = """
create table organization_contact (
    organization_id int not null references organization,
    channel text not null check (channel in ('sms', 'email')),
    address text not null,
    primary key (organization_id, channel));
-- The alarm centre that is called about this team's people. Where there is only one, it is everybody's.
alter table care_team add column alarm_centre_id int references organization;
-- Which organisation a try was for.
alter table escalation_step add column organization_id int references organization;
"""

GRANTS = """
do $$
begin
    -- The gateway tells nobody anything, so it knows nobody's address.
    if to_regrole('al_gateway') is not null then
        revoke all on organization_contact from al_gateway;
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
