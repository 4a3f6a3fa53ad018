"""Bulk work: accepted at once (202), done in steps, each step's rows, refusals and progress in one transaction.

A process that dies between two steps leaves a job that goes on where it stood; see `onex/messaging/job_runner.py`.
"""

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar

import orjson
import sqlalchemy
from sqlalchemy import text

from onex.chassis import trace
from onex.chassis.ahead import Ahead
from onex.chassis.bulk import Good, Reading, Refused, Sheet, read
from onex.chassis.bulk.excerpt import excerpt
from onex.chassis.database import UnitOfWork, copy_in
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault

CHUNK_ROWS = 5_000
MAX_STARTS = 5  # so many processes may die in one step of a job
MAX_FILE_NAME = 200
_REFUSAL_COLUMNS = (
    "job_id", "row_number", "column_name", "code", "reason", "reason_zh", "value_excerpt", "heading",
)  # fmt: skip


class TakenOver(Exception):
    """Another process has gone on with the job meanwhile, or ended it."""


@dataclass(frozen=True)
class Job:
    """A job as its work sees it."""

    id: uuid.UUID
    kind: str
    owner_id: uuid.UUID | None
    created_by: str
    parameters: dict[str, Any]
    file_name: str | None
    position: int


@dataclass(frozen=True)
class Progress:
    """What one step did. `position` is where the next begins: for a file the number of its next row."""

    position: int
    accepted: int = 0
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    total: int | None = None


class Work(Protocol):
    """Something done in steps. It is made anew, with the job as it stands, whenever a process takes the job up."""

    def step(self, session: UnitOfWork) -> Progress | None:
        """Do the next step in the session's transaction; None when there is nothing left to do."""


WorkFactory = Callable[[Job, bytes, Vault], Work]
"""What makes the work of a job: given the job, its source, and the vault that seals what the work finds in it."""


class Chunk(NamedTuple):
    """Some rows of a file, judged: the good ones as `FileWork.prepare` made them ready, the refused ones, what is next."""

    prepared: list[Any]
    refused: list[Refused]
    next_row: int


Row = TypeVar("Row")


class FileWork:
    """Work through a CSV or XLSX upload, chunk by chunk. Subclasses say which sheet it is and take its good rows.

    While PostgreSQL writes one chunk the next one is judged and prepared: this process and the server work at the same time.
    """

    sheet: Sheet
    chunk_rows = CHUNK_ROWS

    def __init__(self, job: Job, source: bytes, vault: Vault) -> None:
        self.job, self.vault = job, vault
        self._source = source
        self._reading: Reading | None = None
        self._names: tuple[str, ...] = ()
        self._next: Ahead[Chunk | None] | None = None

    def sheet_for(self, session: UnitOfWork) -> Sheet:
        """The sheet the file is read against; it may depend on what the database knows. Asked once, in the first step."""
        return self.sheet

    def prepare(self, rows: list[Good]) -> Sequence[Any]:
        """What can be done for good rows without the database, ahead of `take`, which is given what this returns."""
        return rows

    def take(self, session: UnitOfWork, rows: list[Any]) -> tuple[int, int, list[Refused]]:
        """Take prepared rows in; return how many are new, how many were there already, and refusals."""
        raise NotImplementedError(type(self).__name__)

    def going_ahead(self, rows: Iterable[Row]) -> Iterator[Row]:
        """`rows`, to be given to `copy_in`: once the last of them is on its way to PostgreSQL, the next chunk is begun."""
        yield from rows
        self._next = self._next or Ahead(self._judge_chunk)

    def refuse(self, row: Good, column: str | None, code: str, reason: str, reason_zh: str) -> Refused:
        """A good row refused for a reason that only the database knows; `column` is the sheet's name of it."""
        at = self._position_of(column)
        title = self._reading.heading.titles[at] if self._reading and at is not None else ""
        value = getattr(row.values, column) if column and at is not None else None
        return Refused(
            row.row_number, column, code, reason, reason_zh, excerpt(str(value)) if value is not None else "", title
        )

    def _position_of(self, column: str | None) -> int | None:
        if column is None or self._reading is None:
            return None
        return self._reading.heading.positions[self._names.index(column)]

    def step(self, session: UnitOfWork) -> Progress | None:
        if self._reading is None:
            sheet = self.sheet_for(session)
            self._reading = read(self._source, sheet, filename=self.job.file_name, start_row=self.job.position)
            self._names = tuple(column.name for column in sheet.columns)
        chunk = self._next.result() if self._next else self._judge_chunk()
        self._next = None
        if chunk is None:
            return None
        accepted, unchanged, refused_later = self.take(session, chunk.prepared)
        everything = sorted([*chunk.refused, *refused_later], key=lambda one: one.row_number)
        return Progress(chunk.next_row, accepted, unchanged, everything, self._reading.line_count)

    def _judge_chunk(self) -> Chunk | None:
        """The next `chunk_rows` or a few more, as no batch is cut; None at the file's end."""
        assert self._reading is not None
        prepared: list[Any] = []
        refused: list[Refused] = []
        next_row = 0
        for batch in self._reading.batches:
            prepared += self.prepare([one for one in batch if isinstance(one, Good)])
            refused += [one for one in batch if isinstance(one, Refused)]
            next_row = batch[-1].row_number + 1
            if len(prepared) + len(refused) >= self.chunk_rows:
                break
            time.sleep(0)  # in a worker: lets the others, and above all who waits for PostgreSQL, have a turn
        return Chunk(prepared, refused, next_row) if next_row else None


