"""What is to be told to devices: alarm states, config; responders who set off."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DOWNLINK = """
-- One row for each thing a device is to be told, written with its cause; the gateway sends it and marks it.
-- `asked` counts how often it was to go out: a device that comes back is told again by the same row.
create table downlink (
    id bigint generated always as identity primary key,
    device text not null, channel text not null check (channel in ('alarm', 'config')),
    payload jsonb not null, retain boolean not null default false, alert_id int references alert,
    created_at timestamptz not null default clock_timestamp(), asked int not null default 1,
    state text not null default 'waiting' check (state in ('waiting', 'sent')), sent_at timestamptz);
create index downlink_waiting on downlink (id) where state = 'waiting';
create index downlink_alert on downlink (alert_id, id desc) where alert_id is not null;
create index downlink_device on downlink (device, channel, id desc);
"""

CONFIG = """
-- What a device is to be set to. `applied_rev` is what it last said it runs, never what we hope.
create table device_config (
    device_id int primary key references device, rev int not null default 1, body jsonb not null default '{}',
    set_at timestamptz not null default clock_timestamp(), set_by uuid,
    applied_rev int, applied_at timestamptz);
"""

STATES = """
-- When a named responder set off, and since when nobody was reached in time: what the device is told follows.
alter table alert add column help_coming_at timestamptz, add column unreached_at timestamptz;
create index alarm_event_alert on alarm_event (alert_id) where alert_id is not null;
"""

GRANTS = """
do $$
declare
    role text;
begin
    foreach role in array array['al_app', 'al_gateway', 'al_worker'] loop
        if to_regrole(role) is not null then
            execute format('revoke delete on downlink, device_config from %I', role);
        end if;
    end loop;
end $$;
"""

STATEMENTS: tuple[str, ...] = (DOWNLINK, CONFIG, STATES, GRANTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
