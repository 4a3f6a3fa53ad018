"""The tables that every service's database begins with. Frozen: a change is a `ddl_v2.py` beside it.

Written as SQL because nothing maps them to objects: each is read and written by one file of this package or the chassis.
"""

from typing import Any

STATEMENTS = (
    # Events said and not yet confirmed by the broker. The relay deletes what it has sent, so it stays small.
    """
    CREATE TABLE outbox (
        lane text NOT NULL,
        id uuid NOT NULL,
        type text NOT NULL,
        exchange text NOT NULL,
        routing_key text NOT NULL,
        subject text NOT NULL,
        traceparent text NOT NULL,
        occurred_at timestamptz NOT NULL,
        body bytea NOT NULL,
        CONSTRAINT pk_outbox PRIMARY KEY (lane, id)
    ) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0)
    """,
    # Events handled, once each: the claim is part of the transaction that handles them.
    """
    CREATE TABLE inbox (
        consumer text NOT NULL,
        event_id uuid NOT NULL,
        handled_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_inbox PRIMARY KEY (consumer, event_id)
    )
    """,
    # Starts of events that may have killed their process, counted before each start.
    """
    CREATE TABLE event_start (
        consumer text NOT NULL,
        event_id uuid NOT NULL,
        starts integer NOT NULL,
        last_started_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_event_start PRIMARY KEY (consumer, event_id)
    )
    """,
    # Events set aside for an operator, with the reason.
    """
    CREATE TABLE parked (
        id uuid NOT NULL CONSTRAINT pk_parked PRIMARY KEY,
        consumer text NOT NULL,
        event_id uuid,
        headers jsonb NOT NULL,
        body bytea NOT NULL,
        code text NOT NULL,
        reason text NOT NULL,
        attempts integer NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT now(),
        outcome text CONSTRAINT ck_parked_outcome CHECK (outcome IN ('replayed', 'discarded')),
        decided_at timestamptz,
        decided_by text,
        note text
    )
    """,
    "CREATE INDEX ix_parked_waiting ON parked (parked_at) WHERE outcome IS NULL",
    # Answers already given, by the client's Idempotency-Key.
    """
    CREATE TABLE idempotency_key (
        caller text NOT NULL,
        key text NOT NULL,
        fingerprint text NOT NULL,
        status integer,
        answer text,
        headers jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT pk_idempotency_key PRIMARY KEY (caller, key)
    )
    """,
    # The registry's public keys, with which access tokens are verified here.
    """
    CREATE TABLE access_key (
        key_id text NOT NULL CONSTRAINT pk_access_key PRIMARY KEY,
        jwk jsonb NOT NULL,
        retires_at timestamptz
    )
    """,
    # Bulk work, done in steps that each commit with their progress. The source is sealed, and dropped when it is done.
    """
    CREATE TABLE job (
        id uuid NOT NULL CONSTRAINT pk_job PRIMARY KEY,
        kind text NOT NULL,
        owner_id uuid,
        created_by text NOT NULL,
        parameters jsonb NOT NULL,
        file_name text,
        source text,
        state text NOT NULL DEFAULT 'queued'
            CONSTRAINT ck_job_state CHECK (state IN ('queued', 'running', 'done', 'failed')),
        starts integer NOT NULL DEFAULT 0,
        position integer NOT NULL DEFAULT 0,
        total integer,
        accepted integer NOT NULL DEFAULT 0,
        unchanged integer NOT NULL DEFAULT 0,
        refused integer NOT NULL DEFAULT 0,
        failure_code text,
        failure text,
        failure_zh text,
        traceparent text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz
    )
    """,
    "CREATE INDEX ix_job_open ON job (id) WHERE state IN ('queued', 'running')",
    """
    CREATE TABLE job_refusal (
        job_id uuid NOT NULL CONSTRAINT fk_job_refusal_job_id REFERENCES job (id),
        seq bigint GENERATED ALWAYS AS IDENTITY,
        row_number integer NOT NULL,
        column_name text,
        code text NOT NULL,
        reason text NOT NULL,
        reason_zh text NOT NULL,
        value_excerpt text NOT NULL,
        heading text NOT NULL,
        CONSTRAINT pk_job_refusal PRIMARY KEY (job_id, seq)
    )
    """,
)

TABLES = ("outbox", "inbox", "event_start", "parked", "idempotency_key", "access_key", "job", "job_refusal")


def upgrade(op: Any) -> None:
    """Create them; called by each service's first migration."""
    for statement in STATEMENTS:
        op.execute(statement)
