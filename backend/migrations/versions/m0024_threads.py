"""A conversation has an owner, a time to answer by, and who received and read what."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

THREADS = """
create table thread (
    id int generated always as identity primary key,
    public_id uuid not null unique default gen_random_uuid(),
    patient_id int not null references patient,
    kind text not null check (kind in ('team', 'practice')),
    -- What was written to one practice is not shown to the next.
    organization_id int references organization,
    check ((kind = 'practice') = (organization_id is not null)),
    opened_at timestamptz not null default db_now(),
    -- The duty clock: null while nobody waits.
    waiting_since timestamptz, reply_by timestamptz,
    check ((waiting_since is null) = (reply_by is null)),
    danger boolean not null default false,
    alerted_at timestamptz,
    owner_id int references practitioner, owned_at timestamptz,
    -- Messages after this one wait for an answer.
    settled_upto bigint not null default 0,
    settled_at timestamptz, settled_how text check (settled_how in ('reply', 'no-reply-needed')),
    settled_by int references practitioner, settled_why text,
    settled_private boolean not null default false,
    version int not null default 1);
create unique index thread_of_a_patient on thread (patient_id, kind, coalesce(organization_id, 0));
create index thread_waiting on thread (reply_by) where reply_by is not null;
create index thread_of_a_practice on thread (organization_id) where organization_id is not null;

create table thread_message (
    id bigint generated always as identity primary key,
    public_id uuid not null unique,
    thread_id int not null references thread,
    patient_id int not null references patient,
    relation text not null check (relation in ('self', 'carer', 'team', 'practice')),
    related_person_id int references related_person,
    practitioner_id int references practitioner,
    check ((relation = 'carer') = (related_person_id is not null)),
    check ((relation in ('team', 'practice')) = (practitioner_id is not null)),
    words text not null check (length(words) between 1 and 4000),
    private boolean not null default false,
    danger text[] not null default '{}',
    made_at timestamptz, made_offline boolean not null default false, late boolean not null default false,
    received_at timestamptz not null default db_now());
create index thread_message_of on thread_message (thread_id, id);

create table thread_seen (
    message_id bigint not null references thread_message,
    account_id int not null references account,
    what text not null check (what in ('received', 'read')),
    side text not null check (side in ('person', 'team', 'practice')),
    at timestamptz not null default db_now(),
    primary key (message_id, account_id, what));

-- In how many working days a practice has said, in writing, that it answers. Without a row the default counts.
create table practice_promise (
    organization_id int primary key references organization,
    working_days int not null check (working_days between 1 and 20),
    said_on date not null);
"""

# What the team has sent from a card until now is part of the conversation.
DESK_MESSAGES = """
insert into thread (patient_id, kind, opened_at)
select patient_id, 'team', min(at) from desk_message group by patient_id;
insert into thread_message (public_id, thread_id, patient_id, relation, practitioner_id, words, received_at)
select m.public_id, t.id, m.patient_id, 'team', m.by_id, left(m.words, 4000), m.at
from desk_message m join thread t on t.patient_id = m.patient_id and t.kind = 'team'
where length(m.words) > 0 order by m.id;
"""

GRANTS = """
do $$
declare r text;
begin
    foreach r in array array['al_app', 'al_worker'] loop
        if to_regrole(r) is not null then
            -- Words that were sent are never changed or taken out, nor is who saw them.
            execute format('revoke update, delete on thread_message, thread_seen from %I', r);
            execute format('revoke delete on thread from %I', r);
        end if;
    end loop;
    if to_regrole('al_gateway') is not null then
        revoke all on thread, thread_message, thread_seen, practice_promise from al_gateway;
    end if;
end $$;
"""

STATEMENTS: tuple[str, ...] = (THREADS, DESK_MESSAGES, GRANTS)


def upgrade() -> None:
    """Additive only: what runs now must go on running while this is applied."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Not used: a mistake is mended by the next migration."""
    raise NotImplementedError
