"""Periods by the calendar, due days, and which three weeks are looked at when."""

from datetime import date, timedelta

import pytest

from onex.chassis import clock
from services.registry.reports import errors, periods, rules
from services.registry.reports.periods import Period


@pytest.mark.rule("OP-06")
@pytest.mark.parametrize(
    ("unit", "name", "begins_on", "ends_on"),
    [
        ("week", "2026-W10", "2026-03-02", "2026-03-08"),
        ("week", "2026-W01", "2025-12-29", "2026-01-04"),
        ("week", "2026-W53", "2026-12-28", "2027-01-03"),
        ("month", "2026-02", "2026-02-01", "2026-02-28"),
        ("month", "2028-02", "2028-02-01", "2028-02-29"),
        ("month", "2026-12", "2026-12-01", "2026-12-31"),
        ("quarter", "2026-Q1", "2026-01-01", "2026-03-31"),
        ("quarter", "2026-Q4", "2026-10-01", "2026-12-31"),
    ],
)
def test_a_period_has_its_first_and_last_day(unit: str, name: str, begins_on: str, ends_on: str) -> None:
    assert periods.read(unit, name) == Period(name, date.fromisoformat(begins_on), date.fromisoformat(ends_on))


@pytest.mark.rule("OP-06")
@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("week", "2025-W53"),  # a year of 52 weeks
        ("week", "2026-W00"),
        ("week", "2026-W1"),
        ("week", "2026-03"),
        ("month", "2026-13"),
        ("month", "2026-00"),
        ("month", "２０２６-03"),
        ("quarter", "2026-Q5"),
        ("week", "1999-W10"),
        ("week", "2026-W10\n"),
    ],
)
def test_what_is_no_period_is_refused(unit: str, name: str) -> None:
    with pytest.raises(errors.PeriodUnreadable):
        periods.read(unit, name)


@pytest.mark.rule("OP-06")
def test_every_day_lies_in_the_week_that_is_read_back_by_its_name() -> None:
    for number in range(3 * 366):
        day = date(2024, 1, 1) + timedelta(days=number)
        week = periods.week(day)
        assert week.begins_on <= day <= week.ends_on
        assert (week.begins_on.weekday(), week.ends_on.weekday()) == (0, 6)
        assert periods.read("week", week.name) == week


@pytest.mark.rule("OP-06")
@pytest.mark.parametrize(
    ("grace_days", "sent_on", "late"),
    [(0, "2026-03-08", False), (0, "2026-03-09", True), (2, "2026-03-10", False), (2, "2026-03-11", True)],
)
def test_a_report_of_the_due_day_is_in_time_and_of_the_next_day_late(grace_days: int, sent_on: str, late: bool) -> None:
    due_on = periods.read("week", "2026-W10").due_on(grace_days)
    assert rules.is_late(date.fromisoformat(sent_on), due_on) is late


@pytest.mark.rule("OP-06")
def test_a_period_is_reported_on_once_it_has_begun_and_not_from_before_joining() -> None:
    week = periods.read("week", "2026-W10")
    rules.check_period(week, date(2026, 3, 8), date(2026, 3, 2))
    with pytest.raises(errors.PeriodNotBegun):
        rules.check_period(week, None, date(2026, 3, 1))
    with pytest.raises(errors.PeriodBeforeJoining):
        rules.check_period(week, date(2026, 3, 9), date(2026, 3, 30))


@pytest.mark.rule("OP-06")
def test_each_kind_of_organization_sends_its_kind_of_report() -> None:
    rules.check_sender("college", "college")
    with pytest.raises(errors.ReportNotOfYours):
        rules.check_sender("teo", "college")


@pytest.mark.rule("OP-06")
def test_the_sections_a_kind_asks_for_are_not_empty() -> None:
    rules.check_sections(["progress"], {"progress": "x", "problems": ""})
    for missing in ({"progress": " \n"}, {"problems": "x"}):
        with pytest.raises(errors.SectionMissing) as refused:
            rules.check_sections(["progress", "problems"], {"problems": "x"} | missing)
        assert refused.value.facts["missing"] == ["progress"]


