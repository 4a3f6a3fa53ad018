"""Files of which each row is taken by itself: the good ones in, the others back with a reason, whatever stands beside them.

Where a file is so large that its rows must go to the database together, there is `onex/chassis/jobs.py` alone.
"""

import dataclasses
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError
from sqlalchemy.exc import DataError, IntegrityError

from onex.chassis.access import Caller, Role
from onex.chassis.acting import work_as
from onex.chassis.bulk import Good, Refused, Sheet
from onex.chassis.bulk.judging import BATCH
from onex.chassis.database import UnitOfWork
from onex.chassis.jobs import FileWork, Job, WorkFactory
from onex.chassis.pii import Vault
from onex.chassis.problems import Forbidden, NotFound, Refusal

KIND = "import"
Take = Callable[[UnitOfWork, Vault, Any, Caller], bool]


@dataclass(frozen=True)
class Import:
    """Rows of one kind that can be sent as a file.

    `take(session, vault, values, by)` takes one row in, as `by` who sent the file: True when it is new, False when it was
    there already and is unchanged. It raises a Refusal (or marshmallow's ValidationError) for a row that is refused; a fact
    `column` of the refusal names the cell. Only `roles` may send such a file.
    """

    name: str
    sheet: Sheet
    take: Take
    roles: frozenset[Role] = frozenset({Role.OPERATOR, Role.MINISTRY, Role.PROVINCE, Role.TEO, Role.COLLEGE})


class Imports:
    """What a service can import, by name."""

    def __init__(self, imports: Iterable[Import]) -> None:
        self._by_name: dict[str, Import] = {}
        for one in imports:
            if self._by_name.setdefault(one.name, one) is not one:
                raise ValueError(f"two imports are named {one.name}")

    def of(self, role: Role) -> list[Import]:
        """Those that the role may send."""
        return [one for one in self._by_name.values() if role in one.roles]

    def named(self, name: str, role: Role) -> Import:
        """The import of this name. Raises NotFound without one, Forbidden when it is not the role's."""
        if name not in self._by_name:
            raise NotFound("Nothing of this name can be imported.")
        if role not in self._by_name[name].roles:
            raise Forbidden()
        return self._by_name[name]

    @property
    def factory(self) -> WorkFactory:
        """What makes the work of a job of kind `import`, for the JobRunner."""
        return lambda job, source, vault: RowsWork(job, source, vault, self._by_name)


def parameters_of(name: str, by: Caller) -> dict[str, Any]:
    """The parameters of an import's job: which it is, and as whom it works."""
    who = {field.name: getattr(by, field.name) for field in dataclasses.fields(by)}
    return {"import": name, "by": {key: value if value is None else str(value) for key, value in who.items()}}


def caller_of(parameters: Mapping[str, Any]) -> Caller:
    """Who sent the file of the job with these parameters: the same role in the same scope."""
    by = dict(parameters["by"])
    for name in ("organization_id", "learner_id"):
        by[name] = uuid.UUID(by[name]) if by[name] else None
    return Caller(**by | {"role": Role(by["role"])})


class RowsWork(FileWork):
    """Takes the rows of a file one by one, each in a savepoint: a refused row leaves nothing."""

    chunk_rows = BATCH  # each row is a savepoint, and many savepoints of one transaction slow everyone's reading

    def __init__(self, job: Job, source: bytes, vault: Vault, imports: Mapping[str, Import]) -> None:
        super().__init__(job, source, vault)
        if job.parameters["import"] not in imports:
            raise NotFound("Nothing of this name can be imported any more.")
        self._import = imports[job.parameters["import"]]
        self.sheet = self._import.sheet
        self._by = caller_of(job.parameters)

    def take(self, session: UnitOfWork, rows: list[Good]) -> tuple[int, int, list[Refused]]:
        work_as(session, self._by.client_id, self._by.role.value, f"import {self._import.name}")
        new = unchanged = 0
        refused: list[Refused] = []
        for row in rows:
            try:
                is_new = self._take_one(session, row)
            except Refusal as no:
                refused.append(self._refused(row, no.facts.get("column"), no.code, no.detail))
            except ValidationError as no:
                refused += [self._refused(row, name, "invalid", reason) for name, reason in _wrong(no)]
            except DataError:  # a number beyond all numbers, or another value that no type of the database holds
                refused.append(self._refused(row, None, "invalid", "A value lies outside of what can be kept."))
            else:
                new, unchanged = new + is_new, unchanged + (not is_new)
        return new, unchanged, refused

    def _take_one(self, session: UnitOfWork, row: Good) -> bool:
        """Take a row in a savepoint. Whoever was faster with the same key is seen at the second try; a mistake of ours stays."""
        try:
            with session.begin_nested():
                return self._import.take(session, self.vault, row.values, self._by)
        except IntegrityError:
            with session.begin_nested():
                return self._import.take(session, self.vault, row.values, self._by)

    def _refused(self, row: Good, column: Any, code: str, reason: str) -> Refused:
        return self.refuse(row, column if column in self._names else None, code, reason, reason)


def _wrong(error: ValidationError) -> list[tuple[str | None, str]]:
    """The fields that marshmallow found wrong, and what it says of each."""
    messages = error.messages if isinstance(error.messages, dict) else {None: error.messages}
    return [(name, f"{name}: {_flat(said)}" if name else _flat(said)) for name, said in messages.items()]


def _flat(said: Any) -> str:
    if isinstance(said, dict):
        return " ".join(f"{name}: {_flat(one)}" for name, one in said.items())
    return " ".join(map(_flat, said)) if isinstance(said, list) else str(said)
