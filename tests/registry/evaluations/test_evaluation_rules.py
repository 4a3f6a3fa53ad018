"""Scores make an exact total, and who evaluates whom is settled (OP-39)."""

import uuid
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope, Refusal
from services.registry.evaluations import errors, rules

ME = uuid.uuid4()
TEO, COLLEGE = (Caller("c", role, organization_id=ME) for role in (Role.TEO, Role.COLLEGE))
BEIJING, MINISTRY = Caller("p", Role.PROVINCE, province_code="11"), Caller("m", Role.MINISTRY)


@pytest.mark.rule("OP-39")
def test_a_total_is_exact() -> None:
    thirds = [
        (Decimal("33.33"), Decimal("99.99")),
        (Decimal("33.33"), Decimal("0.01")),
        (Decimal("33.34"), Decimal(50)),
    ]
    assert rules.total(thirds) == Decimal("50")
    assert rules.total([(Decimal("0.01"), Decimal("0.01")), (Decimal("99.99"), Decimal(0))]) == Decimal("0.000001")
    assert rules.total([(Decimal(100), Decimal(100))]) == 100


@pytest.mark.rule("OP-39")
@pytest.mark.parametrize("weights", [[], ["99.99"], ["100.01"], ["50", "49.99"], ["50", "50", "0.01"]])
def test_weights_make_exactly_one_hundred(weights: list[str]) -> None:
    with pytest.raises(errors.WeightsWrong):
        rules.total([(Decimal(weight), Decimal(80)) for weight in weights])


@pytest.mark.rule("OP-39")
@given(
    st.lists(st.integers(0, 10_000), min_size=1, max_size=20),
    st.lists(st.integers(0, 10_000), min_size=21, max_size=21),
)
def test_a_total_lies_between_the_lowest_and_the_highest_score(cuts: list[int], scores: list[int]) -> None:
    edges = [0, *sorted(cuts), 10_000]
    weights = [Decimal(high - low) / 100 for low, high in pairwise(edges)]
    given_scores = [Decimal(score) / 100 for score in scores[: len(weights)]]
    total = rules.total(zip(weights, given_scores, strict=True))
    assert min(given_scores) <= total <= max(given_scores)


@pytest.mark.rule("OP-39")
def test_a_year_of_the_pilot_that_has_begun() -> None:
    for year in (2019, 2026):
        rules.check_year(year, date(2026, 1, 1))
    for year in (2018, 2027):
        with pytest.raises(errors.YearWrong):
            rules.check_year(year, date(2026, 12, 31))


@pytest.mark.rule("OP-39", "OP-01")
@pytest.mark.parametrize(
    ("by", "kind", "about", "about_kind", "province", "refusal"),
    [
        (TEO, "self", ME, "teo", None, None),
        (COLLEGE, "self", ME, "college", "11", None),
        (COLLEGE, "self", uuid.uuid4(), "college", "11", OutOfScope),
        (BEIJING, "self", ME, "college", "11", errors.KindNotOpen),
        (COLLEGE, "provincial", ME, "college", "11", errors.KindNotOpen),
        (BEIJING, "provincial", ME, "college", "11", None),
        (BEIJING, "provincial", ME, "college", "32", OutOfScope),
        (BEIJING, "provincial", ME, "teo", None, None),
        (MINISTRY, "provincial", ME, "college", "11", errors.KindNotOpen),
        (MINISTRY, "third_party", ME, "teo", None, None),
        (BEIJING, "third_party", ME, "college", "11", None),
        (TEO, "third_party", ME, "teo", None, errors.KindNotOpen),
    ],
)
def test_who_evaluates_whom(
    by: Caller, kind: str, about: uuid.UUID, about_kind: str, province: str | None, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        rules.check_may_make(by, kind, about, about_kind, province)
    else:
        with pytest.raises(refusal):
            rules.check_may_make(by, kind, about, about_kind, province)


@pytest.mark.rule("OP-39")
def test_a_third_party_has_a_name() -> None:
    assert rules.evaluator_of("third_party", "某评估事务所") == "某评估事务所"
    assert rules.evaluator_of("self", "x") is None
    with pytest.raises(errors.EvaluatorMissing):
        rules.evaluator_of("third_party", None)


@pytest.mark.rule("OP-39", "OP-01")
def test_who_publishes_and_who_is_the_author() -> None:
    rules.check_may_publish(MINISTRY, "self", "teo", None)
    rules.check_may_publish(BEIJING, "self", "college", "11")
    for kind, province in (("teo", "11"), ("college", "32"), ("college", None)):
        with pytest.raises(OutOfScope):
            rules.check_may_publish(BEIJING, "self", kind, province)
    with pytest.raises(OutOfScope):  # a college of Beijing is not Beijing
        rules.check_may_publish(Caller("one", Role.COLLEGE, ME, "11"), "self", "college", "11")
    rules.check_author(COLLEGE, "self", ME, None)
    rules.check_author(BEIJING, "provincial", ME, "11")
    rules.check_author(MINISTRY, "third_party", ME, None)
    for by, kind, made_by in ((MINISTRY, "self", None), (COLLEGE, "provincial", "11"), (BEIJING, "third_party", None)):
        with pytest.raises(OutOfScope):
            rules.check_author(by, kind, ME, made_by)


@pytest.mark.rule("OP-39", "OP-01")
def test_an_evaluation_belongs_to_the_province_that_makes_it_or_else_to_the_colleges() -> None:
    assert rules.territory(BEIJING, "provincial", None) == "11"
    assert rules.territory(BEIJING, "provincial", "32") == "11"
    assert rules.territory(MINISTRY, "third_party", "32") == "32"
    assert rules.territory(COLLEGE, "self", "32") == "32"
