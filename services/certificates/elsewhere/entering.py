"""Certificates that a TEO issued elsewhere come onto the platform, some thousand a transaction (OP-31, OP-32).

Each becomes a certificate by the steps of issuing (issuing/actions.py), with its own day of issue, so that the clock judges
it. What it stands for is told by its TEO and the number that it has there: sent again it changes nothing, with other data it
is refused.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import select, text

from onex.chassis import clock
from onex.chassis.bulk import Good, Refused
from onex.chassis.database import UnitOfWork, uuid_array
from onex.chassis.jobs import FileWork, Job, Progress
from onex.chassis.pii import RESIDENT_IDENTITY, Vault, fold
from services.certificates.credentials.actions import hold_keys
from services.certificates.credentials.models import IssuerKey
from services.certificates.elsewhere import colleges, json_rows, rules
from services.certificates.elsewhere.errors import RowRefused
from services.certificates.elsewhere.sheet import ELSEWHERE
from services.certificates.issuing import actions as issuing
from services.certificates.issuing import exits
from services.certificates.issuing.issuers import Issuers
from services.certificates.issuing.names import name_index
from services.certificates.pilot.models import CertificateType

KIND = "elsewhere"
SOURCE = "elsewhere"
_ENTERED = text(
    "SELECT result_id, learner_id, certificate_type_id, level, standard_version, issued_on, name_index, college_id"
    " FROM certificate WHERE result_id = ANY(CAST(:ids AS uuid[])) AND replaces IS NULL"
)
_OF_THESE_PEOPLE = text(
    "SELECT learner_id, certificate_type_id, level, issued_on FROM certificate"
    " WHERE learner_id = ANY(CAST(:ids AS uuid[])) AND issued_on = ANY(CAST(:days AS date[])) AND replaces IS NULL"
)


class Prepared(NamedTuple):
    """A good row with what is derived from it: what it stands for, the learner's id, the name's index."""

    row: Good
    result_id: uuid.UUID
    learner_id: uuid.UUID
    name_index: bytes


Holding = tuple[uuid.UUID, uuid.UUID, str, date]
"""What a person may have once: learner, type, level, day of issue."""
Known = tuple[Any, ...]
"""What was entered under a number."""


class Entering(FileWork):
    """Enters the certificates of a CSV, XLSX or JSON file. Parameters of the job: `teo_id`, and `public_url`, which is signed
    into every credential."""

    sheet = ELSEWHERE
    chunk_rows = 2_000

    def __init__(self, job: Job, source: bytes, vault: Vault) -> None:
        super().__init__(job, source, vault)
        self._teo_id = uuid.UUID(job.parameters["teo_id"])
        self._desk = issuing.Desk(vault, job.parameters["public_url"])

    def step(self, session: UnitOfWork) -> Progress | None:
        if self._reading is None and json_rows.is_array(self._source):
            self._reading = json_rows.read(self._source, self.sheet, start_row=self.job.position)
            self._names = self._reading.heading.titles
        return super().step(session)

    def prepare(self, rows: list[Good]) -> list[Prepared]:
        learners = self.vault.learner_ids(RESIDENT_IDENTITY, [row.values.document_number for row in rows])
        return [
            Prepared(
                row,
                result_id_of(self._teo_id, row.values.foreign_number),
                uuid.UUID(bytes=learner_id),
                name_index(self.vault, row.values.name),
            )
            for row, learner_id in zip(rows, learners, strict=True)
        ]

    def take(self, session: UnitOfWork, rows: list[Prepared]) -> tuple[int, int, list[Refused]]:
        for _ in range(issuing.MAX_TRIES):
            subjects, unchanged, refused = self._judged(session, rows)
            # Where another worker entered one of them at this moment, all is judged again with that known.
            if not subjects or issuing.certify(session, self._desk, self._issuers(session, subjects), subjects):
                return len(subjects), unchanged, refused
        raise issuing.NoRoomForNumbers()

    def _issuers(self, session: UnitOfWork, subjects: list[issuing.Subject]) -> Issuers:
        return Issuers(session, self.vault, self._desk.public_url, subjects)

    def _judged(self, session: UnitOfWork, rows: list[Prepared]) -> tuple[list[issuing.Subject], int, list[Refused]]:
        """What is to be entered, how many rows are there already, and the refused ones."""
        exited_on, today = self._exited_on(session), clock.today()
        types = _types(session, {one.row.values.certificate_type for one in rows})
        college_ids = colleges.ids_of(session, {one.row.values.college_code for one in rows})
        known, held = _known(session, rows), _held(session, rows)
        subjects: list[issuing.Subject] = []
        refused: list[Refused] = []
        unchanged = 0
        for one in rows:
            values = one.row.values
            kind = types.get(values.certificate_type)
            college_id = college_ids.get(values.college_code)
            try:
                rules.check_type(kind.teo_id if kind else None, self._teo_id, kind.levels if kind else (), values.level)
                rules.check_issued_on(values.issued_on, today, exited_on)
                rules.check_college(values.college_code, college_id)
                assert kind is not None
                holding = (one.learner_id, kind.id, values.level, values.issued_on)
                saying = (*holding, values.standard_version, one.name_index, college_id)
                if one.result_id in known:
                    if known[one.result_id] != saying:
                        raise rules.number_taken()
                    unchanged += 1
                    continue
                if holding in held:
                    raise rules.entered_already()
            except RowRefused as no:
                refused.append(self.refuse(one.row, no.column, no.code, no.reason, no.reason_zh))
                continue
            known[one.result_id] = saying
            held.add(holding)
            subjects.append(_subject(one, self._teo_id, kind.id, college_id))
        # In the order of what they stand for, so that two workers with the same numbers wait for each other, never deadlock.
        return sorted(subjects, key=lambda one: one.result_id.int), unchanged, refused

    def _exited_on(self, session: UnitOfWork) -> date | None:
        """The day on which the TEO left. Its key is held first, so that word of an exit comes before this or waits (exits.py)."""
        hold_keys(session)
        key = select(IssuerKey.id).where(IssuerKey.teo_id == self._teo_id, IssuerKey.retired_at.is_(None))
        session.execute(key.with_for_update(read=True)).all()
        exited_at = exits.exited_at(session, (self._teo_id,)).get(self._teo_id)
        return clock.beijing_day(exited_at) if exited_at else None


def result_id_of(teo_id: uuid.UUID, foreign_number: str) -> uuid.UUID:
    """What stands for the result of a certificate issued elsewhere: the same whenever the same number is sent (RFC 9562, v5)."""
    return uuid.uuid5(teo_id, f"certificate {fold(foreign_number)}")


def midnight(day: date) -> datetime:
    """The moment in Beijing with which a day begins: of a certificate issued elsewhere no more is known than its day."""
    return datetime.combine(day, time(), clock.BEIJING)


def _subject(
    one: Prepared, teo_id: uuid.UUID, certificate_type_id: uuid.UUID, college_id: uuid.UUID | None
) -> issuing.Subject:
    values = one.row.values
    return issuing.Subject(
        result_id=one.result_id,
        learner_id=one.learner_id,
        name=values.name,
        certificate_type_id=certificate_type_id,
        level=values.level,
        standard_version=values.standard_version,
        teo_id=teo_id,
        college_id=college_id,
        published_at=midnight(values.issued_on),
        source=SOURCE,
        foreign_number=values.foreign_number,
    )


def _types(session: UnitOfWork, codes: set[str]) -> Mapping[str, CertificateType]:
    found = session.scalars(select(CertificateType).where(CertificateType.code.in_(codes)))
    return {kind.code: kind for kind in found}


def _known(session: UnitOfWork, rows: list[Prepared]) -> dict[uuid.UUID, Known]:
    found = session.execute(_ENTERED, {"ids": uuid_array(one.result_id for one in rows)})
    return {
        row.result_id: (
            row.learner_id, row.certificate_type_id, row.level, row.issued_on, row.standard_version,
            bytes(row.name_index), row.college_id,
        )
        for row in found
    }  # fmt: skip


def _held(session: UnitOfWork, rows: list[Prepared]) -> set[Holding]:
    days = {one.row.values.issued_on for one in rows}
    people = uuid_array(one.learner_id for one in rows)
    return {tuple(row) for row in session.execute(_OF_THESE_PEOPLE, {"ids": people, "days": list(days)})}  # type: ignore[misc]
