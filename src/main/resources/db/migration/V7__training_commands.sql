-- Training commands: stored once, claimed by lease, resumed from checkpoints, answered even if the worker dies before it could.

alter table training_command
    drop column checkpoint,
    add column kind             text        not null default 'fine-tune'
        check (kind in ('fine-tune', 'promote', 'roll-back')),
    add column end_offsets      jsonb       not null default '{}', -- topic -> partition -> offset: what was published before the command
    add column cancel_requested boolean     not null default false,
    add column attempts         int         not null default 0,
    add column version          text,                              -- what it begins with, promotes or rolls back to, as found at first
    add column objection        text,                              -- why a person is to decide about the candidate; null if nobody need
    add column epochs           jsonb       not null default '[]', -- what came of each epoch so far
    add column result           jsonb,                             -- the terminal message on training-progress
    add column announced        boolean     not null default false;
create index training_command_open on training_command (created_at) where state in ('queued', 'running') or not announced;

-- A run's state after an epoch, in pieces: weights, moments, step, sampler. The last two are kept while it runs.
create table training_checkpoint (
    command_id uuid  not null references training_command on delete cascade,
    epoch      int   not null,
    piece      int   not null,
    content    bytea not null,
    primary key (command_id, epoch, piece)
);
alter table training_checkpoint alter column content set storage external;

-- On whom a command's network was trained, by the SHA-256 of their names: who is erased later, is still in what was made of them.
create table training_person (
    command_id  uuid  not null references training_command on delete cascade,
    name_sha256 bytea not null check (length(name_sha256) = 32),
    primary key (command_id, name_sha256)
);
