"""A published pass becomes a certificate.

The steps, all in the one transaction that also claims the events in the inbox; from the third on they are those of a certificate
that its TEO issued elsewhere and enters here, too (services/certificates/elsewhere):

1. claim    leave out the results that have a certificate already; the unique key of `result_id` decides a race (step 6)
2. look up  the TEO's key and names, the certificate type and level; what is not known yet sends the event to a later try.
            What a TEO published from its exit on is noted and left out (exits.py, OP-41)
3. draw     a number for each certificate, which nobody can guess, and a bit in the status lists, which nobody else gets
4. build    the credential: who answers for it, what was achieved, the holder as a salted hash
5. sign     with the TEO's Ed25519 key (eddsa-jcs-2022)
6. record   all certificates with one COPY, and count them (OP-32). Where a number or a result is there already, this step
            alone is undone and all begins again from step 1, with new numbers and without the results that another worker
            was faster with
7. log      what was issued waits to be taken into the transparency log (services/certificates/log)
8. say      CertificateIssued into the outbox, which COMMIT makes true together with everything above

A process that dies anywhere before COMMIT leaves nothing: the numbers were never seen, the signatures never left, the
broker delivers the events again. One that dies after COMMIT and before it acknowledges the events gets them again and
finds them claimed in the inbox. What is said again under another event id finds its result certified in step 1.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.database import UnitOfWork, copy_in, in_order
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault, mask_name
from onex.contracts.assessment import ResultPublished
from onex.contracts.certificates import CertificateIssued
from onex.messaging import outbox
from onex.messaging.heard import Heard
from services.certificates.credentials.addresses import credential_url, issuer_did
from services.certificates.deadlines import calendars, tally
from services.certificates.deadlines.clocks import Clocks
from services.certificates.issuing import exits, numbers, queries, rules
from services.certificates.issuing.issuers import Issuers
from services.certificates.issuing.names import name_indexes, seal_names
from services.certificates.log import actions as log
from services.certificates.log import entries
from services.certificates.standing import annulments, positions
from services.certificates.standing.positions import Position

COLUMNS = (
    "id", "number", "result_id", "learner_id", "name_index", "sealed_name", "masked_name", "certificate_type_id",
    "type_code", "level", "standard_version", "teo_id", "college_id", "issued_on", "entered_at", "entry_due_on",
    "entered_late", "credential", "published_at", "status_list", "status_index", "source", "foreign_number", "sitting_id",
)  # fmt: skip
_TEO_ID, _TYPE_ID, _TYPE_CODE, _ISSUED_ON, _ENTERED_AT, _ENTERED_LATE, _CREDENTIAL = (
    COLUMNS.index(name)
    for name in ("teo_id", "certificate_type_id", "type_code", "issued_on", "entered_at", "entered_late", "credential")
)
MAX_TRIES = 5
Pass = Heard[ResultPublished]


class NoRoomForNumbers(Exception):
    """Number after number was taken: the source of randomness is broken, and nothing may be issued."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What issuing works with in this process. `public_url` is signed into every credential."""

    vault: Vault
    public_url: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Who gets a certificate, and of what. The name is in the clear: it is sealed, masked and hashed, and not kept."""

    result_id: uuid.UUID
    learner_id: uuid.UUID
    name: str
    certificate_type_id: uuid.UUID
    level: str
    standard_version: str
    teo_id: uuid.UUID
    college_id: uuid.UUID | None
    published_at: datetime
    source: str = "platform"
    foreign_number: str | None = None
    sitting_id: uuid.UUID | None = None
    cause: Heard[Any] | None = None
    """What was heard of it: what is said of its certificate carries on that trace."""


def issue(session: UnitOfWork, desk: Desk, heard: Sequence[Pass]) -> None:
    """PP-22: issue one certificate for each pass that has none. Raises NotYetKnown, NotTheTypesTeo (PP-18).

    OP-41: none for what a TEO published from its exit on.
    """
    # In the order of the results' ids, so that two workers with the same results wait for each other, never deadlock.
    earned = {one.event.result_id: one for one in heard if rules.earns_certificate(one.event.passed)}
    for _ in range(MAX_TRIES):
        passes = _without_certificate(session, [earned[result_id] for result_id in in_order(earned)])
        if not passes:
            return
        issuers = Issuers(session, desk.vault, desk.public_url, [one.event for one in passes])
        passes = _not_annulled(session, _before_exits(session, issuers, passes))
        if not passes or certify(session, desk, issuers, [_subject(desk, one) for one in passes]):
            return
    raise NoRoomForNumbers()


def certify(session: UnitOfWork, desk: Desk, issuers: Issuers, subjects: Sequence[Subject]) -> bool:
    """Steps 3 to 8 for subjects that steps 1 and 2 have let pass; raises as `issue` does.

    False, with nothing of it left, where a number or a result was there already: who calls begins again from step 1.
    """
    rows = _record(session, _make(session, desk, issuers, subjects))
    if rows is None:
        return False
    tally.entered(session, [(row[_TEO_ID], row[_TYPE_ID], row[_ISSUED_ON], row[_ENTERED_LATE]) for row in rows])
    log.wait(session, (logged(desk, row[0], row[_CREDENTIAL], row[_TEO_ID], row[_ENTERED_AT]) for row in rows))
    for one, row in zip(subjects, rows, strict=True):
        outbox.append(session, _issued(desk, one, row), cause=one.cause)
    return True


def _without_certificate(session: UnitOfWork, passes: Sequence[Pass]) -> list[Pass]:
    """Step 1."""
    have = queries.certified(session, [one.event.result_id for one in passes])
    return [one for one in passes if one.event.result_id not in have]


def _before_exits(session: UnitOfWork, issuers: Issuers, passes: list[Pass]) -> list[Pass]:
    """Step 2: the passes without those that were published from their TEO's exit on, which are noted (OP-41)."""
    if not issuers.exits:
        return passes
    exits.refuse(session, [one.event for one in passes if issuers.comes_after_exit(one.event)], issuers.exits)
    return [one for one in passes if not issuers.comes_after_exit(one.event)]


