"""Certificates are booked, or wait until their standard's credit record is approved (PP-45).

The steps of a batch, all in the transaction of the event that said the certificates were issued:
1. Look which of them were suspended, revoked or replaced before they came here: nearly always none. A revoked one is withheld.
2. Look up what each certificate is worth. Those whose standard has no approved record yet wait.
3. Open the accounts that are missing.
4. Claim each certificate with its journal: a journal's cause is unique, so a certificate that was said twice, under whatever
   event id, is booked once.
5. Write deposits and entries of what was claimed, and say so: one `credits_deposited` for up to STEP of them.
6. Settle those of step 1 (standings.py).
Dying anywhere before the commit leaves nothing of it, and the events come again.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import TextClause, text

from onex.chassis import clock, trace
from onex.chassis.database import UnitOfWork, copy_in, in_order
from onex.chassis.ids import new_copied_id, new_id
from onex.contracts.certificates import CertificateIssued
from onex.contracts.creditbank import CreditsDeposited, Deposited
from onex.messaging import outbox
from onex.messaging.heard import Heard
from services.creditbank.accounts import actions as accounts
from services.creditbank.ledger import journals, rules, standings
from services.creditbank.proposals import queries as proposals

STEP = 500
"""So many waiting certificates are booked in one transaction, and so many deposits said in one event."""

# The columns of waiting_certificate are the fields of Certificate, which are ours: nothing here comes from outside.
_WAIT = """
    INSERT INTO waiting_certificate ({columns})
    SELECT * FROM unnest({arrays}) ON CONFLICT (certificate_id) DO NOTHING
"""
_WITHHOLD = """
    INSERT INTO withheld_certificate ({columns})
    SELECT * FROM unnest({arrays}) AS one ({columns})
    WHERE NOT EXISTS (SELECT FROM deposit WHERE deposit.certificate_id = one.certificate_id)
    ON CONFLICT (certificate_id) DO NOTHING
"""
# As an array they are looked up once; joined, they may be looked up, and others locked, again for every row.
_TAKE = """
    DELETE FROM waiting_certificate WHERE ctid = ANY(ARRAY(
        SELECT waiting.ctid FROM waiting_certificate AS waiting
        JOIN proposal USING (certificate_type_id, level, standard_version)
        WHERE proposal.state = 'approved' LIMIT :step FOR UPDATE OF waiting SKIP LOCKED
    )) RETURNING {columns}
"""
_DEPOSIT_COLUMNS = (
    "id", "certificate_id", "learner_id", "journal_id", "credit_hundredths", "number", "certificate_type_id",
    "certificate_type_code", "level", "standard_version", "issued_on", "cause", "deposited_at",
)  # fmt: skip


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
_WITHHOLD_STATEMENT = text(_WITHHOLD.format(columns=", ".join(_COLUMNS), arrays=_ARRAYS))
_TAKE_STATEMENT = text(_TAKE.format(columns=", ".join(_COLUMNS)))


def take_certificates(session: UnitOfWork, heard: Sequence[Heard[CertificateIssued]]) -> None:
    """Book the certificates whose credit is approved; keep the others until it is."""
    certificates = {one.event.certificate_id: Certificate.of(one) for one in heard}
    standings.share(session)
    changed = standings.known(session, certificates)  # step 1
    if changed and (revoked := standings.revoked(session, changed)):
        _write(session, _WITHHOLD_STATEMENT, [certificates.pop(key) for key in in_order(revoked)])
    all_of_them = [certificates[key] for key in in_order(certificates)]
    credit = proposals.approved_credit(session, {certificate.standard for certificate in all_of_them})  # step 2
    _write(session, _WAIT_STATEMENT, [one for one in all_of_them if one.standard not in credit])
    _book(session, [one for one in all_of_them if one.standard in credit], credit)
    standings.settle(session, changed)  # step 6


def book_waiting(session: UnitOfWork) -> bool:
    """Book up to STEP certificates that waited and need not any longer; whether there may be more."""
    standings.share(session)
    rows = session.execute(_TAKE_STATEMENT, {"step": STEP}).all()
    certificates = sorted((Certificate(*row) for row in rows), key=lambda one: one.certificate_id)
    if certificates:
        credit = proposals.approved_credit(session, {certificate.standard for certificate in certificates})
        _book(session, certificates, credit)
        standings.settle(session, standings.known(session, (one.certificate_id for one in certificates)))
    return len(rows) == STEP


def _write(session: UnitOfWork, statement: TextClause, certificates: list[Certificate]) -> None:
    if certificates:
        session.execute(statement, {name: [getattr(one, name) for one in certificates] for name in _COLUMNS})


def _book(session: UnitOfWork, certificates: list[Certificate], credit: dict[proposals.Standard, int]) -> None:
    if not certificates:
        return
    now = clock.now()
    issuance = accounts.ensure(session, "certificate_type_id", (one.certificate_type_id for one in certificates))
    learners = accounts.ensure(session, "learner_id", (one.learner_id for one in certificates))  # step 3
    claimed = journals.claim(
        session, journals.CERTIFICATE_CREDIT, [one.certificate_id for one in certificates], now
    )  # 4
    deposits: list[tuple[Any, ...]] = []
    entries: list[tuple[Any, ...]] = []
    said: list[Deposited] = []
    for one in certificates:
        if (journal_id := claimed.get(one.certificate_id)) is None:
            continue
        worth, deposit_id = credit[one.standard], new_id()
        for amount in rules.deposit(issuance[one.certificate_type_id], learners[one.learner_id], worth):
            entries.append((new_copied_id(), journal_id, amount.account_id, amount.hundredths, now))
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
    copy_in(session, "deposit", _DEPOSIT_COLUMNS, deposits)  # step 5
    copy_in(session, "entry", journals.ENTRY_COLUMNS, entries)
