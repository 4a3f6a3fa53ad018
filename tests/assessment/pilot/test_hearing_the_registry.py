"""Read models take only what is newer, whatever the order and however often it comes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis.ids import new_id
from onex.contracts.pilot import FeeCeilingPublished, SiteStandingChanged
from onex.contracts.registry import SiteFiled
from onex.messaging.heard import Heard
from tests.assessment.world import agreement, certificate_type, exited, fee, organization, quota, site
from tests.harness.service import Service, envelope

TABLES = (
    "organization", "agreement", "certificate_type", "site", "site standing", "quota", "fee_ceiling", "fee_agreement",
)  # fmt: skip
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
    seats = quota(ONE, TYPE, "primary", 5)
    ceiling = FeeCeilingPublished(
        fee_ceiling_id=ONE, certificate_type_id=TYPE, level="primary", ceiling_version=1, amount_fen=1,
        in_force_from=date(2026, 1, 1),
    )  # fmt: skip
    agreed = envelope(fee(TEO, ONE, TYPE, "primary"))
    filed = envelope(site(ONE, "GD-1", new_id(), TEO, TYPE))
    return [
        (envelope(organization(ONE, "college", "1", 1)), envelope(organization(ONE, "college", "1", 2, "新名称"))),
        (signed, later(prolonged, signed)),
        (
            envelope(certificate_type(TYPE, TEO, "004", 1)),
            envelope(certificate_type(TYPE, TEO, "004", 2, ("advanced",))),
        ),
        (filed, later(site(ONE, "GD-2", filed.event.college_id, TEO, TYPE), filed)),
        (envelope(standing(filed.event, 2, "suspended")), envelope(standing(filed.event, 3, "filed"))),
        (envelope(seats), envelope(replace(seats, quota_version=2, seats=7))),
        (envelope(ceiling), envelope(replace(ceiling, ceiling_version=2, amount_fen=2))),
        (agreed, later(replace(agreed.event, in_force_to=date(2026, 1, 1)), agreed)),
    ]


def standing(filed: SiteFiled, version: int, as_: Any) -> SiteStandingChanged:
    return SiteStandingChanged(
        site_id=filed.site_id, site_version=version, standing=as_, code=filed.code, college_id=filed.college_id,
        teo_id=filed.teo_id, certificate_type_id=filed.certificate_type_id, division_code=filed.division_code,
        changed_at=filed.filed_at,
    )  # fmt: skip


def held(service: Service) -> dict[str, list[Any]]:
    with service.database.session() as session:
        return {
            table: [tuple(row) for row in session.execute(text(f"SELECT * FROM {table} ORDER BY id"))]
            for table in (*(set(TABLES) - {"site standing"}), "exited_organization", "outbox")
        }


@pytest.mark.parametrize("place", range(len(TABLES)), ids=TABLES)
def test_the_newer_version_stays_in_any_order_and_any_number(service: Callable[[str], Service], place: int) -> None:
    older, newer = two_versions_of_each()[place]
    assessment = service("assessment")

    def after(*batches: list[Heard[Any]]) -> dict[str, list[Any]]:
        assessment.clean()
        for batch in batches:
            assessment.hear(*batch)
        return held(assessment)

    in_order = after([older], [newer])
    assert in_order[TABLES[place].split()[0]], "the event left a row"
    assert after([newer], [older]) == in_order
    assert after([older, newer]) == in_order
    assert after([newer, older]) == in_order
    assert after([older], [newer], [older], [newer, older]) == in_order
    assert after([older]) != in_order


def test_a_site_that_is_filed_again_does_not_undo_its_later_standing(service: Callable[[str], Service]) -> None:
    assessment = service("assessment")
    filed = site(ONE, "GD-1", new_id(), TEO, TYPE)
    closed = standing(filed, 3, "closed")
    assessment.hear(closed)
    assessment.hear(filed)
    assessment.hear(standing(filed, 2, "suspended"))
    (row,) = held(assessment)["site"]
    assert "closed" in row


def test_an_exit_is_kept_once_whoever_is_told_again(service: Callable[[str], Service]) -> None:
    assessment = service("assessment")
    events = [exited(ONE, "college"), exited(TEO, "teo")]
    heard = assessment.hear(*events)
    before = held(assessment)
    assessment.hear(*reversed(heard))
    assessment.hear(*events)  # under new ids
    assert held(assessment) == before
    assert len(before["exited_organization"]) == 2
