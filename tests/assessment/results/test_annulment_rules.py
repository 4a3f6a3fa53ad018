"""When a published result may be annulled, and by whom."""

from datetime import UTC, datetime

import pytest

from onex.chassis.problems import Refusal
from services.assessment.results import annulment_rules as rules
from services.assessment.results.annulment_errors import (
    ResultAnnulledAlready,
    ResultNotPublished,
    SecondPersonNeeded,
    SittingAnnulledAlready,
)

PUBLISHED = datetime(2026, 6, 20, tzinfo=UTC)


@pytest.mark.rule("PP-17")
def test_a_second_person_decides_and_never_the_one_who_proposed() -> None:
    rules.check_second_person("zhang", "li")
    with pytest.raises(SecondPersonNeeded):
        rules.check_second_person("zhang", "zhang")


@pytest.mark.rule("PP-17")
def test_only_a_published_result_is_annulled_and_only_once() -> None:
    rules.check_annullable(PUBLISHED, annulled=False)
    with pytest.raises(ResultNotPublished):
        rules.check_annullable(None, annulled=False)
    with pytest.raises(ResultAnnulledAlready):
        rules.check_annullable(PUBLISHED, annulled=True)


@pytest.mark.rule("PP-21")
def test_an_irregular_sitting_is_annulled_once() -> None:
    rules.check_sitting(annulled=False)
    with pytest.raises(SittingAnnulledAlready):
        rules.check_sitting(annulled=True)


@pytest.mark.rule("PP-17")
@pytest.mark.parametrize(
    ("verb", "start", "end"),
    [
        ("approve", "proposed", "approved"),
        ("carry_out", "approved", "carried_out"),
        ("refuse", "proposed", "refused"),
        ("withdraw", "proposed", "withdrawn"),
    ],
)
def test_the_way_of_an_annulment(verb: str, start: str, end: str) -> None:
    assert rules.ANNULMENT.after(start, verb) == end
    for state in set(rules.STATES) - {start}:
        with pytest.raises(Refusal, match=state.replace("_", " ")):
            rules.ANNULMENT.after(state, verb)
