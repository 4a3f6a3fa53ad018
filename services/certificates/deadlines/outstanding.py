"""What was issued and is not on the platform (OP-32): passes that have no certificate yet, and what a TEO announced.

A pass is a certificate within seconds of its publication. One that could not become one has been set aside for an operator
(`onex parked`); it is the platform's to put right, and its TEO's clock runs all the same.
"""

import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from onex.contracts.assessment import ResultPublished
from onex.contracts.event import Undecodable
from onex.messaging.topology import queue_of
from services.certificates.issuing import exits, queries
from services.certificates.issuing.rules import comes_after_exit, earns_certificate

CONSUMER = queue_of("certificates", ResultPublished)
_AT_A_TIME = 1_000
_ANNOUNCED = text(
    """
    SELECT teo_id, certificate_type_id, issued_on, count - (
        SELECT count(*) FROM certificate WHERE source = 'elsewhere' AND replaces IS NULL
        AND certificate.teo_id = announcement.teo_id AND certificate.issued_on = announcement.issued_on
        AND certificate.certificate_type_id = announcement.certificate_type_id
    ) AS missing FROM announcement WHERE NOT complete
    """
)
_COMPLETE = text(
    """
    UPDATE announcement SET complete = true WHERE NOT complete AND count <= (
        SELECT count(*) FROM certificate WHERE source = 'elsewhere' AND replaces IS NULL
        AND certificate.teo_id = announcement.teo_id AND certificate.issued_on = announcement.issued_on
        AND certificate.certificate_type_id = announcement.certificate_type_id
    )
    """
)
_SET_ASIDE = text("SELECT body FROM parked WHERE outcome IS NULL AND consumer = :consumer")


class Unit(NamedTuple):
    """Certificates of one TEO, type and day of issue: they have one clock."""

    teo_id: uuid.UUID
    certificate_type_id: uuid.UUID
    issued_on: date


def close_complete(session: UnitOfWork) -> None:
    """Announcements of which everything was entered are not looked at again: what is on the platform stays there."""
    session.execute(_COMPLETE)


def outstanding(session: Session) -> Counter[Unit]:
    """How many certificates of each unit are not on the platform; units of which all are there are left out."""
    missing: Counter[Unit] = Counter()
    for *unit, count in session.execute(_ANNOUNCED):
        if count > 0:
            missing[Unit(*unit)] += count
    for passes in _set_aside(session):
        have = queries.certified(session, passes)
        left = exits.exited_at(session, {one.teo_id for one in passes.values()})
        for result_id, one in passes.items():
            if result_id not in have and not comes_after_exit(one.published_at, left.get(one.teo_id)):
                missing[Unit(one.teo_id, one.certificate_type_id, clock.beijing_day(one.published_at))] += 1
    return missing


def _set_aside(session: Session) -> Iterator[dict[uuid.UUID, ResultPublished]]:
    """Passes that wait for an operator, some at a time."""
    waiting = session.execute(_SET_ASIDE.execution_options(yield_per=_AT_A_TIME), {"consumer": CONSUMER})
    seen: set[uuid.UUID] = set()
    for part in waiting.partitions():
        read = (_read(bytes(row.body)) for row in part)
        passes = {one.result_id: one for one in read if one and earns_certificate(one.passed)}
        yield {result_id: one for result_id, one in passes.items() if result_id not in seen}
        seen |= passes.keys()


def _read(body: bytes) -> ResultPublished | None:
    try:
        return ResultPublished.decode(body)
    except Undecodable:  # whose it is cannot be told; it is an operator's matter, not a TEO's
        return None
