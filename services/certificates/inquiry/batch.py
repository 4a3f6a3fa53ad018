"""Many inquiries at once, as a job: the rows of a file or of a JSON list, a thousand a transaction.

Each row is judged as the public door judges one: whoever sends number and name together learns of that certificate, and a
wrong name is not told from an absent number. No name is kept: neither of what was found nor of what was refused.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import text

from onex.chassis.bulk import CellRefused, Column, FileRefused, Good, Refused, Sheet, checks
from onex.chassis.database import UnitOfWork, copy_in
from onex.chassis.jobs import FileWork, Job, Progress, Work
from onex.chassis.pii import Vault
from services.certificates.inquiry import rules
from services.certificates.inquiry.door import MAX_NUMBER_LENGTH
from services.certificates.issuing import numbers
from services.certificates.issuing.names import MAX_NAME_LENGTH, name_index

KIND = "batch_inquiry"
MAX_ROWS = 10_000
MAX_NAMES = 3
CHUNK_ROWS = 1_000
_COLUMNS = ("job_id", "row_number", "number", "certificate_id")
_OF_NUMBERS = text("SELECT id, number, name_index FROM certificate WHERE number = ANY(:numbers)")
_TOO_MANY_ROWS = (
    "too_many_rows",
    f"A batch inquiry has at most {MAX_ROWS} rows.",
    f"一次批量查询最多{MAX_ROWS}行。",
)
_TOO_MANY_NAMES = (
    "too_many_names",
    f"More than {MAX_NAMES} names are given for this number.",
    f"该编号对应的姓名超过{MAX_NAMES}个。",
)


def _number(cell: str) -> str:
    """The number, clean. Codes: empty_cell, too_long, wrong_check_character."""
    clean = numbers.clean(_text_of_number(cell))
    if not numbers.is_valid(clean):
        raise CellRefused(
            "wrong_check_character",
            "This is no certificate number: its check character does not fit.",
            "不是有效的证书编号：校验位不符。",
        )
    return clean


_text_of_number, _name = checks.text(MAX_NUMBER_LENGTH), checks.text(MAX_NAME_LENGTH)
SHEET = Sheet(
    (
        Column("number", ("证书编号", "Certificate number"), check=_number),
        Column("name", ("姓名", "持证人姓名", "Holder's name"), check=_name),
    )
)


class Asked(NamedTuple):
    """A row that can be looked up."""

    row_number: int
    number: str
    name_index: bytes


class Desk:
    """Looks rows up for one job."""

    def __init__(self, job: Job, vault: Vault) -> None:
        self._job, self._vault = job, vault
        self._names: defaultdict[str, set[bytes]] = defaultdict(set)
        self.rows = 0

    def asked(self, row_number: int, number: str, name: str) -> Asked:
        return Asked(row_number, number, name_index(self._vault, name))

    def answer(self, session: UnitOfWork, asked: Sequence[Asked]) -> tuple[int, list[Refused]]:
        """Keep what each row finds; returns how many, and the rows that try one name too many at a number."""
        refused: list[Refused] = []
        answers: list[tuple[Any, ...]] = []
        listed = sorted({one.number for one in asked})
        of_number = {row.number: row for row in session.execute(_OF_NUMBERS, {"numbers": listed})}
        for one in asked:
            names = self._names[one.number]
            if one.name_index not in names and len(names) >= MAX_NAMES:
                refused.append(Refused(one.row_number, "name", *_TOO_MANY_NAMES))
                continue
            names.add(one.name_index)
            row = of_number.get(one.number)
            belongs = rules.belongs_to(bytes(row.name_index) if row else None, one.name_index)
            answers.append((self._job.id, one.row_number, one.number, row.id if row and belongs else None))
        copy_in(session, "batch_inquiry_answer", _COLUMNS, answers)
        return len(answers), refused

    def count(self, progress: Progress) -> Progress:
        """The step's progress, without a word of what was refused; raises FileRefused beyond the last row allowed."""
        self.rows += progress.accepted + len({one.row_number for one in progress.refused})
        if self.rows > MAX_ROWS:
            raise FileRefused(*_TOO_MANY_ROWS)
        silent = [one._replace(value_excerpt="") for one in progress.refused]
        return Progress(progress.position, progress.accepted, 0, silent, progress.total)


class InquiriesOfFile(FileWork):
    """The rows of a CSV or XLSX file."""

    sheet = SHEET
    chunk_rows = CHUNK_ROWS

    def __init__(self, job: Job, source: bytes, vault: Vault) -> None:
        super().__init__(job, source, vault)
        self._desk = Desk(job, vault)

    def prepare(self, rows: list[Good]) -> list[Asked]:
        return [self._desk.asked(row.row_number, row.values.number, row.values.name) for row in rows]

    def take(self, session: UnitOfWork, rows: list[Asked]) -> tuple[int, int, list[Refused]]:
        answered, refused = self._desk.answer(session, rows)
        return answered, 0, refused

    def step(self, session: UnitOfWork) -> Progress | None:
        progress = super().step(session)
        return None if progress is None else self._desk.count(progress)


class InquiriesOfList:
    """The items of a JSON list: row 1 is the first."""

    def __init__(self, job: Job, source: bytes, vault: Vault) -> None:
        self._desk, self._at = Desk(job, vault), job.position
        self._items: list[Any] = orjson.loads(source)

    def step(self, session: UnitOfWork) -> Progress | None:
        chunk = self._items[self._at : self._at + CHUNK_ROWS]
        if not chunk:
            return None
        asked: list[Asked] = []
        refused: list[Refused] = []
        for row_number, item in enumerate(chunk, self._at + 1):
            values: dict[str, str] = {}
            for column in SHEET.columns:
                given = item.get(column.name) if isinstance(item, dict) else None
                assert column.check is not None
                try:
                    values[column.name] = column.check(given.strip() if isinstance(given, str) else "")
                except CellRefused as no:
                    refused.append(Refused(row_number, column.name, no.code, no.reason_en, no.reason_zh))
            if len(values) == len(SHEET.columns):
                asked.append(self._desk.asked(row_number, **values))
        answered, too_many = self._desk.answer(session, asked)
        self._at += len(chunk)
        everything = sorted([*refused, *too_many], key=lambda one: one.row_number)
        return self._desk.count(Progress(self._at, answered, 0, everything, len(self._items)))


def work(job: Job, source: bytes, vault: Vault) -> Work:
    """The work of a batch inquiry, for the JobRunner."""
    return (InquiriesOfList if job.parameters["form"] == "json" else InquiriesOfFile)(job, source, vault)
