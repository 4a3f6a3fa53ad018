"""A certificate is suspended, valid again, revoked or replaced: what that does to its credit (PP-23, PP-45).

What is heard is kept in its newest version, in whatever order it comes, and then the credit is *settled*: made what the
certificate's standing now asks for. Settling looks at what is there and does what is missing, so it may be done at any time and
any number of times. It is done when a standing is heard, and when a certificate is booked whose standing was heard before.

A replaced certificate is followed to the one that stands in its place now: that one's standing counts, for the deposit of the
one that was issued first.

Whoever books certificates shares a lock for the transaction (`share`), whoever hears standings holds it alone. Otherwise one
might find no deposit yet, the other no standing yet, and a revoked certificate would keep its credit.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from onex.chassis import clock
from onex.chassis.database import UnitOfWork, copy_in, in_order, uuid_array
from onex.chassis.ids import new_id, new_ids
from onex.contracts.certificates import CertificateStandingChanged
from onex.messaging.heard import Heard
from services.creditbank.accounts import actions as accounts
from services.creditbank.ledger import journals, rules
from services.creditbank.ledger.standing_models import CertificateStanding

_LOCK = "hashtextextended('creditbank certificate standings', 0)"
_SHARED = text(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")
_ALONE = text(f"SELECT pg_advisory_xact_lock({_LOCK})")
_KNOWN = text("SELECT id FROM certificate_standing WHERE id = ANY(CAST(:ids AS uuid[]))")
_BEFORE = text(
    "WITH RECURSIVE before AS (SELECT unnest(CAST(:ids AS uuid[])) AS id UNION"
    " SELECT one.id FROM certificate_standing AS one JOIN before ON one.successor_id = before.id) SELECT id FROM before"
)
CURRENT = """
    WITH RECURSIVE chain AS (
        SELECT id AS first_id, id, number, standing, reason, successor_id, successor_number, changed_at, 0 AS step
        FROM certificate_standing WHERE {those}
        UNION ALL
        SELECT chain.first_id, next.id, next.number, next.standing, next.reason, next.successor_id, next.successor_number,
            next.changed_at, chain.step + 1
        FROM chain JOIN certificate_standing AS next ON next.id = chain.successor_id
    ) CYCLE id SET came_round USING way, current AS (
        SELECT DISTINCT ON (first_id) first_id, COALESCE(successor_id, id) AS bearer_id,
            COALESCE(successor_number, number) AS bearer_number, changed_at, reason,
            CASE standing WHEN 'replaced' THEN 'valid' ELSE standing END AS standing
        FROM chain WHERE NOT came_round ORDER BY first_id, step DESC
    )
"""
"""SQL: `current`, one row for each of `those` standings: who bears its credit now, and how that one stands."""
_CURRENT = text(CURRENT.format(those="id = ANY(CAST(:ids AS uuid[]))") + "SELECT * FROM current ORDER BY first_id")
_WAITING = (
    "certificate_id, learner_id, number, certificate_type_id, certificate_type_code, level, standard_version, issued_on,"
    " event_id, traceparent"
)
_WITHHOLD = text(
    f"WITH gone AS (DELETE FROM waiting_certificate WHERE certificate_id = ANY(CAST(:ids AS uuid[])) RETURNING {_WAITING})"
    f" INSERT INTO withheld_certificate ({_WAITING}) SELECT {_WAITING} FROM gone ON CONFLICT (certificate_id) DO NOTHING"
)
_HOLD = text(
    "INSERT INTO hold (id, certificate_id, learner_id, credit_hundredths, placed_at)"
    " SELECT one.hold_id, deposit.certificate_id, deposit.learner_id, deposit.credit_hundredths, :now"
    " FROM unnest(CAST(:hold_ids AS uuid[]), CAST(:ids AS uuid[])) AS one (hold_id, id)"
    " JOIN deposit ON deposit.certificate_id = one.id"
    " WHERE NOT EXISTS (SELECT FROM reversal WHERE reversal.certificate_id = one.id)"
    " ON CONFLICT (certificate_id) WHERE released_at IS NULL DO NOTHING"
)
_RELEASE = text(
    "UPDATE hold SET released_at = :now WHERE certificate_id = ANY(CAST(:ids AS uuid[])) AND released_at IS NULL"
)
_TO_REVERSE = text(
    "SELECT certificate_id, learner_id, certificate_type_id, credit_hundredths FROM deposit"
    " WHERE certificate_id = ANY(CAST(:ids AS uuid[]))"
    " AND NOT EXISTS (SELECT FROM reversal WHERE reversal.certificate_id = deposit.certificate_id) ORDER BY certificate_id"
)
_BEAR = text(
    "INSERT INTO bearer (certificate_id, bearer_id, bearer_number, since)"
    " SELECT one.* FROM unnest(CAST(:ids AS uuid[]), CAST(:bearers AS uuid[]), CAST(:numbers AS text[]),"
    " CAST(:since AS timestamptz[])) AS one (id, bearer_id, bearer_number, since)"
    " JOIN deposit ON deposit.certificate_id = one.id"
    " ON CONFLICT (certificate_id) DO UPDATE SET bearer_id = excluded.bearer_id, bearer_number = excluded.bearer_number,"
    " since = excluded.since WHERE bearer.bearer_id <> excluded.bearer_id"
)


class Current(NamedTuple):
    """How the credit of the certificate that was issued first stands now, and under which number."""

    first_id: uuid.UUID
    bearer_id: uuid.UUID
    bearer_number: str
    changed_at: datetime
    reason: str
    standing: str


def hear(session: UnitOfWork, heard: Sequence[Heard[CertificateStandingChanged]]) -> None:
    """Keep the newest of each, and settle the credit of all that they concern."""
    session.execute(_ALONE)
    keep(session, heard)
    ids = uuid_array(one.event.certificate_id for one in heard)
    settle(session, session.scalars(_BEFORE, {"ids": ids}).all())


def keep(session: UnitOfWork, heard: Sequence[Heard[CertificateStandingChanged]]) -> None:
    """Keep each certificate's standing as its highest version says."""
    newest: dict[uuid.UUID, CertificateStandingChanged] = {}
    for event in sorted((one.event for one in heard), key=lambda event: event.certificate_version):
        newest[event.certificate_id] = event
    rows = [
        {
            "id": one,
            "version": newest[one].certificate_version,
            "number": newest[one].number,
            "standing": newest[one].standing,
            "reason": newest[one].reason,
            "successor_id": newest[one].successor_id,
            "successor_number": newest[one].successor_number,
            "changed_at": newest[one].changed_at,
        }
        for one in in_order(newest)
    ]
    statement = insert(CertificateStanding).values(rows)
    news = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    newer = statement.excluded.version > CertificateStanding.version
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=news, where=newer))


