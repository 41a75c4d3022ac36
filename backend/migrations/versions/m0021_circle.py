"""A person invites who helps them, for some things and for a time; a practice has staff of its own."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CIRCLE = """
alter table consent
    add column relation text not null default '',
    add column tell_seen boolean not null default false,
    add column ended_by text check (ended_by in ('person', 'carer', 'team'));
-- The id is the phone's own, so that asking again makes no second invitation.
create table invitation (
    id int generated always as identity primary key,
    public_id uuid not null unique,
    patient_id int not null references patient,
    version int not null default 1,
    for_name text not null,
    relation text not null,
    scopes text[] not null,
    until timestamptz,
    tell_seen boolean not null default false,
    code_hash bytea not null,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    accepted_at timestamptz,
    withdrawn_at timestamptz,
    consent_id int references consent);
create index invitation_patient on invitation (patient_id);
create index invitation_code on invitation (code_hash);
create table patient_photo (
    patient_id int primary key references patient,
    jpeg bytea not null,
    small bytea not null,
    changed_at timestamptz not null default clock_timestamp());
"""

PRACTICES = """
create table practice_member (
    id int generated always as identity primary key,
    practitioner_id int not null references practitioner,
    organization_id int not null references organization,
    valid tstzrange not null,
    exclude using gist (practitioner_id with =, organization_id with =, valid with &&));
create index practice_member_practitioner on practice_member (practitioner_id);
create index patient_gp_practice on patient (gp_practice_id);
"""

GRANTS = """
do $$
declare
    role text;
begin
    foreach role in array array['al_gateway', 'al_worker'] loop
        if to_regrole(role) is not null then
            execute format('revoke all on invitation, patient_photo from %I', role);
        end if;
    end loop;
    if to_regrole('al_gateway') is not null then
        revoke all on practice_member from al_gateway;
    end if;
end $$;
"""

STATEMENTS: tuple[str, ...] = (CIRCLE, PRACTICES, GRANTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