def accept(
    session: UnitOfWork, vault: Vault, kind: str, *, owner_id: uuid.UUID | None, created_by: str,
    parameters: Mapping[str, Any], source: bytes = b"", file_name: str | None = None,
) -> uuid.UUID:  # fmt: skip
    """Store a job, its source sealed, and wake the service's runner; returns the job's id."""
    job_id = new_id()
    session.execute(
        text(
            "INSERT INTO job (id, kind, owner_id, created_by, parameters, file_name, source, traceparent) VALUES"
            " (:id, :kind, :owner_id, :created_by, CAST(:parameters AS jsonb), :file_name, :source, :traceparent)"
        ),
        {
            "id": job_id,
            "kind": kind,
            "owner_id": owner_id,
            "created_by": created_by,
            "parameters": orjson.dumps(dict(parameters)).decode(),
            "file_name": file_name[:MAX_FILE_NAME] if file_name else None,
            "source": vault.seal(source, "job source"),
            "traceparent": trace.current(),
        },
    )
    session.execute(text("SELECT pg_notify('job', '')"))
    return job_id


def take_up(session: UnitOfWork, job_id: uuid.UUID) -> sqlalchemy.Row[Any] | None:
    """Count a start of an open job, which stays counted if the process dies; returns its row, None when it has ended."""
    taken = text(
        "UPDATE job SET state = 'running', starts = starts + 1"
        " WHERE id = :id AND state IN ('queued', 'running') RETURNING *"
    )
    return session.execute(taken, {"id": job_id}).first()


def give_back_start(session: UnitOfWork, job_id: uuid.UUID) -> None:
    """Take back a start that ended without a death; without effect on a job that has ended."""
    given_back = text("UPDATE job SET starts = greatest(starts - 1, 0) WHERE id = :id AND state = 'running'")
    session.execute(given_back, {"id": job_id})


def hold(session: UnitOfWork, job_id: uuid.UUID, position: int) -> None:
    """Keep every other process from the job until this transaction ends. Raises TakenOver when it is not at `position`.

    The advisory lock by which a worker takes up a job falls with its connection, and the worker may live on: two can have one
    job for a while. Neither does a step twice, nor ends a job for an error that is only due to the other.
    """
    held = text("SELECT 1 FROM job WHERE id = :id AND position = :at AND state = 'running' FOR NO KEY UPDATE")
    if session.execute(held, {"id": job_id, "at": position}).first() is None:
        raise TakenOver(f"the job {job_id} is no longer at {position}")


def record(session: UnitOfWork, job_id: uuid.UUID, progress: Progress) -> None:
    """Write a step's refusals and counts beside what it did. The next step begins with this process as its first start."""
    if progress.refused:
        rows = (
            (job_id, r.row_number, r.column, r.code, r.reason, r.reason_zh, r.value_excerpt, r.heading)
            for r in progress.refused
        )
        copy_in(session, "job_refusal", _REFUSAL_COLUMNS, rows)
    session.execute(
        text(
            "UPDATE job SET position = :position, accepted = accepted + :accepted, unchanged = unchanged + :unchanged,"
            " refused = refused + :refused, total = COALESCE(:total, total), starts = 1 WHERE id = :id"
        ),
        {
            "id": job_id,
            "position": progress.position,
            "accepted": progress.accepted,
            "unchanged": progress.unchanged,
            "refused": len({one.row_number for one in progress.refused}),
            "total": progress.total,
        },
    )


def finish(session: UnitOfWork, job_id: uuid.UUID, *, failure: tuple[str, str, str] | None = None) -> None:
    """End a job and drop its source; `failure` is a code and the reason in English and Chinese."""
    code, reason, reason_zh = failure or (None, None, None)
    session.execute(
        text(
            "UPDATE job SET state = :state, source = NULL, finished_at = now(), failure_code = :code,"
            " failure = :reason, failure_zh = :reason_zh WHERE id = :id"
        ),
        {
            "id": job_id,
            "state": "failed" if failure else "done",
            "code": code,
            "reason": reason,
            "reason_zh": reason_zh,
        },
    )


def count_open(session: UnitOfWork) -> int:
    """How many jobs are queued or running."""
    return session.execute(text("SELECT count(*) FROM job WHERE state IN ('queued', 'running')")).scalar_one()


def refusals(session: UnitOfWork, job_id: uuid.UUID) -> Iterator[Refused]:
    """A job's refused rows in the file's order."""
    rows = session.execute(
        text(
            "SELECT row_number, column_name, code, reason, reason_zh, value_excerpt, heading FROM job_refusal"
            " WHERE job_id = :id ORDER BY seq"
        ).execution_options(yield_per=1000),
        {"id": job_id},
    )
    return (Refused(*row) for row in rows)
