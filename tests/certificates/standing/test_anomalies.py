"""Volumes and revocations that are out of line are shown to those who supervise (PP-17)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text

from services.certificates.standing import rules
from tests.certificates.standing.conftest import Office
from tests.harness.service import json_of

MARCH = date(2026, 3, 1)


def report(office: Office, who: str = "operator", month: str = "2026-03-15") -> list[dict[str, Any]]:
    answer = json_of(office.call(who, "GET", "/anomalies", query_string={"month": month}, expect=200))
    return list(answer["items"])


def counted(office: Office, *months: tuple[date, int]) -> None:
    """As if the TEO had issued so many certificates of its type in these months."""
    with office.service.database.transaction() as session:
        for month, count in months:
            values = {"teo": office.pilot.teo_id, "type": office.pilot.type_id, "month": month, "count": count}
            statement = (
                "INSERT INTO entry_tally (teo_id, certificate_type_id, month, on_time, late, unknown)"
                " VALUES (:teo, :type, :month, :count, 0, 0)"
            )
            session.execute(text(statement), values)


@pytest.mark.rule("PP-17")
def test_a_month_is_shown_with_what_was_issued_and_what_became_of_it(office: Office) -> None:
    numbers = [office.certificate(f"考生{at}") for at in range(5)]
    office.certificate("李四", published_at=datetime(2026, 2, 3, tzinfo=UTC))
    for number, way in zip(numbers, (("suspend",), ("suspend", "reinstate"), ("revoke",), ("replace",)), strict=False):
        for kind in way:
            office.change(kind, number)
    (row,) = report(office)
    assert (row["teo_id"], row["certificate_type_id"]) == (str(office.pilot.teo_id), str(office.pilot.type_id))
    assert (row["month"], row["issued"], row["usual"], row["months"]) == ("2026-03-01", 5, 1.0, 1)
    assert (row["suspended"], row["revoked"], row["replaced"]) == (1, 1, 1)
    assert not row["volume_out_of_line"]
    assert not row["revocations_out_of_line"]
    assert [one["issued"] for one in report(office, month="2026-02-28")] == [1]
    assert report(office, month="2026-04-01") == []


@pytest.mark.rule("PP-17")
def test_a_teo_that_issues_four_times_the_usual_is_out_of_line(office: Office) -> None:
    earlier = [(date(2025, 12, 1), 90), (date(2026, 1, 1), 110), (date(2026, 2, 1), 100)]
    counted(office, *earlier, (MARCH, 200), (MARCH, 200))
    (row,) = report(office)
    assert (row["issued"], row["usual"], row["months"], row["volume_out_of_line"]) == (400, 100.0, 3, True)
    assert report(office, "teo") == [row]
    assert report(office, "other_teo") == []
    assert office.call("college", "GET", "/anomalies").status_code == 403


@pytest.mark.rule("PP-17")
@pytest.mark.parametrize(
    ("issued", "usual", "months", "out"),
    [(301, 100, 3, True), (300, 100, 3, False), (301, 100, 2, False), (30, 9, 12, True), (29, 1, 12, False)],
)
def test_when_a_volume_is_out_of_line(issued: int, usual: float, months: int, out: bool) -> None:
    assert rules.volume_is_out_of_line(issued, usual, months) is out


@pytest.mark.rule("PP-17")
@pytest.mark.parametrize(
    ("issued", "revoked", "out"), [(100, 6, True), (100, 5, False), (29, 29, False), (30, 2, True)]
)
def test_when_revocations_are_out_of_line(issued: int, revoked: int, out: bool) -> None:
    assert rules.revocations_are_out_of_line(issued, revoked) is out
