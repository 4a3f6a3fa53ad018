"""The floor's processes: batches, binary COPY, one socket write a batch, confirms that overlap the next transaction.

They keep the product's promises while nothing is frozen or lost: an event is a row of the outbox before it is said and until
it is confirmed, it is claimed in an inbox in the transaction that handles it, and acknowledged after the COMMIT. What they
lack is everything else: retries, parking, traces, metrics, rules, reconnecting.
`python -m benchmarks.floor_processes relay|issuer|credit|notices|rows`
"""

import json
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import orjson
import psycopg
import uuid_utils

from benchmarks.floor_copy import UUID_NEXT, columns, copy, integer, raw
from benchmarks.wire import Wire, message, publish_method

BATCH = 500
LINGER_S = 0.01
EXCHANGES = {"results": ("results", "result_published"), "issued": ("issued", "certificate_issued")}
_CLAIM = "INSERT INTO inbox (event_id) SELECT unnest(%b::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id"
_PLACES = "SELECT nextval('status_position') FROM generate_series(1, %b)"
_DELETE = "DELETE FROM outbox WHERE id = ANY(%b::uuid[])"
Message = tuple[int, str, bytes]
Claimed = TypeVar("Claimed")


class Saying:
    """Events of one exchange: said when they are committed, deleted from the outbox some time after they are confirmed."""

    def __init__(self, url: str, address: tuple[str, str]) -> None:
        self._wire, self._method = Wire(url), publish_method(*address)
        self._wire.confirm()
        self._under_way: tuple[int, list[uuid.UUID]] | None = None

    def say(self, events: list[tuple[uuid.UUID, bytes]]) -> None:
        """One write. What was said before must have been taken back by `confirmed`."""
        self._write([(str(event_id), body) for event_id, body in events], events)

    def say_packed(self, events: list[tuple[uuid.UUID, bytes]], size: int) -> None:
        """The same in messages of so many."""
        packs = [events[at : at + size] for at in range(0, len(events), size)]
        self._write([("pack", b"[%s]" % b",".join(_with_id(*one) for one in pack)) for pack in packs], events)

    def _write(self, messages: list[tuple[str, bytes]], events: list[tuple[uuid.UUID, bytes]]) -> None:
        number = self._wire.publish([message(self._method, message_id, body) for message_id, body in messages])
        self._under_way = (number, [event_id for event_id, _ in events])

    def confirmed(self) -> list[uuid.UUID]:
        """Wait for what is under way; the ids that may be deleted."""
        if self._under_way is None:
            return []
        number, ids = self._under_way
        self._wire.wait_confirmed(number)
        self._under_way = None
        return ids


def _with_id(event_id: uuid.UUID, body: bytes) -> bytes:
    return b'{"id":"%s","data":%s}' % (str(event_id).encode(), body)


def relay(settings: dict[str, Any]) -> None:
    """From an outbox to its exchange: the next batch is read while the last is being confirmed."""
    part = settings["relay_of"]
    saying = Saying(settings["amqp_url"], EXCHANGES["results" if part == "results" else "issued"])
    pack = settings["pack"]
    say = partial(saying.say_packed, size=pack) if pack > 1 else saying.say
    query = "SELECT id, body FROM outbox WHERE id > %s ORDER BY id LIMIT %s"
    nothing = uuid.UUID(int=0)
    with psycopg.connect(settings["database_urls"][part], autocommit=True) as connection:
        connection.execute("LISTEN outbox")
        last = nothing
        while True:
            batch = connection.execute(query, (last, BATCH), binary=True).fetchall()
            if done := saying.confirmed():
                connection.execute(_DELETE, (done,))
            if batch:
                say(batch)
                last = batch[-1][0]
            elif last != nothing:
                last = nothing  # what committed late with an earlier id is found from the beginning
            else:
                for _ in connection.notifies(timeout=5, stop_after=1):
                    pass


