"""Months are opened as of a given day, so that a year of them can be walked through before it comes."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Two of one name with defaults would leave a call without arguments undecided, so the older one makes room
# in the same transaction: callers notice nothing.
STATEMENTS = (
    "drop function ensure_partitions(int, int)",
    """
    create function ensure_partitions(months_back int default 13, months_ahead int default 2,
        as_of timestamptz default now()) returns int
        language plpgsql security definer set search_path = public, pg_temp as $$
    declare
        made int := 0;
        m date;
        parent text;
        child text;
    begin
        perform pg_advisory_xact_lock(7041002);
        foreach parent in array array['observation', 'device_message'] loop
            for i in -months_back .. months_ahead loop
                m := (date_trunc('month', as_of at time zone 'UTC') + make_interval(months => i))::date;
                child := parent || '_' || to_char(m, 'YYYYMM');
                if to_regclass(child) is null then
                    execute format('create table %I partition of %I for values from (%L) to (%L)', child, parent,
                        m::timestamp at time zone 'UTC', (m + interval '1 month') at time zone 'UTC');
                    made := made + 1;
                end if;
            end loop;
        end loop;
        return made;
    end $$
    """,
)


def upgrade() -> None:
    """Additive for every caller: what runs now goes on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
