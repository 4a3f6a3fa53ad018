"""Certificates in large tables: public inquiry, pages, inserting, claiming; the log (growth_log.py)."""

import io
import random
import uuid
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Select

from benchmarks import filling, growth_log
from benchmarks.large import BATCH, CLAIMED, INSERTED, LOOK_UP, PAGED, Large, Read, Work, pages
from benchmarks.passes import STANDARD_VERSION, new_pilot
from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.database import copy_in
from onex.chassis.ids import new_id
from onex.contracts.assessment import ResultPublished
from onex.messaging import inbox
from onex.messaging.topology import queue_of
from services.certificates.credentials.queries import credential
from services.certificates.deadlines.queries import timeliness
from services.certificates.inquiry.connections import Connections
from services.certificates.inquiry.door import PATH, InquiryDoor
from services.certificates.inquiry.lookup import Lookup
from services.certificates.issuing import numbers
from services.certificates.issuing.actions import COLUMNS
from services.certificates.issuing.models import Certificate
from services.certificates.issuing.queries import by_number, certified, visible_to
from services.certificates.standing import positions
from services.certificates.standing.annulments import standing_of

_TALLY = (
    "INSERT INTO entry_tally (teo_id, certificate_type_id, month, on_time, late, unknown) SELECT teo_id, certificate_type_id,"
    " date_trunc('month', issued_on)::date, count(*), 0, 0 FROM certificate GROUP BY 1, 2, 3"
)
CONSUMER = queue_of("certificates", ResultPublished)


class Certificates(Large):
    service = "certificates"
    tables = ("certificate", "inbox", "log_entry", "log_tile")

    def fill(self, connection: filling.Connection, rows: int) -> None:
        self._pilot = new_pilot()
        filling.pilot(connection, self._pilot)
        with filling.stripped(connection, "certificate", "inbox"):
            self._numbers = filling.certificates(connection, self.vault, rows)
            filling.inbox(connection, CONSUMER, rows)
        connection.execute(_TALLY)
        random.shuffle(self._numbers)
        self._asked = 0
        self._credential, self._sitting = filling.credential(), new_id()
        learners = connection.execute(
            "SELECT learner_id FROM certificate WHERE number = ANY (%s)", [self._numbers[:1_000]]
        )
        self._learners: list[uuid.UUID] = [learner_id for (learner_id,) in learners.fetchall()]
        teos = [teo.organization_id for teo in self._pilot.teos]
        growth_log.fill(connection, self.database, self.vault, teos)
        self._log = growth_log.LogWork(self.database, self.vault, teos, growth_log.known(connection), [])

    def works(self) -> dict[str, Work]:
        lookup = Lookup(self.vault, Connections(self.url, self.service, size=1))
        self._door = InquiryDoor(lookup, self.service, "https://onex.example")
        return {
            "inquiry": Work(LOOK_UP, self._inquire, 40),
            "page of a TEO's certificates": Work(PAGED, self.paging(self._a_teos, Certificate.id), 6),
            "page of a college's": Work(PAGED, self.paging(self._a_colleges, Certificate.id), 6),
            "page of a learner's": Work(PAGED, self.paging(self._a_learners, Certificate.id), 6),
            "timeliness of all TEOs": Work(PAGED, self.reading(lambda session: timeliness(session, _OPERATOR)), 6),
            "certificate": Work(INSERTED, self._insert, 1, BATCH),
            "result claimed": Work(CLAIMED, self.claiming(ResultPublished), 2, BATCH),
        } | self._log.works()

    def reads(self) -> dict[str, Read]:
        number = self._numbers[0]
        return {
            "pages of all certificates": pages(visible_to(_OPERATOR), Certificate.id),
            "pages of a TEO's certificates": pages(self._a_teos(), Certificate.id),
            "pages of a college's certificates": pages(self._a_colleges(), Certificate.id),
            "page of a learner's certificates": pages(self._a_learners(), Certificate.id),
            "certificate by number": lambda session: by_number(session, _OPERATOR, number),
            "credential by number": lambda session: credential(session, number),
            "timeliness of all TEOs": lambda session: timeliness(session, _OPERATOR),
            "timeliness of one TEO": lambda session: timeliness(session, self._teo()),
            "results certified already": lambda session: certified(session, [new_id(), new_id()]),
            "what stands of annulled results": lambda session: list(session.scalars(standing_of([new_id(), new_id()]))),
            "event claimed before": lambda session: inbox.is_claimed(session, CONSUMER, new_id()),
        } | self._log.reads()

    def explained(self) -> dict[str, list[tuple[str, dict[str, Any]]]]:
        connections = _Explaining(self.url)
        Lookup(self.vault, connections).find(self._numbers[0], filling.NAME)
        return {"inquiry": connections.explained}

    def _inquire(self) -> None:
        """An inquiry, as its door answers it without a socket.

        Never of the same number twice, as long as there are others: what was asked for a moment ago is in every cache.
        """
        number = self._numbers[self._asked % len(self._numbers)]
        self._asked += 1
        body = orjson.dumps({"number": number, "name": filling.NAME})
        environ = _REQUEST | {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body)}
        answer = b"".join(self._door(environ, lambda status, headers, error=None: None))
        if number.encode() not in answer:
            raise RuntimeError(f"{number} was not found")

    def _teo(self) -> Caller:
        kind = random.choice(self._pilot.types)
        return Caller("benchmark", Role.TEO, organization_id=kind.teo_id)

    def _a_teos(self) -> Select[tuple[Certificate]]:
        return visible_to(self._teo())

    def _a_colleges(self) -> Select[tuple[Certificate]]:
        return visible_to(Caller("benchmark", Role.COLLEGE, organization_id=random.choice(filling.COLLEGES)))

    def _a_learners(self) -> Select[tuple[Certificate]]:
        return visible_to(Caller("benchmark", Role.LEARNER, learner_id=random.choice(self._learners)))

    def _insert(self) -> None:
        now, today, kind = clock.now(), date.today(), self._pilot.types[0]
        with self.database.transaction() as session:
            bits = positions.draw(session, self.vault, BATCH)
            rows = [
                (
                    new_id(), number, new_id(), uuid.uuid4(), bytes(32), "sealed", "欧**娜", kind.certificate_type_id,
                    kind.code, "intermediate", STANDARD_VERSION, kind.teo_id, random.choice(filling.COLLEGES), today, now,
                    today, False, self._credential, now, bit.list, bit.index, "platform", None, self._sitting,
                )
                for number, bit in zip(numbers.draw_many(BATCH, 2026, kind.code, 2), bits, strict=True)
            ]  # fmt: skip
            copy_in(session, "certificate", COLUMNS, rows)
        self._log.fresh = [row[0] for row in rows]


class _Explaining(Connections):
    """Has each statement explained before it is carried out."""

    def __init__(self, dsn: str) -> None:
        super().__init__(dsn, "certificates", size=1)
        self.explained: list[tuple[str, dict[str, Any]]] = []

    def fetch_one(self, statement: str, *values: Any) -> tuple[Any, ...] | None:
        row = super().fetch_one(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *values)
        assert row is not None
        self.explained.append((statement, row[0][0]["Plan"]))
        return super().fetch_one(statement, *values)


_REQUEST: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": PATH, "CONTENT_TYPE": "application/json"}
_OPERATOR = Caller("benchmark", Role.OPERATOR)
