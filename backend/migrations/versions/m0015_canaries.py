"""What each canary did and whether anybody would have been told."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CANARIES = """
-- One row a kind: which invented person and device play it, how often, and by when it must have been seen.
create table canary (
    kind text primary key check (kind in ('normal', 'red', 'silent', 'fall')),
    device text not null, patient uuid not null,
    every_s int not null check (every_s > 0), within_s int not null check (within_s > 0),
    -- How long the device of the silent one has to say nothing before anybody should be told.
    silent_s int not null default 0, since timestamptz not null default db_now());
create table canary_run (
    id bigint generated always as identity primary key,
    kind text not null references canary, cause text not null,
    began_at timestamptz not null default db_now(), due_at timestamptz not null,
    seen_at timestamptz, latency_ms int);
create index canary_run_kind on canary_run (kind, id desc);
create index canary_run_unseen on canary_run (kind, id) where seen_at is null;
"""

GRANTS = """
do $$
declare
    role text;
begin
    foreach role in array array['al_app', 'al_gateway'] loop
        if to_regrole(role) is not null then
            execute format('revoke insert, update, delete on canary, canary_run from %I', role);
        end if;
    end loop;
end $$;
"""

STATEMENTS: tuple[str, ...] = (CANARIES, GRANTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
