"""Certificates are booked, or wait until their standard's credit record is approved (PP-45).

The steps of a batch, all in the transaction of the event that said the certificates were issued:
1. Look up what each certificate is worth. Those whose standard has no approved record yet wait.
2. Open the accounts that are missing.
3. Claim each certificate with its journal: a journal's cause is unique, so a certificate that was said twice, under whatever
   event id, is booked once.
4. Write deposits and entries of what was claimed, and say so: one `credits_deposited` for up to STEP of them.
Dying anywhere before the commit leaves nothing of it, and the events come again.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, text

from onex.chassis import clock, trace
from onex.chassis.database import UnitOfWork, copy_in, in_order, uuid_array
from onex.chassis.ids import new_id, new_ids
from onex.contracts.certificates import CertificateIssued
from onex.contracts.creditbank import CreditsDeposited, Deposited
from onex.messaging import outbox
from onex.messaging.heard import Heard
from services.creditbank.accounts import actions as accounts
from services.creditbank.ledger import rules
from services.creditbank.proposals import queries as proposals

CERTIFICATE_CREDIT = "certificate_credit"
STEP = 500
"""So many waiting certificates are booked in one transaction, and so many deposits said in one event."""

_CLAIM = text(
    "INSERT INTO journal (id, kind, cause_id, booked_at) SELECT one.id, :kind, one.cause_id, :now"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:causes AS uuid[])) AS one (id, cause_id)"
    " ON CONFLICT (kind, cause_id) DO NOTHING"
)
_CLAIMED = text("SELECT cause_id, id FROM journal WHERE id = ANY(CAST(:ids AS uuid[]))")
# The columns of waiting_certificate are the fields of Certificate, which are ours: nothing here comes from outside.
_WAIT = """
    INSERT INTO waiting_certificate ({columns})
    SELECT * FROM unnest({arrays}) ON CONFLICT (certificate_id) DO NOTHING
"""
_TAKE = """
    DELETE FROM waiting_certificate WHERE certificate_id IN (
        SELECT waiting.certificate_id FROM waiting_certificate AS waiting
        JOIN proposal USING (certificate_type_id, level, standard_version)
        WHERE proposal.state = 'approved' LIMIT :step FOR UPDATE OF waiting SKIP LOCKED
    ) RETURNING {columns}
"""
_DEPOSIT_COLUMNS = (
    "id", "certificate_id", "learner_id", "journal_id", "credit_hundredths", "number", "certificate_type_id",
    "certificate_type_code", "level", "standard_version", "issued_on", "cause", "deposited_at",
)  # fmt: skip
_ENTRY_COLUMNS = ("id", "journal_id", "account_id", "amount_hundredths", "booked_at")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the ledger needs to know of an issued certificate, and of the event that said so."""

    certificate_id: uuid.UUID
    learner_id: uuid.UUID
    number: str
    certificate_type_id: uuid.UUID
    certificate_type_code: str
    level: str
    standard_version: str
    issued_on: date
    event_id: uuid.UUID
    traceparent: str

    @classmethod
    def of(cls, heard: Heard[CertificateIssued]) -> "Certificate":
        event = heard.event
        return cls(
            event.certificate_id, event.learner_id, event.number, event.certificate_type_id,
            event.certificate_type_code, event.level, event.standard_version, event.issued_on,
            heard.event_id, heard.traceparent or trace.current(),
        )  # fmt: skip

    @property
    def standard(self) -> proposals.Standard:
        return self.certificate_type_id, self.level, self.standard_version


_SQL_TYPE: dict[Any, str] = {uuid.UUID: "uuid[]", str: "text[]", date: "date[]"}
_COLUMNS = tuple(field.name for field in fields(Certificate))
_ARRAYS = ", ".join(f"CAST(:{field.name} AS {_SQL_TYPE[field.type]})" for field in fields(Certificate))
_WAIT_STATEMENT = text(_WAIT.format(columns=", ".join(_COLUMNS), arrays=_ARRAYS))
_TAKE_STATEMENT = text(_TAKE.format(columns=", ".join(_COLUMNS)))