def share(session: UnitOfWork) -> None:
    """Let nobody settle standings until this transaction, which books certificates, has ended."""
    session.execute(_SHARED)


def known(session: UnitOfWork, certificate_ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Those of the certificates whose standing ever changed: nearly always none, found by the primary key."""
    return list(session.scalars(_KNOWN, {"ids": uuid_array(certificate_ids)}))


def revoked(session: UnitOfWork, certificate_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the certificates that are revoked, or whose successor is."""
    current = _current(session, certificate_ids)
    return {one.first_id for one in current if rules.consequence(one.standing) is rules.Consequence.REVERSED}


def settle(session: UnitOfWork, certificate_ids: Sequence[uuid.UUID]) -> None:
    """Make the credit of these certificates, as far as it is booked or waits, what their standing asks for."""
    if not certificate_ids:
        return
    now = clock.now()
    current = _current(session, certificate_ids)
    by_consequence: dict[rules.Consequence, list[Current]] = {one: [] for one in rules.Consequence}
    for one in current:
        by_consequence[rules.consequence(one.standing)].append(one)
    held, undone = by_consequence[rules.Consequence.HELD], by_consequence[rules.Consequence.REVERSED]
    free = [one.first_id for one in current if rules.consequence(one.standing) is not rules.Consequence.HELD]
    if free:
        session.execute(_RELEASE, {"now": now, "ids": uuid_array(free)})
    if held:
        ids = [one.first_id for one in held]
        values = {"now": now, "hold_ids": uuid_array(new_ids(len(ids))), "ids": uuid_array(ids)}
        session.execute(_HOLD, values)
    if undone:
        session.execute(_WITHHOLD, {"ids": uuid_array(one.first_id for one in undone)})
        _reverse(session, {one.first_id: one.reason for one in undone}, now)
    _point(session, [one for one in current if one.bearer_id != one.first_id])


def _current(session: UnitOfWork, certificate_ids: Sequence[uuid.UUID]) -> list[Current]:
    return [Current(*row) for row in session.execute(_CURRENT, {"ids": uuid_array(certificate_ids)})]


def _reverse(session: UnitOfWork, reasons: dict[uuid.UUID, str], now: datetime) -> None:
    """Book what was deposited back to the account it came from: a journal of its own, once a certificate."""
    deposits = session.execute(_TO_REVERSE, {"ids": uuid_array(reasons)}).all()
    if not deposits:
        return
    issuance = accounts.ensure(session, "certificate_type_id", (one.certificate_type_id for one in deposits))
    learners = accounts.ensure(session, "learner_id", (one.learner_id for one in deposits))
    claimed = journals.claim(session, journals.CERTIFICATE_REVOKED, [one.certificate_id for one in deposits], now)
    entries: list[tuple[Any, ...]] = []
    reversals: list[tuple[Any, ...]] = []
    for one in deposits:
        if (journal_id := claimed.get(one.certificate_id)) is None:
            continue
        giving, taking = issuance[one.certificate_type_id], learners[one.learner_id]
        for amount in rules.reversal(giving, taking, one.credit_hundredths):
            entries.append((new_id(), journal_id, amount.account_id, amount.hundredths, now))
        reversals.append((one.certificate_id, journal_id, reasons[one.certificate_id], now))
    copy_in(session, "reversal", ("certificate_id", "journal_id", "reason", "reversed_at"), reversals)
    copy_in(session, "entry", journals.ENTRY_COLUMNS, entries)


def _point(session: UnitOfWork, replaced: Sequence[Current]) -> None:
    """Let deposits bear the number of the certificate that stands in place of theirs; no credit is added."""
    if replaced:
        session.execute(
            _BEAR,
            {
                "ids": uuid_array(one.first_id for one in replaced),
                "bearers": uuid_array(one.bearer_id for one in replaced),
                "numbers": [one.bearer_number for one in replaced],
                "since": [one.changed_at for one in replaced],
            },
        )