def _not_annulled(session: UnitOfWork, passes: list[Pass]) -> list[Pass]:
    """Step 2: the passes without those of which we have heard that they were annulled."""
    annulled = annulments.among(session, [one.event.result_id for one in passes])
    return [one for one in passes if one.event.result_id not in annulled] if annulled else passes


def _subject(desk: Desk, one: Pass) -> Subject:
    """A pass's subject. The document's number is opened with the name and not kept."""
    said = one.event
    return Subject(
        result_id=said.result_id,
        learner_id=said.learner_id,
        name=desk.vault.open_person(said.sealed_person)["name"],
        certificate_type_id=said.certificate_type_id,
        level=said.level,
        standard_version=said.standard_version,
        teo_id=said.teo_id,
        college_id=said.college_id,
        published_at=said.published_at,
        sitting_id=said.sitting_id,
        cause=one,
    )


def _make(session: UnitOfWork, desk: Desk, issuers: Issuers, subjects: Sequence[Subject]) -> Iterator[tuple[Any, ...]]:
    """Steps 3, 4 and 5: the rows of these subjects in their order, in the order of COLUMNS.

    All that the database is asked for, it is asked here; the rows are made one by one as they are taken.
    """
    days = [clock.beijing_day(one.published_at) for one in subjects]
    codes = [issuers.type_of(one).code for one in subjects]
    drawn = _draw(subjects, days, codes)
    bits = positions.draw(session, desk.vault, len(subjects))
    now, clocks = clock.now(), Clocks(calendars.in_force(session))
    names, today = [one.name for one in subjects], clock.beijing_day(now)
    indexes, sealed = name_indexes(desk.vault, names), seal_names(desk.vault, names)

    def row(at: int, one: Subject) -> tuple[Any, ...]:
        number, bit = drawn[at], bits[at]
        credential = signed(desk, issuers, one, number, bit, now)
        due_on, late = clocks.judge(days[at], today)
        return (
            new_id(), number, one.result_id, one.learner_id, indexes[at], sealed[at], mask_name(one.name),
            one.certificate_type_id, codes[at], one.level, one.standard_version, one.teo_id, one.college_id, days[at],
            now, due_on, late, credential, one.published_at, bit.list, bit.index, one.source,
            one.foreign_number, one.sitting_id,
        )  # fmt: skip

    return (row(at, one) for at, one in enumerate(subjects))


def _draw(subjects: Sequence[Subject], days: Sequence[date], codes: Sequence[str]) -> list[str]:
    """Step 3: a number for each subject, drawn together where year, type and level are the same."""
    alike = [
        (day.year, code, rules.LEVEL_DIGIT[one.level]) for one, day, code in zip(subjects, days, codes, strict=True)
    ]
    drawn = {kind: iter(numbers.draw_many(count, *kind)) for kind, count in Counter(alike).items()}
    return [next(drawn[kind]) for kind in alike]


def signed(desk: Desk, issuers: Issuers, one: Subject, number: str, bit: Position, now: datetime) -> bytes:
    """Steps 4 and 5: the credential of one certificate."""
    return issuers.mould(one).credential(
        url=credential_url(desk.public_url, number),
        holder_name=one.name,
        issued_at=one.published_at,
        created=now,
        status=bit,
        license_number=one.foreign_number,
    )


def _record(session: UnitOfWork, rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]] | None:
    """Step 6: the rows, all of which are in; None, with none of them in, where a number or a result was there already.

    Each row goes to PostgreSQL as it is made, so that it writes the ones before meanwhile.
    """
    made: list[tuple[Any, ...]] = []

    def kept() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            made.append(row)
            yield row

    try:
        with session.begin_nested():
            copy_in(session, "certificate", COLUMNS, kept(), as_bytes=("credential",))
    except IntegrityError as error:
        if not isinstance(error.orig, UniqueViolation):
            raise
        return None
    return made


def logged(
    desk: Desk, certificate_id: uuid.UUID, credential: bytes, teo_id: uuid.UUID, at: datetime
) -> tuple[uuid.UUID, bytes]:
    """Step 7: the entry of an issue, as the log takes it."""
    digest = entries.digest_of(credential)
    return certificate_id, entries.entry("issued", digest, issuer_did(desk.public_url, teo_id), at)


def _issued(desk: Desk, one: Subject, row: tuple[Any, ...]) -> CertificateIssued:
    """Step 8: what is said of a certificate. It names no person."""
    certificate_id, number = row[0], row[1]
    return CertificateIssued(
        certificate_id=certificate_id,
        number=number,
        result_id=one.result_id,
        learner_id=one.learner_id,
        certificate_type_id=one.certificate_type_id,
        certificate_type_code=row[_TYPE_CODE],
        level=one.level,  # type: ignore[arg-type]
        standard_version=one.standard_version,
        teo_id=one.teo_id,
        college_id=one.college_id,
        issued_on=row[_ISSUED_ON],
        entered_at=row[_ENTERED_AT],
        credential_url=credential_url(desk.public_url, number),
    )
