"""How much longer the product takes when its tables are large: look-ups, pages, inserts and the inbox.

Each size has a database of its own in the same server, filled before; the sizes take turns. What is timed are the product's
own functions on one connection, in microseconds of waiting an item.
"""

import random
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import psycopg
from rich.console import Console

from benchmarks import figures, filling, machine
from benchmarks.ground import Ground
from benchmarks.passes import STANDARD_VERSION, new_pilot
from benchmarks.rounds import Round, take_turns
from onex.chassis import clock, migrating
from onex.chassis.access import Caller, Role
from onex.chassis.database import Database, copy_in
from onex.chassis.ids import new_id, new_ids
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings
from onex.chassis.web.paging import page
from onex.messaging import inbox
from services.certificates.inquiry.connections import Connections
from services.certificates.inquiry.lookup import Lookup
from services.certificates.issuing import numbers
from services.certificates.issuing.actions import COLUMNS
from services.certificates.issuing.models import Certificate
from services.certificates.issuing.queries import visible_to

SIZES = (10_000, 1_000_000)
CONSUMER = "certificates.assessment.result_published"
LOOK_UPS, PAGES, BATCHES, BATCH = 500, 40, 3, 500


class Size:
    """A database of the certificates service with so many certificates and as many claimed events."""

    def __init__(self, ground: Ground, rows: int, console: Console) -> None:
        self.name = f"{rows:,} rows"
        url = ground.make_database(f"rows_{rows}")
        self._vault = Vault.of(Settings.for_service("certificates", ground.platform.environment))
        known = new_pilot()
        started = time.monotonic()
        migrating.upgrade("certificates", url.replace("://", "+psycopg://", 1))
        with psycopg.connect(url, autocommit=True) as connection:
            filling.pilot(connection, known)
            self._numbers = filling.certificates(connection, self._vault, rows)
            filling.inbox(connection, CONSUMER, rows)
            filling.settle(connection, ("certificate", "inbox"))
            row = connection.execute(
                "SELECT certificate_type_id, teo_id, college_id FROM certificate LIMIT 1"
            ).fetchone()
        assert row is not None
        self._type, self._teo, self._college = row
        self._database = Database(url.replace("://", "+psycopg://", 1), "certificates", pool_size=2)
        self._lookup = Lookup(self._vault, Connections(url, "certificates", size=1))
        self._credential = filling.credential()
        console.print(f"  {self.name} filled in {time.monotonic() - started:,.0f} s")

    def turn(self) -> Round:
        """Each kind of work once over; the first of a kind warms up and is not counted."""
        seconds = {
            "look-up": self._timed(self._look_up, random.choices(self._numbers, k=LOOK_UPS)),
            "page of a TEO's": self._timed(self._page_of(Role.TEO, self._teo), range(PAGES)),
            "page of a college's": self._timed(self._page_of(Role.COLLEGE, self._college), range(PAGES)),
            "certificate inserted": self._timed(self._insert, range(BATCHES)) / BATCH,
            "event claimed": self._timed(self._claim, range(BATCHES)) / BATCH,
        }
        return Round(self.name, 1, seconds)

    def _timed(self, work: Callable[[Any], None], items: Sequence[Any]) -> float:
        """Seconds an item."""
        work(items[0])
        started = time.perf_counter()
        for item in items:
            work(item)
        return (time.perf_counter() - started) / len(items)

    def _look_up(self, number: str) -> None:
        if self._lookup.find(number, filling.NAME) is None:
            raise RuntimeError(f"{number} was not found")

    def _page_of(self, role: Role, organization_id: uuid.UUID) -> Callable[[int], None]:
        """Page after page, from the newest on."""
        who = Caller("benchmark", role, organization_id, None, None)
        cursor: str | None = None

        def work(_: int) -> None:
            nonlocal cursor
            with self._database.session() as session:
                seen = page(session, visible_to(who), Certificate.id, cursor, 50)
            cursor = seen["next"]

        return work

    def _insert(self, _: int) -> None:
        now, today = clock.now(), date.today()
        drawn = numbers.draw_many(BATCH, 2026, "004", 2)
        rows = [
            (
                new_id(), number, new_id(), uuid.uuid4(), bytes(32), "sealed", "欧**娜", self._type, "004",
                "intermediate", STANDARD_VERSION, self._teo, self._college, today, now, today, False, self._credential,
            )
            for number in drawn
        ]  # fmt: skip
        with self._database.transaction() as session:
            copy_in(session, "certificate", COLUMNS, rows)

    def _claim(self, _: int) -> None:
        with self._database.transaction() as session:
            new = inbox.claim(session, CONSUMER, new_ids(BATCH))
        if len(new) != BATCH:
            raise RuntimeError("events that were claimed before")


def measure(rounds: int, sizes: Sequence[int], console: Console) -> dict[str, Any]:
    """All sizes in turn; the first is what the others are compared with."""
    with Ground() as ground:
        about = machine.describe(ground.postgres_url, ground.amqp_url)
        filled = [Size(ground, rows, console) for rows in sizes]
        ground.checkpoint()

        def said(size: Size) -> Callable[[], Round]:
            def take() -> Round:
                one = size.turn()
                costs = ", ".join(f"{name} {seconds * 1e6:,.0f} µs" for name, seconds in one.seconds.items())
                console.print(f"  {one.side:<18}{costs}")
                return one

            return take

        taken = take_turns({size.name: said(size) for size in filled}, rounds)
    return figures.of("growth", about, taken, filled[0].name)
