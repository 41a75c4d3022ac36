"""Clock provenance of each message, and what makes ingest cheap."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The clock rule that gave a reading its time, by the numbers of device_gateway/clock.py METHODS.
CLOCK = "alter table device_message add column taken_at timestamptz, add column clock_method smallint"

# One call gives a batch its numbers in a row. Numbers given before stay, and gaps mean nothing.
NUMBERS = "alter sequence device_message_id increment by 1000"

# The gateway remembers who wears what while this count stands still. It goes up in the transaction that changes
# something, once (for many rows of one statement too) and at its very end, so that nobody waits for the row but two
# who commit at one time, and nobody who holds it waits for anything.
EPOCH = """
create table binding_epoch (one boolean primary key default true check (one), epoch bigint not null);
insert into binding_epoch (epoch) values (0);
create function note_binding_change() returns trigger language plpgsql
    security definer set search_path = public, pg_temp as $$
declare
    now_in_hand text := pg_current_xact_id() || ' ' || statement_timestamp();
begin
    if current_setting('alongside.binding_change', true) is distinct from now_in_hand then
        perform set_config('alongside.binding_change', now_in_hand, true);
        update binding_epoch set epoch = epoch + 1;
    end if;
    return null;
end $$;
create constraint trigger binding_changed after insert or update or delete on device_association
    deferrable initially deferred for each row execute function note_binding_change();
create constraint trigger binding_changed after insert or update or delete on consent
    deferrable initially deferred for each row execute function note_binding_change();
create constraint trigger binding_changed after update of device_id, revoked_at or delete on device
    deferrable initially deferred for each row execute function note_binding_change();
create constraint trigger binding_changed after update of public_id or delete on patient
    deferrable initially deferred for each row execute function note_binding_change();
create trigger binding_emptied after truncate on device_association
    for each statement execute function note_binding_change();
create trigger binding_emptied after truncate on consent
    for each statement execute function note_binding_change();
create trigger binding_emptied after truncate on device
    for each statement execute function note_binding_change();
"""

RIGHTS = """
do $$
declare
    role text;
begin
    foreach role in array array['al_app', 'al_gateway', 'al_worker'] loop
        if to_regrole(role) is not null then
            execute format('revoke insert, update, delete on binding_epoch from %I', role);
        end if;
    end loop;
end $$;
"""

STATEMENTS: tuple[str, ...] = (CLOCK, NUMBERS, EPOCH, RIGHTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
