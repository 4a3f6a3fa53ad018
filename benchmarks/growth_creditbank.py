"""Credit in large tables: an account with its page of entries, booking, claiming certificates."""

import random
import uuid
from dataclasses import replace

from benchmarks import filling
from benchmarks.large import BATCH, CLAIMED, INSERTED, PAGED, Large, Read, Work, heard
from benchmarks.passes import CREDIT_HUNDREDTHS, STANDARD_VERSION, new_issued, new_pilot
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from onex.chassis.web.paging import page
from onex.contracts.certificates import CertificateIssued
from onex.messaging.topology import queue_of
from services.creditbank.accounts import queries
from services.creditbank.ledger.actions import take_certificates
from services.creditbank.ledger.models import Entry

_TYPE = "INSERT INTO certificate_type VALUES (%(type)s, 1, %(code)s, %(zh)s, %(en)s, %(teo)s)"
_PROPOSAL = """
    INSERT INTO proposal (id, certificate_type_id, level, standard_version, teo_id, credit_hundredths, hours, rationale,
        state, due_on, late, proposed_on, proposed_by, approved_at)
    VALUES (uuidv7(), %(type)s, %(level)s, %(version)s, %(teo)s, %(credit)s, 64, '-', 'approved', current_date, false,
        current_date, 'benchmark', now())
"""
_ISSUANCE = "INSERT INTO account (id, kind, certificate_type_id) VALUES (%s, 'issuance', %s)"
# Learners lie anywhere in their index, accounts at the end of theirs. Each learner has two certificates, of two days.
_LEARNERS = """
    CREATE TEMPORARY TABLE learner AS SELECT 1 + place %% cardinality(%(types)s) AS nth, uuidv7() AS account_id,
        gen_random_uuid() AS learner_id FROM generate_series(1, %(learners)s) AS series (place)
"""
_ACCOUNTS = "INSERT INTO account (id, kind, learner_id) SELECT account_id, 'learner', learner_id FROM learner"
_DEPOSITS = """
    WITH booked AS MATERIALIZED (
        SELECT uuidv7() AS journal_id, uuidv7() AS deposit_id, uuidv7() AS certificate_id, uuidv7() AS debit_id,
            uuidv7() AS credit_id, account_id, learner_id, nth FROM learner
    ), journals AS (
        INSERT INTO journal (id, kind, cause_id, booked_at)
        SELECT journal_id, 'certificate_credit', certificate_id, now() FROM booked
    ), deposits AS (
        INSERT INTO deposit (id, certificate_id, learner_id, journal_id, credit_hundredths, number, certificate_type_id,
            certificate_type_code, level, standard_version, issued_on, cause, deposited_at)
        SELECT deposit_id, certificate_id, learner_id, journal_id, %(credit)s, '260042' || left(certificate_id::text, 14),
            (%(types)s::uuid[])[nth], (%(codes)s::text[])[nth], %(level)s, %(version)s, current_date, certificate_id, now()
        FROM booked
    )
    INSERT INTO entry (id, journal_id, account_id, amount_hundredths, booked_at)
    SELECT side.id, journal_id, side.account_id, side.amount, now() FROM booked CROSS JOIN LATERAL (VALUES
        (credit_id, account_id, %(credit)s), (debit_id, (%(issuances)s::uuid[])[nth], -%(credit)s)
    ) AS side (id, account_id, amount)
"""


class Creditbank(Large):
    service = "creditbank"
    tables = ("account", "journal", "deposit", "entry", "inbox")

    def fill(self, connection: filling.Connection, rows: int) -> None:
        self._pilot = new_pilot()
        types = self._pilot.types
        level = types[0].levels[0].level
        issuances = [new_id() for _ in types]
        values = {
            "types": [one.certificate_type_id for one in types],
            "codes": [one.code for one in types],
            "issuances": issuances,
            "learners": max(1, rows // 2),
            "level": level,
            "version": STANDARD_VERSION,
            "credit": CREDIT_HUNDREDTHS,
        }
        for one in types:
            about = {"type": one.certificate_type_id, "code": one.code, "zh": one.name_zh, "en": one.name_en,
                     "teo": one.teo_id, "level": one.levels[0].level}  # fmt: skip
            connection.execute(_TYPE, about)
            connection.execute(_PROPOSAL, about | {"version": STANDARD_VERSION, "credit": CREDIT_HUNDREDTHS})
        with filling.stripped(connection, *self.tables):
            connection.execute(_LEARNERS, values)
            for issuance, one in zip(issuances, types, strict=True):
                connection.execute(_ISSUANCE, (issuance, one.certificate_type_id))
            connection.execute(_ACCOUNTS)
            for _ in range(2):
                connection.execute(_DEPOSITS, values)
            filling.inbox(connection, queue_of(self.service, CertificateIssued), rows)
        some = connection.execute("SELECT learner_id FROM learner ORDER BY random() LIMIT 5000").fetchall()
        self._learners: list[uuid.UUID] = [learner_id for (learner_id,) in some]
        connection.execute("DROP TABLE learner")

    def works(self) -> dict[str, Work]:
        return {
            "account with its entries": Work(PAGED, self.reading(self._account), 8),
            "certificate booked": Work(INSERTED, self._book, 1, BATCH),
            "certificate claimed": Work(CLAIMED, self.claiming(CertificateIssued), 2, BATCH),
        }

    def reads(self) -> dict[str, Read]:
        return {"account with its entries": self._account}

    def _account(self, session: UnitOfWork) -> None:
        """A learner's account as `GET /creditbank/v1/account` reads it."""
        account = queries.account_of(session, random.choice(self._learners))
        if account is None:
            raise RuntimeError("a learner without an account")
        queries.balance_hundredths(session, account.id)
        page(session, queries.entries_of(account.id), Entry.id, None, None)

    def _book(self) -> None:
        """Certificates of learners who have no account yet: each opens one, and is booked by double entry."""
        events = [heard(replace(one, learner_id=uuid.uuid4())) for one in new_issued(self._pilot, BATCH)]
        with self.database.transaction() as session:
            take_certificates(session, events)
