"""What may be shown together, and for how long."""

from datetime import UTC, datetime, timedelta

import pytest

from services.certificates.presentations import rules

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ALL = ["certificate_type", "level", "teo", "issued_on", "standard_version", "number", "name", "credential"]


@pytest.mark.rule("PP-45")
@pytest.mark.parametrize(
    "fields",
    [["certificate_type"], ["certificate_type", "masked_name"], ["certificate_type", "name", "level"], ALL, ALL[:-1]],
)
def test_a_holder_may_show(fields: list[str]) -> None:
    assert rules.why_not(fields) is None


@pytest.mark.rule("PP-45")
@pytest.mark.parametrize(
    "fields",
    [
        [],
        ["level"],
        ["certificate_type", "certificate_type"],
        ["certificate_type", "learner_id"],
        ["certificate_type", "name", "masked_name"],
        ["certificate_type", "credential"],
        *[[one for one in ALL if one != left_out] for left_out in ALL if left_out != "credential"],
        [*[one for one in ALL if one != "name"], "masked_name"],
    ],
)
def test_a_holder_may_not_show(fields: list[str]) -> None:
    assert rules.why_not(fields) is not None


@pytest.mark.rule("PP-45")
def test_a_link_ends_in_the_future_and_within_a_year() -> None:
    moment = timedelta(microseconds=1)
    assert [rules.ends_in_time(NOW + after, NOW) for after in (timedelta(0), moment, rules.LONGEST)] == [
        False, True, True,
    ]  # fmt: skip
    assert not rules.ends_in_time(NOW + rules.LONGEST + moment, NOW)


@pytest.mark.rule("PP-45")
def test_a_link_is_in_force_until_its_last_moment_unless_it_was_withdrawn() -> None:
    moment = timedelta(microseconds=1)
    assert rules.state(NOW, None, NOW - moment) == "in_force"
    assert rules.state(NOW, None, NOW) == "expired"
    assert rules.state(NOW + moment, NOW, NOW) == rules.state(NOW, NOW, NOW) == "withdrawn"
