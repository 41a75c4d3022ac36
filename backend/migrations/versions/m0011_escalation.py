"""Ladders, rotas and what was tried on each rung, and where a phone is rung by push."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ROTA = """
create table rota_shift (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    care_team_id int not null references care_team,
    role text not null check (role in ('on-call', 'duty-manager')),
    practitioner_id int not null references practitioner,
    valid tstzrange not null check (not isempty(valid) and not lower_inf(valid) and not upper_inf(valid)),
    created_at timestamptz not null default clock_timestamp(),
    -- Two people may share a duty; one person is not down twice for the same.
    exclude using gist (care_team_id with =, role with =, practitioner_id with =, valid with &&));
create index rota_shift_role on rota_shift using gist (care_team_id, role, valid);
"""

STEPS = """
create table escalation_step (
    id bigint generated always as identity primary key,
    alert_id int not null references alert,
    rung smallint not null, place text not null, phase text not null check (phase in ('acknowledge', 'contact')),
    practitioner_id int references practitioner, channel text not null,
    communication_id bigint references communication,
    due_at timestamptz, at timestamptz not null, outcome text not null
        check (outcome in ('queued', 'told', 'failed', 'nobody', 'not-configured')),
    words text not null default '');
create index escalation_step_alert on escalation_step (alert_id, id);
create index escalation_step_queued on escalation_step (communication_id) where outcome = 'queued';
"""

REACH = """
create table practitioner_contact (
    id int generated always as identity primary key,
    practitioner_id int not null references practitioner,
    channel text not null check (channel in ('sms', 'email')), address text not null,
    unique (practitioner_id, channel));
create table contact_preference (
    patient_id int primary key references patient,
    channel text not null check (channel in ('web-push', 'sms', 'email')),
    email text, quiet_from time not null default '21:00', quiet_to time not null default '08:00');
create table push_subscription (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int references patient, related_person_id int references related_person,
    practitioner_id int references practitioner,
    endpoint text not null unique, p256dh text not null, auth text not null,
    created_at timestamptz not null default clock_timestamp(),
    confirmed_at timestamptz not null default clock_timestamp(),
    check (num_nonnulls(patient_id, related_person_id, practitioner_id) = 1));
create index push_subscription_patient on push_subscription (patient_id) where patient_id is not null;
create index push_subscription_related on push_subscription (related_person_id)
    where related_person_id is not null;
create index push_subscription_practitioner on push_subscription (practitioner_id)
    where practitioner_id is not null;
"""

OUTBOX = """
alter table communication drop constraint communication_to_kind_check;
alter table communication add constraint communication_to_kind_check check (to_kind in
    ('care-team', 'patient', 'related-person', 'practitioner', 'duty', 'device')) not valid;
alter table communication drop constraint communication_state_check;
alter table communication add constraint communication_state_check check
    (state in ('waiting', 'sent', 'failed', 'stopped')) not valid;
alter table communication validate constraint communication_state_check;
-- When the ladder took note that a message can never arrive; those of before this came are history.
alter table communication add column reckoned_at timestamptz;
update communication set reckoned_at = clock_timestamp() where state = 'failed';
create index communication_failed on communication (id) where state = 'failed' and reckoned_at is null;
create index communication_patient_waiting on communication (patient_id) where state = 'waiting';
"""

GRANTS = """
do $$
begin
    -- The gateway tells nobody anything, so it knows nobody's address.
    if to_regrole('al_gateway') is not null then
        revoke all on rota_shift, escalation_step, practitioner_contact, contact_preference, push_subscription
            from al_gateway;
    end if;
end $$;
"""

STATEMENTS: tuple[str, ...] = (ROTA, STEPS, REACH, OUTBOX, GRANTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
