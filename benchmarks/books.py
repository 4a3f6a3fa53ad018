"""Five databases with as many results, certificates, deposits, notices and deliveries as are wanted, for the audit to read.

Written straight into the tables, each as the platform would have it: certificates are really signed, and the product's own
functions take them into the log, suspend one in a thousand, and tell the credit bank and the partners of it. So an audit finds
nothing.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import orjson
import psycopg

from benchmarks.ground import Ground
from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import Database
from onex.chassis.ids import new_id, new_ids
from onex.chassis.pii import Vault
from onex.chassis.settings import SERVICES, Settings
from onex.contracts.certificates import CertificateStandingChanged
from onex.messaging.heard import Heard
from services.certificates.credentials import keys
from services.certificates.credentials.addresses import achievement_url, credential_url, issuer_did
from services.certificates.credentials.certificate_credential import achievement, issuer
from services.certificates.credentials.mould import Mould
from services.certificates.credentials.signing import Signer
from services.certificates.issuing import numbers
from services.certificates.issuing.actions import Desk
from services.certificates.log import entries
from services.certificates.log.actions import sequence
from services.certificates.standing import lists, proposals
from services.certificates.standing.entries import PURPOSES
from services.certificates.standing.positions import LIST_SIZE, Position
from services.creditbank.ledger import standings
from services.notifications.partners import actions as partners

CHUNK = 20_000
LEVEL, STANDARD, TYPE_CODE, CREDIT = "primary", "1.0", "004", 250
PUBLIC_URL = "https://onex.example"
SUSPENDED_OF = 1_000
"""One of so many certificates is suspended."""
_SAID = "SELECT id, body, occurred_at FROM outbox WHERE type = %s ORDER BY id"


class Books:
    """Writes the five databases. Every record is as the platform would have it, so that the audit finds nothing."""

    def __init__(self, ground: Ground) -> None:
        self.now = clock.now() - timedelta(days=1)
        self.connections = {
            service: psycopg.connect(ground.service_url(service), autocommit=True) for service in SERVICES
        }
        self.teo, self.type, self.plan, self.sitting, self.site, self.issuance, self.subscription = new_ids(7)
        secret = keys.new_secret()
        did = issuer_did(PUBLIC_URL, self.teo)
        self.public = keys.public_multibase(keys.public_of(secret))
        self.did, self.filled = did, 0
        environment = ground.platform.environment
        settings = {service: Settings.for_service(service, environment) for service in SERVICES}
        self._databases = {
            service: Database(settings[service].database_url, service, pool_size=1)
            for service in ("certificates", "creditbank", "notifications")
        }
        self._vault = Vault.of(settings["certificates"])
        achieved = achievement(
            url=achievement_url(PUBLIC_URL, TYPE_CODE, LEVEL), type_name="Web", type_serial=TYPE_CODE, level=1,
            criteria="Passed.", version=STANDARD,
        )  # fmt: skip
        signer = Signer(secret, f"{did}#{self.public}")
        self.mould = Mould(signer, issuer(did, "TEO"), achieved, public_url=PUBLIC_URL)
        self._found()

    def grow_to(self, count: int) -> None:
        """`count` certificates with all that belongs to them."""
        before = self.filled
        self._to_suspend: list[str] = []
        while self.filled < count:
            self._fill(min(CHUNK, count - self.filled))
        self._finish(count - before)

    def _found(self) -> None:
        """What all certificates share."""
        one = {
            "type": self.type, "teo": self.teo, "plan": self.plan, "sitting": self.sitting, "site": self.site, "now": self.now,
            "id": new_id(), "public": self.public, "issuance": self.issuance, "subscription": self.subscription,
            "old": self.now - timedelta(days=1),
        }  # fmt: skip
        components = '[{"weight_percent": 100, "pass_line_hundredths": 6000}]'
        for service, statement in (
            (
                "registry",
                "INSERT INTO organization (id, kind, code, name_zh, name_en, division_code, sealed_contacts, status,"
                " version, created_by) VALUES (%(teo)s, 'teo', 'x', 'x', 'x', '110000', '', 'registered', 0, 'bench')",
            ),
            (
                "registry",
                "INSERT INTO certificate_type (id, code, name_zh, name_en, field, teo_id, selection_reference, version,"
                " created_by) VALUES (%(type)s, '004', 'x', 'x', 'x', %(teo)s, 'x', 1, 'bench')",
            ),
            (
                "registry",
                "INSERT INTO site (id, code, college_id, certificate_type_id, teo_id, province_code, address_zh,"
                " division_code, capacity, conditions, state, declared_by, filed_at, version) VALUES (%(site)s, 'S',"
                " %(teo)s, %(type)s, %(teo)s, '11', 'x', '110000', 1, '{}', 'filed', 'bench', %(now)s, 1)",
            ),
            ("certificates", "INSERT INTO certificate_type VALUES (%(type)s, 1, '004', 'x', 'x', %(teo)s, '[]')"),
            ("creditbank", "INSERT INTO certificate_type VALUES (%(type)s, 1, '004', 'x', 'x', %(teo)s)"),
            ("assessment", "INSERT INTO certificate_type VALUES (%(type)s, 1, '004', 'x', 'x', %(teo)s, '{}')"),
            ("assessment", "INSERT INTO site VALUES (%(site)s, 'S', %(teo)s, %(teo)s, %(type)s, '110000', %(now)s)"),
            (
                "assessment",
                "INSERT INTO plan (id, certificate_type_id, level, standard_version, teo_id, title_zh, title_en, year,"
                " components, pass_line_hundredths, state, registered, created_by) VALUES (%(plan)s, %(type)s,"
                f" 'primary', '1.0', %(teo)s, 'x', 'x', 2026, '{components}', 6000, 'published', 0, 'bench')",
            ),
            (
                "assessment",
                "INSERT INTO sitting (id, plan_id, site_id, site_code, starts_at, ends_at, capacity, registered,"
                " created_by) VALUES (%(sitting)s, %(plan)s, %(site)s, 'S', %(now)s, %(now)s, 100000000, 0, 'b')",
            ),
            (
                "certificates",
                "INSERT INTO issuer_key VALUES (%(id)s, %(teo)s, %(public)s, '', %(old)s, NULL)",
            ),
            (
                "creditbank",
                "INSERT INTO proposal (id, certificate_type_id, level, standard_version, teo_id, credit_hundredths,"
                " hours, rationale, state, due_on, late, proposed_on, proposed_by, approved_at) VALUES (%(id)s,"
                f" %(type)s, 'primary', '1.0', %(teo)s, {CREDIT}, 64, 'x', 'approved', %(now)s, false, %(now)s, 'b', %(now)s)",
            ),
            (
                "creditbank",
                "INSERT INTO account (id, kind, certificate_type_id) VALUES (%(issuance)s, 'issuance', %(type)s)",
            ),
            (
                "notifications",
                "INSERT INTO subscription (id, client_id, url, events, sealed_secret, state, created_at, told_since)"
                " VALUES (%(subscription)s, 'b', 'https://x', '{certificate_issued}', '', 'active', %(old)s, %(old)s)",
            ),
        ):
            self.connections[service].execute(statement.encode(), one)

    def _fill(self, count: int) -> None:
        """`count` candidates who all passed."""
        issued_on, now = clock.beijing_day(self.now), self.now
        people = [(new_id(), new_id(), uuid.uuid4(), new_id(), new_id()) for _ in range(count)]
        drawn = numbers.draw_many(count, now.year, TYPE_CODE, 1)
        self.copy("assessment", "registration (id, plan_id, sitting_id, number, learner_id, sealed_person, masked_name,"
                  " name_index, candidate_kind, college_id, seen_job_id, seen_row)",
                  ((registration, self.plan, self.sitting, number, learner, "x", "*", b"x", "social", None, self.plan, 1)
                   for (_, registration, learner, _, _), number in zip(people, drawn, strict=True)))  # fmt: skip
        self.copy("assessment", "result (id, registration_id, plan_id, scores, score_hundredths, passed, assessed_on,"
                  " published_at, seen_job_id, seen_row)",
                  ((result, registration, self.plan, [8000], 8000, True, issued_on, now, self.plan, 1)
                   for result, registration, *_ in people))  # fmt: skip
        bits = [Position(*divmod(self.filled + nth, LIST_SIZE)) for nth in range(count)]
        credentials = [self.credential(number, bit) for number, bit in zip(drawn, bits, strict=True)]
        self.filled += count
        self._to_suspend += drawn[::SUSPENDED_OF]
        self.copy("certificates", "certificate (id, number, result_id, learner_id, name_index, sealed_name, masked_name,"
                  " certificate_type_id, type_code, level, standard_version, teo_id, college_id, issued_on, entered_at,"
                  " credential, published_at, status_list, status_index, sitting_id)",
                  ((certificate, number, result, learner, b"x" * 32, "x", "*", self.type, TYPE_CODE, LEVEL, STANDARD,
                    self.teo, None, issued_on, now, credential, now, bit.list, bit.index, self.sitting)
                   for (result, _, learner, certificate, _), number, credential, bit
                   in zip(people, drawn, credentials, bits, strict=True)))  # fmt: skip
        self.copy("certificates", "log_pending (certificate_id, entry)",
                  ((p[3], entries.entry("issued", entries.digest_of(credential.encode()), self.did, now))
                   for p, credential in zip(people, credentials, strict=True)))  # fmt: skip
        bank = [(*person, *new_ids(2)) for person in people]
        self.copy("creditbank", "account (id, kind, learner_id)", ((a, "learner", p[2]) for *p, a, _ in bank))
        self.copy("creditbank", "journal (id, kind, cause_id, booked_at)",
                  ((journal, "certificate_credit", p[3], now) for *p, _, journal in bank))  # fmt: skip
        self.copy("creditbank", "deposit (id, certificate_id, learner_id, journal_id, credit_hundredths, number,"
                  " certificate_type_id, certificate_type_code, level, standard_version, issued_on, cause, deposited_at)",
                  ((new_id(), p[3], p[2], journal, CREDIT, number, self.type, TYPE_CODE, LEVEL, STANDARD, issued_on,
                    p[4], now) for (*p, _, journal), number in zip(bank, drawn, strict=True)))  # fmt: skip
        self.copy("creditbank", "entry (id, journal_id, account_id, amount_hundredths, booked_at)",
                  ((new_id(), journal, to, amount, now) for *_, account, journal in bank
                   for to, amount in ((account, CREDIT), (self.issuance, -CREDIT))))  # fmt: skip
        self.copy("notifications", "notice (event_id, name, certificate_id, certificate_type_code, body,"
                  " occurred_at)",
                  ((p[4], "certificate_issued", p[3], TYPE_CODE,
                    orjson.dumps({"certificate_id": p[3], "number": number, "padding": "x" * 500}).decode(), now)
                   for p, number in zip(people, drawn, strict=True)))  # fmt: skip
        self.copy("notifications", "delivery (id, notice_id, subscription_id, state)",
                  ((new_id(), p[4], self.subscription, "delivered") for p in people))  # fmt: skip

    def credential(self, number: str, bit: Position) -> str:
        return self.mould.credential(
            url=credential_url(PUBLIC_URL, number), holder_name="张三", issued_at=self.now, created=self.now, status=bit
        ).decode()

    def copy(self, service: str, target: str, rows: Iterable[Sequence[Any]]) -> None:
        with self.connections[service].cursor() as cursor, cursor.copy(f"COPY {target} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def _log(self) -> None:
        """Take all that waits into the log, as the product does."""
        more = True
        while more:
            with self._databases["certificates"].transaction() as session:
                more = sequence(session, self._vault, PUBLIC_URL)

    def _suspend(self, numbers_of: Sequence[str]) -> None:
        """Suspend these certificates by two persons, and have the others hear of it."""
        one, other = Caller("one", Role.OPERATOR), Caller("other", Role.OPERATOR)
        body = {"kind": "suspend", "reason": "under_investigation", "note": "", "name": None}
        with self._databases["certificates"].transaction() as session:
            for number in numbers_of:
                made = proposals.propose(session, self._vault, number, body, by=one)
                proposals.approve(session, Desk(self._vault, PUBLIC_URL), made.id, "", by=other)
        said = self.connections["certificates"].execute(_SAID, [CertificateStandingChanged.type()]).fetchall()
        heard = [
            Heard(event_id, CertificateStandingChanged.decode(body), occurred_at, None, body)
            for event_id, body, occurred_at in said
        ]
        with self._databases["creditbank"].transaction() as session:
            standings.hear(session, heard)
        with self._databases["notifications"].transaction() as session:
            partners.tell_of_standings(session, heard)
        self._forget_outboxes()

    def _forget_outboxes(self) -> None:
        """What was said has been heard, as far as it matters here, and no worker is there to send it."""
        for connection in self.connections.values():
            connection.execute("DELETE FROM outbox")

    def _finish(self, more: int) -> None:
        """The counts that are kept, with `more` candidates, and the log, lists and standings of their certificates."""
        self.connections["assessment"].execute(
            "UPDATE plan SET registered = %(n)s, with_result = %(n)s, passed = %(n)s, results_published = %(n)s",
            {"n": self.filled},
        )
        self.connections["assessment"].execute("UPDATE sitting SET registered = %(n)s", {"n": self.filled})
        self.connections["certificates"].execute(
            "INSERT INTO entry_tally (teo_id, certificate_type_id, month, on_time, late, unknown)"
            " VALUES (%s, %s, %s, 0, 0, %s)",
            (self.teo, self.type, clock.beijing_day(self.now).replace(day=1), more),
        )
        self._log()
        for which in range((self.filled - 1) // LIST_SIZE + 1):
            with self._databases["certificates"].transaction() as session:
                for purpose in PURPOSES:
                    lists.shown(session, self._vault, PUBLIC_URL, which, purpose)
        self._suspend(self._to_suspend)
        self._log()
        for connection in self.connections.values():
            connection.execute("VACUUM ANALYZE")
            connection.execute("SELECT pg_stat_force_next_flush()")  # what was written is counted now, not later
        for database in self._databases.values():
            database.engine.dispose()

    def close(self) -> None:
        """Leave the databases to the audit."""
        for connection in self.connections.values():
            connection.close()
