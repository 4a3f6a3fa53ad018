"""OP-32 watched: a warning before what is not on the platform is due, a breach on record once it is overdue or came too late.

Both are worked out anew each time from what is there, and only what differs is written down and said. So a turn that is run
twice says nothing twice, and a breach stands no more once a corrected calendar says that all of it was in time.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import insert as insert_or

from onex.chassis import clock
from onex.chassis.database import UnitOfWork, uuid_array
from onex.chassis.ids import new_id
from onex.contracts.deadlines import EntryBreached, EntryDueSoon
from onex.messaging import outbox
from services.certificates.deadlines import calendars
from services.certificates.deadlines.clocks import Clocks
from services.certificates.deadlines.models import Breach, EntryWarning
from services.certificates.deadlines.outstanding import Unit, close_complete, outstanding

STEP = 500
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('onex.deadlines.watch'))")
_DIFFERING = text(
    """
    WITH came_late AS (
        SELECT teo_id, certificate_type_id, issued_on, count(*) AS late, max(entry_due_on) AS due_on FROM certificate
        WHERE entered_late AND replaces IS NULL GROUP BY 1, 2, 3
    ), overdue AS (
        SELECT * FROM unnest(CAST(:teo_ids AS uuid[]), CAST(:type_ids AS uuid[]), CAST(:days AS date[]),
            CAST(:counts AS bigint[]), CAST(:due AS date[]))
            AS given (teo_id, certificate_type_id, issued_on, outstanding, due_on)
    ), seen AS (
        SELECT teo_id, certificate_type_id, issued_on, COALESCE(late, 0) AS late, COALESCE(outstanding, 0) AS outstanding,
            COALESCE(came_late.due_on, overdue.due_on) AS due_on
        FROM came_late FULL JOIN overdue USING (teo_id, certificate_type_id, issued_on)
    )
    SELECT breach.id, breach.version, teo_id, certificate_type_id, issued_on, COALESCE(seen.late, 0) AS late,
        COALESCE(seen.outstanding, 0) AS outstanding, seen.due_on
    FROM seen FULL JOIN breach USING (teo_id, certificate_type_id, issued_on)
    WHERE (COALESCE(seen.late, 0), COALESCE(seen.outstanding, 0), COALESCE(seen.due_on, breach.due_on))
        IS DISTINCT FROM (breach.late, breach.outstanding, breach.due_on)
    ORDER BY issued_on, teo_id, certificate_type_id LIMIT :step
    """
)
_CHANGE = text(
    "UPDATE breach SET version = :version, due_on = :due_on, late = :late, outstanding = :outstanding, stands = :stands,"
    " changed_at = :changed_at WHERE id = :id"
)


def watch(session: UnitOfWork) -> bool:
    """OP-32: warn of what is due soon, record what is breached, and correct records; whether there may be more to do."""
    session.execute(_ONE_AT_A_TIME)
    close_complete(session)
    clocks, today, missing = Clocks(calendars.in_force(session)), clock.today(), outstanding(session)
    due = {unit: due_on for unit in missing if (due_on := clocks.due_on(unit.issued_on)) is not None}
    soon = {unit: due_on for unit, due_on in due.items() if clocks.warning_is_due(today, due_on)}
    _warn(session, soon, missing)
    overdue = {unit: (missing[unit], due_on) for unit, due_on in due.items() if due_on < today}
    return _record(session, overdue, clocks)


def _warn(session: UnitOfWork, soon: Mapping[Unit, date], missing: Mapping[Unit, int]) -> None:
    """Once for each due day: a calendar that is corrected may give another."""
    for unit, due_on in sorted(soon.items()):
        row = unit._asdict() | {"due_on": due_on, "outstanding": missing[unit], "warned_at": clock.now()}
        warned = insert_or(EntryWarning).values(row | {"id": new_id()}).on_conflict_do_nothing()
        if session.scalar(warned.returning(EntryWarning.id)) is not None:
            outbox.append(session, EntryDueSoon(**row))


def _record(session: UnitOfWork, overdue: Mapping[Unit, tuple[int, date]], clocks: Clocks) -> bool:
    values = {
        "teo_ids": uuid_array(unit.teo_id for unit in overdue),
        "type_ids": uuid_array(unit.certificate_type_id for unit in overdue),
        "days": [unit.issued_on for unit in overdue],
        "counts": [count for count, _ in overdue.values()],
        "due": [due_on for _, due_on in overdue.values()],
    }
    differing = session.execute(_DIFFERING, values | {"step": STEP}).all()
    for one in differing:
        row = _row(one, clocks)
        if one.id is None:
            session.execute(insert(Breach).values(row | {"recorded_at": row["changed_at"]}))
        else:
            session.execute(_CHANGE, row)
        said = {name: value for name, value in row.items() if name not in ("id", "version")}
        outbox.append(session, EntryBreached(breach_id=row["id"], breach_version=row["version"], **said))
    return len(differing) == STEP


def _row(one: Any, clocks: Clocks) -> dict[str, Any]:
    return {
        "id": one.id or new_id(),
        "version": (one.version or 0) + 1,
        "teo_id": one.teo_id,
        "certificate_type_id": one.certificate_type_id,
        "issued_on": one.issued_on,
        "due_on": one.due_on or clocks.due_on(one.issued_on),
        "late": one.late,
        "outstanding": one.outstanding,
        "stands": bool(one.late or one.outstanding),
        "changed_at": clock.now(),
    }
