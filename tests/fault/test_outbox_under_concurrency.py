"""32 writers commit at random moments while a relay sends: none is skipped, none leaves before its commit.

Each writer puts its rows into the outbox at once and commits them a random moment later, so that the order of ids is not the
order of commits; one in ten rolls back. Who hears an event looks whether what it tells of is committed by then.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import kombu
import orjson
import pytest
from sqlalchemy import text

from onex.chassis.database import Database, UnitOfWork
from onex.messaging import outbox
from tests.harness.report import Found
from tests.messaging.trial import QUEUE, Stage, organization

WRITERS = 32
MOST_ROWS = 20
LONGEST_DELAY_S = 0.05
IDLE_S = 20.0
PREFETCH = 100
SIZES = [
    pytest.param(5_000, id="5000-rows"),
    pytest.param(100_000, id="100000-rows", marks=[pytest.mark.long, pytest.mark.timeout(1800)]),
]


class Writer(threading.Thread):
    """Writes `rows` committed rows, and some that are never committed."""

    def __init__(self, number: int, database: Database, rows: int, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.number, self.database, self.rows, self.chance = number, database, rows, chance
        self.committed: list[str] = []
        self.rolled_back = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while len(self.committed) < self.rows:
                names = [
                    f"{self.number}-{len(self.committed)}-{place}" for place in range(self.chance.randint(1, MOST_ROWS))
                ]
                with self.database.session() as session:
                    self.write(session, names)
                    time.sleep(self.chance.uniform(0, LONGEST_DELAY_S))
                    if self.chance.random() < 0.1:
                        session.rollback()
                        self.rolled_back += len(names)
                    else:
                        session.commit()
                        self.committed += names
        except BaseException as error:
            self.error = error

    def write(self, session: UnitOfWork, names: list[str]) -> None:
        """The fact and its event, both in the database now and both invisible until the commit."""
        session.execute(text("INSERT INTO trial (name) SELECT unnest(CAST(:names AS text[]))"), {"names": names})
        for name in names:
            outbox.append(session, organization(name))
        outbox.flush(session)


class Listening(threading.Thread):
    """Takes what arrives, and looks at that moment whether it is committed.

    The broker sends no more than can be looked at, as it gives up who does not read what it sends.
    """

    def __init__(self, stage: Stage) -> None:
        super().__init__(daemon=True)
        self.stage, self.stopping = stage, False
        self.heard: Counter[str] = Counter()
        self.too_early: list[str] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            with kombu.Connection(self.stage.environ["ONEX_AMQP_ADMIN_URL"]) as connection:
                channel, arrived = connection.default_channel, list[Any]()
                channel.auto_decode = False
                channel.basic_qos(0, PREFETCH, False)
                channel.basic_consume(QUEUE, callback=arrived.append)
                while not self.stopping:
                    with suppress(TimeoutError):
                        while len(arrived) < PREFETCH:
                            connection.drain_events(timeout=0.001 if arrived else 0.2)
                    if arrived:
                        self.judge([orjson.loads(bytes(message.body))["name_en"] for message in arrived])
                        channel.basic_ack(arrived[-1].delivery_tag, multiple=True)
                        arrived.clear()
        except BaseException as error:
            self.error = error

    def judge(self, names: list[str]) -> None:
        with self.stage.speaker_db.session() as session:
            query = text("SELECT name FROM trial WHERE name = ANY(CAST(:names AS text[]))")
            committed = set(session.scalars(query, {"names": names}))
        self.heard.update(names)
        self.too_early += [name for name in names if name not in committed]


@pytest.fixture
def indexed(stage: Stage) -> Iterator[Stage]:
    """The stage, whose other tests write names into the table that are too long for an index."""
    with stage.speaker_db.transaction() as session:
        session.execute(text("CREATE INDEX ix_trial_name ON trial (name)"))
    yield stage
    with stage.speaker_db.transaction() as session:
        session.execute(text("DROP INDEX ix_trial_name"))


@pytest.mark.fault
@pytest.mark.parametrize("rows", SIZES)
def test_none_of_what_32_writers_commit_is_skipped_and_none_leaves_before_its_commit(
    indexed: Stage, seed: int, found: Found, rows: int
) -> None:
    stage = indexed
    chance = random.Random(seed)
    database = Database(stage.environ["ONEX_DATABASE_URL_REGISTRY"], "registry", pool_size=WRITERS)
    stage.start("speaker").ready()
    stage.start("speaker", ONEX_WORKER_PORT_REGISTRY="0")  # stands by: two never send at once
    listening = Listening(stage)
    listening.start()
    writers = [
        Writer(number, database, rows // WRITERS + 1, random.Random(chance.random())) for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
        assert writer.error is None
    committed = {name for writer in writers for name in writer.committed}
    last, moved_at = 0, time.monotonic()
    while len(listening.heard) < len(committed) and time.monotonic() - moved_at < IDLE_S:
        if len(listening.heard) > last:
            last, moved_at = len(listening.heard), time.monotonic()
        time.sleep(0.05)
    listening.stopping = True
    listening.join()
    database.engine.dispose()
    found(
        broken=f"{WRITERS} writers commit in random order or roll back, beside two relays", committed=len(committed),
        rolled_back=sum(writer.rolled_back for writer in writers), skipped=len(committed - set(listening.heard)),
        too_early=len(listening.too_early), ghost_events=len(set(listening.heard) - committed),
        doubled=listening.heard.total() - len(listening.heard),
    )  # fmt: skip
    assert listening.error is None
    assert len(committed) >= rows
    assert set(listening.heard) == committed
    assert listening.too_early == []
    assert max(listening.heard.values()) == 1, "no relay died: nothing came twice"
    assert stage.unsent() == 0
