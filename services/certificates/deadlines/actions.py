"""Certificates are judged by the calendar as it stands (OP-32), and judged again when it changes.

It is not kept by which calendar a certificate was judged. The days on which certificates were issued are walked through, and
where one has a due day that is not the calendar's, its certificates are judged again, some thousand a transaction. So it
does not matter when the calendar changed, how often, in the middle of which batch, or whether this was done before.
"""

from collections import Counter
from datetime import date

from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.database import UnitOfWork
from services.certificates.deadlines import calendars, tally
from services.certificates.deadlines.clocks import Clocks
from services.certificates.deadlines.rules import ENTRY_WORKING_DAYS

STEP = 5_000
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('onex.deadlines.judge'))")
# A loose walk: some steps down an index for each day of issue, however many certificates it has.
_DAYS = text(
    """
    WITH RECURSIVE day (issued_on) AS (
        SELECT min(issued_on) FROM certificate
        UNION ALL
        SELECT (SELECT min(issued_on) FROM certificate WHERE certificate.issued_on > day.issued_on)
        FROM day WHERE day.issued_on IS NOT NULL
    )
    SELECT day.issued_on, due.first, due.last, EXISTS (
        SELECT FROM certificate WHERE certificate.issued_on = day.issued_on AND entry_due_on IS NULL
    ) AS open
    FROM day CROSS JOIN LATERAL (
        SELECT min(entry_due_on) AS first, max(entry_due_on) AS last
        FROM certificate WHERE certificate.issued_on = day.issued_on
    ) AS due WHERE day.issued_on IS NOT NULL ORDER BY day.issued_on
    """
)
_OTHERWISE = ("entry_due_on < :due_on", "entry_due_on > :due_on", "entry_due_on IS NULL")
_JUDGE = """
    WITH taken AS (
        SELECT id, entered_late FROM ({otherwise}) AS wrong LIMIT :step
    ), judged AS (
        UPDATE certificate SET entry_due_on = :due_on, entered_late = {late}
        FROM taken WHERE certificate.id = taken.id
        RETURNING teo_id, certificate_type_id, replaces, taken.entered_late AS before, certificate.entered_late AS after
    )
    SELECT teo_id, certificate_type_id, before, after, count(*) FILTER (WHERE replaces IS NULL) AS number
    FROM judged GROUP BY 1, 2, 3, 4
"""
_ENTERED_ON = "(entered_at AT TIME ZONE 'Asia/Shanghai')::date"


def judge_again(session: UnitOfWork) -> bool:
    """OP-32: judge up to STEP certificates of the first day of issue that is not judged as the calendar has it.

    Whether there was one: then there may be more.
    """
    session.execute(_ONE_AT_A_TIME)
    clocks = Clocks(calendars.in_force(session))
    for day in session.execute(_DAYS):
        due_on = clocks.due_on(day.issued_on)
        if day.first != due_on or day.last != due_on or (day.open and due_on is not None):
            _judge(session, day.issued_on, due_on)
            return True
    return False


def settle_calendar(session: UnitOfWork) -> bool:
    """Judge some certificates by a notice that was entered; once none is left, say so in the notice."""
    notices = calendars.unsettled(session)
    if not notices:
        return False
    if judge_again(session):
        return True
    for notice in notices:
        notice.settled_at = clock.now()
    session.flush()
    return False


def _judge(session: UnitOfWork, issued_on: date, due_on: date | None) -> None:
    if due_on is None:
        wrong = ["entry_due_on IS NOT NULL"]
        late = f"CASE WHEN {_ENTERED_ON} - :issued_on <= {ENTRY_WORKING_DAYS} THEN false END"
    else:
        wrong, late = list(_OTHERWISE), f"{_ENTERED_ON} > :due_on"
    # Apart, as each of them is a range of the index.
    otherwise = " UNION ALL ".join(
        f"(SELECT id, entered_late FROM certificate WHERE issued_on = :issued_on AND {one} LIMIT :step)"
        for one in wrong
    )
    statement = text(_JUDGE.format(otherwise=otherwise, late=late))
    counts: Counter[tuple[object, object, int]] = Counter()
    for row in session.execute(statement, {"issued_on": issued_on, "due_on": due_on, "step": STEP}):
        counts[row.teo_id, row.certificate_type_id, tally.place_of(row.before)] -= row.number
        counts[row.teo_id, row.certificate_type_id, tally.place_of(row.after)] += row.number
    ones = {(teo_id, type_id) for teo_id, type_id, _ in counts}
    month = issued_on.replace(day=1)
    parts = [(*one, month, *(counts[*one, place] for place in range(3))) for one in ones]
    tally.add(session, [part for part in parts if any(part[3:])])  # type: ignore[misc]