def issuer(settings: dict[str, Any]) -> None:
    """Passes in, certificates into the table and on to the consumers."""
    from benchmarks.floor_issuing import LOGGED, NAMES, Issuing

    issuing, saying = Issuing(settings), Saying(settings["amqp_url"], EXCHANGES["issued"])
    reading = Wire(settings["amqp_url"])
    pack = settings["pack"]
    reading.consume("issuer", 4 * BATCH // pack)
    with psycopg.connect(settings["database_urls"]["issuer"]) as connection:
        left = connection.execute("SELECT id, body FROM outbox ORDER BY id", binary=True).fetchall()
        connection.commit()
        if left:
            saying.say(left)
        while True:
            messages = reading.read(BATCH // pack, LINGER_S)
            results = _results(messages, packed=pack > 1)
            with connection.cursor() as cursor:
                rows, logged, said = issuing.make(_claim(cursor, results), partial(_draw, cursor))
                copy(cursor, "certificate", NAMES, rows)
                copy(cursor, "log_pending", LOGGED, logged)
                outbox = [columns(2) + UUID_NEXT + event_id + raw(body) for event_id, body in said]
                copy(cursor, "outbox", "id, body", outbox)
                if done := saying.confirmed():  # of the batch before, whose confirms came while this one was made
                    cursor.execute(_DELETE, (done,))
                connection.commit()
            reading.acknowledge(messages[-1][0])
            saying.say([(uuid.UUID(bytes=event_id), body) for event_id, body in said])
            if not reading.waiting:
                connection.execute(_DELETE, (saying.confirmed(),))
                connection.commit()


def _results(messages: list[Message], *, packed: bool) -> dict[uuid.UUID, dict[str, Any]]:
    if packed:
        return {uuid.UUID(one["id"]): one["data"] for _, _, body in messages for one in orjson.loads(body)}
    return {uuid.UUID(message_id): orjson.loads(body) for _, message_id, body in messages}


def _draw(cursor: Any, count: int) -> Iterator[int]:
    """Numbers of places in the status lists."""
    return (number for (number,) in cursor.execute(_PLACES, (count,), binary=True).fetchall())


def consumer(settings: dict[str, Any], part: str, write: Callable[[Any, list[Message]], None]) -> None:
    """A batch a transaction: claim, write, commit, acknowledge."""
    reading = Wire(settings["amqp_url"])
    reading.consume(part, 4 * BATCH)
    with psycopg.connect(settings["database_urls"][part]) as connection:
        while True:
            batch = reading.read(BATCH, LINGER_S)
            with connection.cursor() as cursor:
                write(cursor, _claim(cursor, {uuid.UUID(one[1]): one for one in batch}))
                connection.commit()
            reading.acknowledge(batch[-1][0])


def _claim(cursor: Any, by_id: dict[uuid.UUID, Claimed]) -> list[Claimed]:
    """What of it nobody has handled before."""
    new = cursor.execute(_CLAIM, (sorted(by_id),), binary=True).fetchall()
    return [by_id[row[0]] for row in new]


def write_credit(credit: int) -> Callable[[Any, list[Message]], None]:
    """A deposit and its two entries each."""
    taken_off, given = integer(-credit), integer(credit)

    def write(cursor: Any, batch: list[Message]) -> None:
        deposits, entries = [], []
        for _, _, body in batch:
            one = orjson.loads(body)
            deposit = UUID_NEXT + uuid_utils.uuid7().bytes
            learner = one["learner_id"]
            ids = UUID_NEXT + _bytes(one["certificate_id"]) + UUID_NEXT + _bytes(learner)
            deposits.append(columns(4) + deposit + ids + given)
            issuance = f"issuance {one['certificate_type_id']}".encode()
            for account, amount in ((issuance, taken_off), (learner.encode(), given)):
                entries.append(columns(4) + UUID_NEXT + uuid_utils.uuid7().bytes + deposit + raw(account) + amount)
        copy(cursor, "deposit", "id, certificate_id, learner_id, credit_hundredths", deposits)
        copy(cursor, "entry", "id, deposit_id, account, amount_hundredths", entries)

    return write


def write_bodies(table: str, subject: str) -> Callable[[Any, list[Message]], None]:
    """A row each: a new id, the certificate's, and the body as it came."""

    def write(cursor: Any, batch: list[Message]) -> None:
        rows = []
        for _, _, body in batch:
            certificate = _bytes(orjson.loads(body)["certificate_id"])
            rows.append(columns(3) + UUID_NEXT + uuid_utils.uuid7().bytes + UUID_NEXT + certificate + raw(body))
        copy(cursor, table, f"id, {subject}, body", rows)

    return write


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("-", ""))


def main(part: str) -> None:
    """Run until SIGTERM."""
    settings = json.loads(os.environ["BENCH_SETTINGS"])
    if part == "relay":
        relay(settings)
    elif part == "issuer":
        issuer(settings)
    elif part == "credit":
        consumer(settings, part, write_credit(settings["credit_hundredths"]))
    elif part == "notices":
        consumer(settings, part, write_bodies("notice", "subject_id"))
    else:
        consumer(settings, part, write_bodies("arrival", "certificate_id"))


if __name__ == "__main__":
    main(sys.argv[1])
