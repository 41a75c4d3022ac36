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
    # Whoever waits for the rules is due at once, also when the clock is stepped back after the mark was written.
    "alter table evaluation_wait alter column not_before set default timestamptz '2000-01-01 00:00+00'",
    # Whoever is judged is judged by all that waits for them.
    "create index evaluation_wait_patient on evaluation_wait (patient_id)",
    "alter table alert alter column opened_at set default db_now()",
    "alter table alert_event alter column at set default db_now()",
    # What each column means, and which slice writes it, stands in alerts/models.py.
    """
    alter table alert add column card_id int, add column rung smallint not null default 0,
        add column rung_due_at timestamptz, add column contacted_at timestamptz,
        add column call_999 boolean not null default false, add column snoozed_until timestamptz,
        add column snooze jsonb, add column recheck_by timestamptz, add column recheck_why text,
        add column handed_to int references practitioner, add column raised_versions text[] not null default '{}',
        add column stands jsonb
    """,
    "update alert set card_id = id, rung_due_at = case when closed_at is null and not is_canary then"
    " case when claimed_at is null then acknowledge_by else contact_by end end",
    # An alert is its own card until it joins another's.
    """
    create function alert_own_card() returns trigger language plpgsql as $$
    begin
        if new.card_id is null then
            new.card_id := new.id;
        end if;
        return new;
    end $$
    """,
    "create trigger alert_own_card before insert on alert for each row execute function alert_own_card()",
    "alter table alert alter column card_id set not null",
    "create index alert_card on alert (card_id)",
    "create index alert_rung_due on alert (rung_due_at) where closed_at is null and rung_due_at is not null",
    "create index alert_recheck on alert (recheck_by) where recheck_by is not null",
    # Up to which arrival a person has been judged: with it a sweep shows that nobody waits unseen.
    """
    create table patient_watermark (patient_id int primary key references patient,
        judged_to timestamptz not null, at timestamptz not null default db_now())
    """,
    "insert into patient_watermark (patient_id, judged_to) select patient_id, max(received_at) from latest group by 1",
)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