def take_certificates(session: UnitOfWork, heard: Sequence[Heard[CertificateIssued]]) -> None:
    """Book the certificates whose credit is approved; keep the others until it is."""
    certificates = {one.event.certificate_id: Certificate.of(one) for one in heard}
    all_of_them = [certificates[key] for key in in_order(certificates)]
    credit = proposals.approved_credit(session, {certificate.standard for certificate in all_of_them})  # step 1
    _wait(session, [one for one in all_of_them if one.standard not in credit])
    _book(session, [one for one in all_of_them if one.standard in credit], credit)


def book_waiting(session: UnitOfWork) -> bool:
    """Book up to STEP certificates that waited and need not any longer; whether there may be more."""
    rows = session.execute(_TAKE_STATEMENT, {"step": STEP}).all()
    certificates = sorted((Certificate(*row) for row in rows), key=lambda one: one.certificate_id)
    if certificates:
        credit = proposals.approved_credit(session, {certificate.standard for certificate in certificates})
        _book(session, certificates, credit)
    return len(rows) == STEP


def _wait(session: UnitOfWork, certificates: list[Certificate]) -> None:
    if certificates:
        session.execute(_WAIT_STATEMENT, {name: [getattr(one, name) for one in certificates] for name in _COLUMNS})


def _book(session: UnitOfWork, certificates: list[Certificate], credit: dict[proposals.Standard, int]) -> None:
    if not certificates:
        return
    now = clock.now()
    issuance = accounts.ensure(session, "certificate_type_id", (one.certificate_type_id for one in certificates))
    learners = accounts.ensure(session, "learner_id", (one.learner_id for one in certificates))  # step 2
    journals = _claim(session, [one.certificate_id for one in certificates], now)  # step 3
    deposits: list[tuple[Any, ...]] = []
    entries: list[tuple[Any, ...]] = []
    said: list[Deposited] = []
    for one in certificates:
        if (journal_id := journals.get(one.certificate_id)) is None:
            continue
        worth, deposit_id = credit[one.standard], new_id()
        for amount in rules.deposit(issuance[one.certificate_type_id], learners[one.learner_id], worth):
            entries.append((new_id(), journal_id, amount.account_id, amount.hundredths, now))
        deposits.append(
            (
                deposit_id,
                one.certificate_id,
                one.learner_id,
                journal_id,
                worth,
                one.number,
                one.certificate_type_id,
                one.certificate_type_code,
                one.level,
                one.standard_version,
                one.issued_on,
                one.event_id,
                now,
            )
        )
        said.append(
            Deposited(
                deposit_id=deposit_id,
                certificate_id=one.certificate_id,
                learner_id=one.learner_id,
                credit_hundredths=worth,
                traceparent=one.traceparent,
            )
        )
    for start in range(0, len(said), STEP):
        together = tuple(said[start : start + STEP])
        outbox.append(session, CreditsDeposited(booking_id=new_id(), deposited_at=now, deposits=together))
    copy_in(session, "deposit", _DEPOSIT_COLUMNS, deposits)  # step 4
    copy_in(session, "entry", _ENTRY_COLUMNS, entries)


def _claim(session: UnitOfWork, causes: Sequence[uuid.UUID], now: datetime) -> dict[uuid.UUID, uuid.UUID]:
    """The journal of each cause that had none. Nearly always that is all of them, and then nothing is read."""
    ids = new_ids(len(causes))
    array = uuid_array(ids)
    claim = {"kind": CERTIFICATE_CREDIT, "now": now, "ids": array, "causes": uuid_array(causes)}
    if cast("CursorResult[Any]", session.execute(_CLAIM, claim)).rowcount == len(causes):
        return dict(zip(causes, ids, strict=True))
    return {row.cause_id: row.id for row in session.execute(_CLAIMED, {"ids": array})}
