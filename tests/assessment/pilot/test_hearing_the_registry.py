"""Read models take only what is newer, whatever the order and however often it comes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis.ids import new_id
from onex.messaging.heard import Heard
from tests.assessment.world import agreement, certificate_type, organization, site
from tests.harness.service import Service, envelope

TABLES = ("organization", "agreement", "certificate_type", "site")
ONE, TEO, TYPE = new_id(), new_id(), new_id()


def later(event: Any, than: Heard[Any]) -> Heard[Any]:
    """The event, said a minute after another."""
    return Heard(new_id(), event, than.occurred_at + timedelta(minutes=1), than.traceparent)


def two_versions_of_each() -> list[tuple[Heard[Any], Heard[Any]]]:
    """Of each event an older and a newer one about the same subject."""
    signed = envelope(agreement(TEO))
    prolonged = agreement(TEO, last=date(2100, 12, 31))
    prolonged = type(prolonged)(
        agreement_id=signed.event.agreement_id,
        teo_id=TEO,
        in_force_from=prolonged.in_force_from,
        in_force_to=prolonged.in_force_to,
    )
    filed = envelope(site(ONE, "GD-1", new_id(), TEO, TYPE))
    return [
        (envelope(organization(ONE, "college", "1", 1)), envelope(organization(ONE, "college", "1", 2, "新名称"))),
        (signed, later(prolonged, signed)),
        (
            envelope(certificate_type(TYPE, TEO, "004", 1)),
            envelope(certificate_type(TYPE, TEO, "004", 2, ("advanced",))),
        ),
        (filed, later(site(ONE, "GD-2", filed.event.college_id, TEO, TYPE), filed)),
    ]


def held(service: Service) -> dict[str, list[Any]]:
    with service.database.session() as session:
        return {
            table: [tuple(row) for row in session.execute(text(f"SELECT * FROM {table} ORDER BY id"))]
            for table in (*TABLES, "outbox")
        }


@pytest.mark.parametrize("place", range(4), ids=TABLES)
def test_the_newer_version_stays_in_any_order_and_any_number(service: Callable[[str], Service], place: int) -> None:
    older, newer = two_versions_of_each()[place]
    assessment = service("assessment")

    def after(*batches: list[Heard[Any]]) -> dict[str, list[Any]]:
        assessment.clean()
        for batch in batches:
            assessment.hear(*batch)
        return held(assessment)

    in_order = after([older], [newer])
    assert in_order[TABLES[place]], "the event left a row"
    assert after([newer], [older]) == in_order
    assert after([older, newer]) == in_order
    assert after([newer, older]) == in_order
    assert after([older], [newer], [older], [newer, older]) == in_order
    assert after([older]) != in_order
