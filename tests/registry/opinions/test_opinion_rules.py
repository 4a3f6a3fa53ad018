"""In what time an opinion is answered, by whom, and what may come of it (OP-40, PP-30)."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope
from services.registry.opinions import errors, references, rules

TEO_ID, DAY = uuid.uuid4(), date(2026, 3, 2)


@pytest.mark.rule("OP-40")
@pytest.mark.parametrize(
    ("received_on", "due_on"),
    [
        (date(2026, 3, 2), date(2026, 3, 23)),  # three weeks without a holiday
        (date(2026, 2, 12), date(2026, 3, 11)),  # spring festival, and two Saturdays that are worked
        (date(2019, 9, 27), date(2019, 10, 23)),  # national day, and a Saturday and a Sunday that are worked
        (date(2018, 12, 20), date(2019, 1, 11)),  # over a new year whose calendar is published
    ],
)
def test_an_answer_has_fifteen_working_days(received_on: date, due_on: date) -> None:
    assert rules.answer_due_on(received_on) == due_on


@pytest.mark.rule("OP-40")
def test_no_last_day_is_guessed_before_its_calendar_is_published() -> None:
    assert rules.answer_due_on(date(2090, 3, 2)) is None


@pytest.mark.rule("OP-40")
def test_the_last_day_is_in_time_and_the_next_is_not() -> None:
    assert rules.answered_in_time(DAY, DAY + timedelta(days=21), DAY + timedelta(days=21))
    assert not rules.answered_in_time(DAY, DAY + timedelta(days=21), DAY + timedelta(days=22))
    assert rules.answered_in_time(DAY, None, DAY + timedelta(days=15))
    assert not rules.answered_in_time(DAY, None, DAY + timedelta(days=16))


@pytest.mark.rule("OP-40")
def test_one_province_or_one_teo_is_asked() -> None:
    rules.check_assignee(TEO_ID, None)
    rules.check_assignee(None, "11")
    for teo_id, province_code in ((None, None), (TEO_ID, "11")):
        with pytest.raises(errors.AssigneeUnclear):
            rules.check_assignee(teo_id, province_code)


@pytest.mark.rule("OP-40", "OP-01")
def test_only_who_was_asked_replies() -> None:
    teo = Caller("t", Role.TEO, organization_id=TEO_ID)
    province = Caller("p", Role.PROVINCE, province_code="11")
    rules.check_assigned_to(teo, rules.ASSIGNED, TEO_ID, "11")
    rules.check_assigned_to(province, rules.ASSIGNED, None, "11")
    for by, teo_id, province_code in (
        (teo, uuid.uuid4(), None),
        (teo, None, "11"),
        (province, None, "32"),
        (province, TEO_ID, "11"),
        (Caller("t", Role.TEO), None, "11"),
        (Caller("p", Role.PROVINCE), None, None),
    ):
        with pytest.raises(OutOfScope):
            rules.check_assigned_to(by, rules.ASSIGNED, teo_id, province_code)


@pytest.mark.rule("OP-26", "OP-11", "PP-09", "OP-35", "OP-37")
@pytest.mark.parametrize(
    ("ground", "clause", "of_teo", "of_college", "about"),
    [
        ("forced_purchase", "OP-26", "c", "e", "coercion"),
        ("forced_training", "OP-11", "f", "d", "coercion"),
        ("illegal_charge", "PP-09", "b", "e", "fees"),
        ("false_publicity", "OP-37", "f", "e", "publicity"),
        ("misuse_of_funds", "OP-35", "f", "c", "funds"),
        ("exam_discipline", "PP-21", "a", "b", "assessment"),
        ("other", "OP-40", "e", "e", "other"),
    ],
)
def test_each_ground_has_its_clause_and_its_consequences(
    ground: str, clause: str, of_teo: str, of_college: str, about: str
) -> None:
    assert rules.CLAUSE_OF[ground] == clause
    assert (rules.exit_ground("teo", ground), rules.exit_ground("college", ground)) == (of_teo, of_college)
    assert rules.ABOUT[ground] == about


@pytest.mark.rule("PP-09", "PP-30")
def test_a_province_does_not_see_what_is_said_about_a_province() -> None:
    assert rules.seen_by("teo", "11") == rules.seen_by(None, "11") == "11"
    assert rules.seen_by("province", "11") is rules.seen_by("coordinating_body", "11") is None


def test_references_are_long_and_never_the_same() -> None:
    made = {references.new() for _ in range(1_000)}
    assert len(made) == 1_000
    assert {len(one) for one in made} == {23}


@pytest.mark.rule("OP-40", "PP-30")
@pytest.mark.parametrize("state", rules.STATES)
def test_only_what_is_answered_is_released_and_only_what_is_released_taken_back(state: str) -> None:
    if state == "answered":
        rules.check_released(state)
    else:
        with pytest.raises(errors.NotAnswered):
            rules.check_released(state)
    rules.check_is_released(datetime(2026, 3, 2, tzinfo=UTC))
    with pytest.raises(errors.NotReleased):
        rules.check_is_released(None)


@pytest.mark.rule("OP-43", "OP-41", "OP-42", "OP-26")
def test_an_opinion_has_one_consequence_for_whom_it_means() -> None:
    assert rules.check_consequence(TEO_ID, None) == TEO_ID
    with pytest.raises(errors.NobodyMeant):
        rules.check_consequence(None, None)
    with pytest.raises(errors.ConsequenceDrawn):
        rules.check_consequence(TEO_ID, uuid.uuid4())