@pytest.mark.rule("OP-06")
def test_provinces_colleges_and_teos_all_have_something_to_report() -> None:
    assert {kind.organization_kind for kind in rules.KINDS} == {"province", "college", "teo"}
    assert [kind.organization_kind for kind in rules.KINDS if kind.every == periods.WEEK] == ["college"]
    assert rules.SECTIONS == ("progress", "experience", "typical_cases", "problems", "suggestions")


@pytest.mark.rule("OP-42")
@pytest.mark.parametrize(
    ("today", "grace_days", "last_due"),
    [
        ("2026-03-22", 0, "2026-W11"),  # a Sunday: the week that ends today is not due before midnight
        ("2026-03-23", 0, "2026-W12"),
        ("2026-03-29", 0, "2026-W12"),
        ("2026-03-23", 1, "2026-W11"),
        ("2026-03-24", 1, "2026-W12"),
        ("2026-03-30", 7, "2026-W12"),
        ("2026-03-29", 7, "2026-W11"),
    ],
)
def test_a_week_is_due_when_its_sunday_and_the_days_of_grace_are_over(
    today: str, grace_days: int, last_due: str
) -> None:
    week = rules.last_week_due(date.fromisoformat(today), grace_days)
    assert week.name == last_due
    assert rules.is_late(date.fromisoformat(today), week.due_on(grace_days))
    too_late_at = rules.too_late_for(week, grace_days, clock.BEIJING)
    assert too_late_at.date() == week.due_on(grace_days) + timedelta(days=1)


@pytest.mark.rule("OP-42")
def test_three_weeks_run_over_the_end_of_a_year() -> None:
    first, last = rules.run_ending(periods.read("week", "2026-W01"))
    assert (first.name, last.name) == ("2025-W51", "2026-W01")
    assert [week.name for week in rules.weeks_of(first, last)] == ["2025-W51", "2025-W52", "2026-W01"]


@pytest.mark.rule("OP-42")
def test_weeks_that_nobody_looked_at_are_made_up_for_one_after_the_other() -> None:
    newest = periods.read("week", "2026-W14")
    looked_at = None
    order = []
    for _ in range(5):
        week = rules.next_to_check(looked_at, newest)
        order.append(week.name)
        looked_at = week.begins_on if looked_at else periods.read("week", "2026-W11").begins_on
    assert order == ["2026-W14", "2026-W12", "2026-W13", "2026-W14", "2026-W14"]


@pytest.mark.rule("OP-42")
def test_a_notice_comes_by_the_day_the_first_report_is_due() -> None:
    first, last = periods.read("week", "2026-W10"), periods.read("week", "2026-W12")
    rules.check_break(first, last, date(2026, 3, 8), date(2026, 3, 8))
    rules.check_break(first, first, date(2026, 3, 8), date(2026, 3, 8))
    with pytest.raises(errors.BreakInThePast):
        rules.check_break(first, last, date(2026, 3, 8), date(2026, 3, 9))
    with pytest.raises(errors.BreakBackwards):
        rules.check_break(last, first, date(2026, 3, 22), date(2026, 3, 1))


@pytest.mark.rule("OP-06")
def test_colleges_report_every_week_provinces_and_teos_every_month_and_all_of_them_cases() -> None:
    assert [(one.code, one.organization_kind, one.every, one.grace_days, one.sections) for one in rules.KINDS] == [
        ("weekly", "college", "week", 0, ("progress",)),
        ("province-monthly", "province", "month", 10, ("progress", "problems")),
        ("teo-monthly", "teo", "month", 10, ("progress", "problems")),
        ("province-cases", "province", "quarter", 15, ("typical_cases",)),
        ("teo-cases", "teo", "quarter", 15, ("typical_cases",)),
        ("college-cases", "college", "quarter", 15, ("typical_cases",)),
    ]


@pytest.mark.rule("OP-42")
def test_what_the_three_week_rule_found_is_said_with_its_weeks() -> None:
    first, last = rules.run_ending(periods.week(date(2026, 3, 16)))
    said = rules.found_of(first, last)
    assert first.name in said
    assert last.name in said
    assert "连续三周未填报周报" in said


@pytest.mark.rule("OP-06")
def test_who_has_always_taken_part_reports_on_any_period_that_has_begun() -> None:
    rules.check_period(periods.week(date(2026, 3, 2)), None, date(2026, 3, 2))
