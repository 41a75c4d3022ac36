"""Sequence gaps, held readings that alert, alarm codes, the broker under watch."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATEMENTS: tuple[str, ...] = (
    # One row a device and boot, written only when a message is missing and again when it comes: which seqs lack.
    """create table device_gap (
        device_id int not null references device, boot text not null, holes int8multirange not null,
        since timestamptz not null, filled_at timestamptz, told_at timestamptz, primary key (device_id, boot))""",
    "create index device_gap_open on device_gap (since) where filled_at is null",
    # When a boot began by our clock, by the message that waited least on its way: what a device without a clock
    # measured is counted from here, so that a message that waited at the broker is not dated too late.
    """create table device_anchor (
        device_id int not null references device, boot text not null, booted_at timestamptz not null,
        noted_at timestamptz not null, up_ms bigint not null, primary key (device_id, boot))""",
    # Until when a device said that it sleeps; null for one that is awake.
    "alter table device_state add column asleep_until timestamptz",
    # The codes an alarm centre speaks, as the device sent them or as its kind stands for.
    "alter table alarm_event add column scaip jsonb",
)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
