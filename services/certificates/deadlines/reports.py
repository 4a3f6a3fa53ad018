"""OP-32: what is said of each TEO's timeliness, month by month of issue, and the same as metrics."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from onex.contracts.deadlines import TimelinessReported
from onex.messaging import outbox
from services.certificates.deadlines import calendars, metrics
from services.certificates.deadlines.clocks import Clocks
from services.certificates.deadlines.models import TimelinessReport

STEP = 500
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('onex.deadlines.report'))")
_MONTHS = text("SELECT DISTINCT month FROM entry_tally WHERE month < :this ORDER BY month")
_DIFFERING = text(
    """
    SELECT counted.*, COALESCE(said.version, 0) + 1 AS version FROM (
        SELECT teo_id, month, sum(on_time) AS on_time, sum(late) AS late, sum(unknown) AS unknown
        FROM entry_tally WHERE month = ANY(CAST(:months AS date[])) GROUP BY teo_id, month
    ) AS counted LEFT JOIN timeliness_report AS said USING (teo_id, month)
    WHERE (counted.on_time, counted.late, counted.unknown) IS DISTINCT FROM (said.on_time, said.late, said.unknown)
    ORDER BY month, teo_id LIMIT :step
    """
)
_COUNTS = text(
    """
    SELECT teo.code, COALESCE(counted.on_time, 0) AS on_time, COALESCE(counted.late, 0) AS late,
        COALESCE(counted.unknown, 0) AS unknown, COALESCE(broken.count, 0) AS breaches
    FROM teo LEFT JOIN (
        SELECT teo_id, sum(on_time) AS on_time, sum(late) AS late, sum(unknown) AS unknown FROM entry_tally GROUP BY teo_id
    ) AS counted ON counted.teo_id = teo.id LEFT JOIN (
        SELECT teo_id, count(*) AS count FROM breach WHERE stands GROUP BY teo_id
    ) AS broken ON broken.teo_id = teo.id
    """
)


def report(session: UnitOfWork) -> bool:
    """OP-32: say the counts of each TEO's months of which everything was due, where they are not those said last.

    Whether there may be more to say.
    """
    session.execute(_ONE_AT_A_TIME)
    clocks, today = Clocks(calendars.in_force(session)), clock.today()
    months = [one for one in session.scalars(_MONTHS, {"this": today.replace(day=1)}) if _is_due(one, today, clocks)]
    differing = session.execute(_DIFFERING, {"months": months, "step": STEP}).all()
    for one in differing:
        row: dict[str, Any] = {name: int(getattr(one, name)) for name in ("on_time", "late", "unknown")}
        row |= {"teo_id": one.teo_id, "month": one.month, "reported_at": clock.now()}
        saying = insert(TimelinessReport).values(row | {"version": one.version})
        again = {name: saying.excluded[name] for name in ("version", "on_time", "late", "unknown", "reported_at")}
        session.execute(saying.on_conflict_do_update(index_elements=["teo_id", "month"], set_=again))
        outbox.append(session, TimelinessReported(report_version=one.version, **row))
    return len(differing) == STEP


def show(session: Session) -> None:
    """Set the metrics of every TEO."""
    metrics.show(session.execute(_COUNTS))


def _is_due(month: date, today: date, clocks: Clocks) -> bool:
    last_day = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    due_on = clocks.due_on(last_day)
    return due_on is not None and due_on < today
