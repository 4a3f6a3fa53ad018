"""Monitoring points: drawn for a certificate type, and replaced one by one (OP-38)."""

import secrets
import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError

from onex.chassis import clock
from onex.chassis.access import Caller
from onex.chassis.database import UnitOfWork
from services.registry.inspections import draw, queries, rules
from services.registry.inspections.errors import PointsDrawn
from services.registry.inspections.models import MonitoringDraw, MonitoringPoint
from services.registry.inspections.rules import POINT
from services.registry.standards import queries as standards


def draw_points(session: UnitOfWork, body: dict[str, Any], *, by: Caller) -> MonitoringDraw:
    """OP-38: draw about ten of the colleges with a filed site of the type, spread over the provinces."""
    certificate_type = standards.type_named(session, body["certificate_type_id"])
    if queries.has_points(session, certificate_type.id):
        raise PointsDrawn()
    strata = queries.colleges_with_site(session, certificate_type.id)
    count = rules.how_many_points(body["count"], sum(map(len, strata.values())))
    made = MonitoringDraw(
        certificate_type_id=certificate_type.id,
        seed=body["seed"] or secrets.token_hex(draw.SEED_BYTES),
        count=body["count"],
        candidates=strata,
        candidates_digest=digest(strata),
        drawn_by=by.client_id,
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError:  # another request was faster
        raise PointsDrawn() from None
    province_of = {college: province for province, colleges in strata.items() for college in colleges}
    for college_id in order(made)[:count]:
        session.add(_point(made, college_id, province_of[college_id]))
    session.flush()
    session.refresh(made)
    return made


def replace(session: UnitOfWork, point_id: uuid.UUID, because: str, *, by: Caller) -> MonitoringPoint:
    """OP-38: end a point for a reason; the next of the drawn order takes its place, of its own province if there is one.

    Who has no filed site of the type any more, or is or was a point, is passed over.
    """
    point = queries.point_to_change(session, point_id)
    drawn = queries.monitoring_draw(session, point.draw_id, lock=True)  # one replacement at a time
    point.state = POINT.after(point.state, "end")
    point.ended_by, point.ended_at, point.ended_because = by.client_id, clock.now(), because
    able = queries.colleges_with_site(session, point.certificate_type_id)
    taken = {str(one.college_id) for one in queries.points_of(session, point.certificate_type_id)}
    province_of = {college: province for province, colleges in able.items() for college in colleges}
    waiting = [college for college in order(drawn) if college in province_of]
    waiting.sort(key=lambda college: province_of[college] != point.province_code)  # among equals the drawn order stays
    college_id = rules.first_not_a_point(waiting, taken)
    made = _point(drawn, college_id, province_of[college_id])
    made.replaces_id = point.id
    session.add(made)
    session.flush()
    session.refresh(made)
    return made


def order(drawn: MonitoringDraw) -> list[str]:
    """All candidates of a draw in the order in which they are drawn."""
    context = draw.context_of(drawn.candidates_digest, draw.digest_of(()), "")
    everyone = sum(map(len, drawn.candidates.values()))
    return draw.spread(bytes.fromhex(drawn.seed), context, drawn.candidates, everyone)


def digest(strata: dict[str, list[str]]) -> str:
    """The digest of candidates by province: of lines with the province's code, a space and the college's id."""
    return draw.digest_of(f"{province} {college}" for province, colleges in strata.items() for college in colleges)


def _point(drawn: MonitoringDraw, college_id: str, province_code: str) -> MonitoringPoint:
    return MonitoringPoint(
        draw_id=drawn.id,
        certificate_type_id=drawn.certificate_type_id,
        college_id=uuid.UUID(college_id),
        province_code=province_code,
        state=rules.WATCHED,
    )
