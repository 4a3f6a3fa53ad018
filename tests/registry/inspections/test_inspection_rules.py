"""Who may inspect whom, when a draw is held, and what a result needs (PP-28, OP-38)."""

from datetime import date, timedelta

import pytest

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope
from services.registry.inspections import errors, rules

DAY = date(2026, 3, 2)


@pytest.mark.rule("OP-38")
def test_about_ten_or_all_there_are() -> None:
    assert (rules.FEWEST_POINTS, rules.POINTS, rules.MOST_POINTS) == (8, 10, 12)
    assert [rules.how_many_points(10, candidates) for candidates in (1, 9, 10, 200)] == [1, 9, 10, 10]
    with pytest.raises(errors.NothingToDrawFrom):
        rules.how_many_points(10, 0)


@pytest.mark.rule("OP-38")
def test_the_next_who_is_no_point_yet_takes_its_place() -> None:
    assert rules.first_not_a_point(["a", "b", "c"], {"a", "b"}) == "c"
    with pytest.raises(errors.NobodyToReplaceWith):
        rules.first_not_a_point(["a"], {"a"})


@pytest.mark.rule("PP-28")
def test_an_inspector_is_recused_from_its_own_organization_and_its_interests() -> None:
    assert rules.recused("b", ["d", "x"], ["a", "b", "c", "d"]) == ["b", "d"]
    assert rules.recused(None, [], ["a"]) == []


@pytest.mark.rule("PP-28")
def test_for_whoever_is_drawn_there_must_be_enough_inspectors() -> None:
    rules.check_lists(["a", "b"], 2, {"i": ["a"], "j": ["b"], "k": []}, 2)
    with pytest.raises(errors.TooFewInspectors):
        rules.check_lists(["a", "b"], 1, {"i": ["a"], "j": ["a"], "k": []}, 2)
    with pytest.raises(errors.TooFewInspectors):
        rules.check_lists(["a"], 1, {"i": []}, 2)
    with pytest.raises(errors.TooFewCandidates):
        rules.check_lists(["a"], 2, {"i": [], "j": []}, 2)


@pytest.mark.rule("PP-28")
def test_a_draw_is_held_on_its_day_and_with_the_public_number_it_waits_for() -> None:
    rules.check_reveal(DAY, DAY, None, None)
    rules.check_reveal(DAY, DAY, "lottery", "7")
    with pytest.raises(errors.TooEarlyToDraw):
        rules.check_reveal(DAY, DAY - timedelta(days=1), None, None)
    for source, value in (("lottery", None), (None, "7")):
        with pytest.raises(errors.PublicValueMissing):
            rules.check_reveal(DAY, DAY, source, value)
    rules.check_draw_day(DAY, DAY)
    with pytest.raises(errors.DrawDayOver):
        rules.check_draw_day(DAY - timedelta(days=1), DAY)


@pytest.mark.rule("PP-28")
def test_a_result_lies_between_draw_and_today_and_says_findings_where_there_are_some() -> None:
    rules.check_result("findings", 1, DAY, DAY, DAY)
    rules.check_result("nothing_found", 0, DAY, DAY, DAY + timedelta(days=3))
    for day in (DAY - timedelta(days=1), DAY + timedelta(days=1)):
        with pytest.raises(errors.NotYetInspected):
            rules.check_result("nothing_found", 0, day, DAY, DAY)
    for outcome, findings in (("findings", 0), ("nothing_found", 1)):
        with pytest.raises(errors.ResultIncoherent):
            rules.check_result(outcome, findings, DAY, DAY, DAY)


@pytest.mark.rule("OP-01", "PP-28")
def test_a_province_draws_from_its_colleges_and_holds_its_own_draws() -> None:
    province, ministry = Caller("p", Role.PROVINCE, province_code="11"), Caller("m", Role.MINISTRY)
    rules.check_may_draw(province, "college")
    rules.check_may_draw(ministry, "teo")
    with pytest.raises(OutOfScope):
        rules.check_may_draw(province, "teo")
    nowhere, nobody = Caller("p", Role.PROVINCE), Caller("c", Role.COLLEGE)
    with pytest.raises(OutOfScope):
        rules.check_may_draw(nowhere, "college")
    with pytest.raises(OutOfScope):  # what is the Ministry's is not theirs who have no province
        rules.check_territory(nobody, None)
    rules.check_territory(province, "11")
    rules.check_territory(ministry, None)
    for foreign in ("32", None):
        with pytest.raises(OutOfScope):
            rules.check_territory(province, foreign)
    assert rules.territory(province, "32") == "11"
    assert rules.territory(ministry, None) is None


@pytest.mark.rule("OP-43", "PP-28")
def test_a_finding_leads_to_one_order() -> None:
    rules.check_not_ordered(None)
    with pytest.raises(errors.FindingOrdered):
        rules.check_not_ordered("an order")
