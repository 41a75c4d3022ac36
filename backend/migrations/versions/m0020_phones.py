"""People sign in on phones that are known, may send what they recorded after a session ended, and can be shut out."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

PHONES = """
-- The id is the phone's own; on a shared one everybody who signs in has a row of theirs.
create table phone (
    id int generated always as identity primary key,
    public_id uuid not null,
    account_id int not null references account,
    kind text not null check (kind in ('own', 'shared')),
    label text not null default '',
    since timestamptz not null default clock_timestamp(),
    last_seen_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz,
    revoked_by text check (revoked_by in ('self', 'team')),
    wiped_at timestamptz,
    unique (account_id, public_id));
-- Lets a phone bring what was recorded on it after the session ended: append only, and nothing can be read with it.
create table upload_right (
    id int generated always as identity primary key,
    ticket_hash bytea not null unique,
    account_id int not null references account,
    phone_id int not null references phone,
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null);
create index upload_right_phone on upload_right (phone_id);
-- A browser whose phone was shut out is told so once more, so that it sends what it has and wipes itself.
alter table sign_in_session add column phone_id int references phone, add column ended_why text;
create index sign_in_session_phone on sign_in_session (phone_id) where phone_id is not null;
"""

# What came sealed and was stored, and what came sealed and was refused: its author sees it at the next sign-in.
OUTBOX = """
create table late_change (
    account_id int not null references account,
    change_id uuid not null,
    phone_id int not null references phone,
    received_at timestamptz not null default clock_timestamp(),
    from_shut_out boolean not null,
    primary key (account_id, change_id));
create index late_change_phone on late_change (phone_id);
create table held_change (
    account_id int not null references account,
    change_id uuid not null,
    phone_id int not null references phone,
    patient uuid not null,
    method text not null,
    path text not null,
    body text,
    if_match text,
    made_at text,
    made_offline boolean not null,
    received_at timestamptz not null default clock_timestamp(),
    from_shut_out boolean not null,
    problem jsonb not null,
    settled_at timestamptz,
    settled_how text check (settled_how in ('sent-again', 'let-go')),
    primary key (account_id, change_id));
-- What could not be opened, by a hash of the address it came from.
create table outbox_attempt (
    id int generated always as identity primary key,
    subject bytea not null,
    at timestamptz not null default clock_timestamp());
create index outbox_attempt_subject on outbox_attempt (subject, at);
"""

GRANTS = """
do $$
declare
    role text;
begin
    -- Who signs in where, and what they could not yet say, is the app's alone.
    foreach role in array array['al_gateway', 'al_worker'] loop
        if to_regrole(role) is not null then
            execute format('revoke all on phone, upload_right, late_change, held_change, outbox_attempt from %I', role);
        end if;
    end loop;
end $$;
"""

FORGET = """
create or replace function forget_old_sign_ins() returns int
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    gone int;
begin
    with old as (delete from sign_in_attempt where id in
            (select id from sign_in_attempt where at < now() - interval '90 days' limit 5000) returning 1)
    select count(*) into gone from old;
    delete from outbox_attempt where id in
        (select id from outbox_attempt where at < now() - interval '1 day' limit 5000);
    delete from upload_right where id in
        (select id from upload_right where expires_at < now() - interval '1 day' limit 5000);
    -- Long after the phone itself has forgotten what it sent (30 days), so that no repeat is taken for something new.
    delete from held_change where (account_id, change_id) in
        (select account_id, change_id from held_change where settled_at < now() - interval '90 days' limit 5000);
    return gone;
end $$;
"""

STATEMENTS: tuple[str, ...] = (PHONES, OUTBOX, GRANTS, FORGET)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
