"""An authorization lifts a ban for one claim, on its days and no other (OP-37)."""

from datetime import date, timedelta

import pytest

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope, Refusal
from services.registry.publicity import rules
from services.registry.publicity.errors import AlreadyShown, ClaimNotAuthorized, NoClaimFound, PeriodWrong, SeenInFuture
from services.registry.publicity.phrases import DESIGNATION, MINISTRY_GUIDANCE
from services.registry.publicity.rules import Granted
from services.registry.publicity.scan import scan

DAY = date(2026, 3, 2)


def days(first: int, last: int, claim: str = DESIGNATION) -> Granted:
    return Granted(claim, DAY + timedelta(days=first), DAY + timedelta(days=last))


@pytest.mark.rule("OP-37")
@pytest.mark.parametrize(
    ("authorizations", "covered"),
    [
        ([], False),
        ([days(0, 10)], True),
        ([days(-5, 20)], True),
        ([days(1, 10)], False),
        ([days(0, 9)], False),
        ([days(0, 4), days(5, 10)], True),
        ([days(0, 4), days(6, 10)], False),
        ([days(3, 10), days(-1, 5)], True),
        ([days(0, 10, MINISTRY_GUIDANCE)], False),
    ],
)
def test_every_day_has_to_be_authorized(authorizations: list[Granted], covered: bool) -> None:
    assert rules.is_covered(DESIGNATION, DAY, DAY + timedelta(days=10), authorizations) is covered


@pytest.mark.rule("OP-37")
def test_an_authorization_ends_before_the_day_of_its_revocation() -> None:
    one = rules.granted(DESIGNATION, DAY, DAY + timedelta(days=9), DAY + timedelta(days=3))
    assert rules.is_covered(DESIGNATION, DAY, DAY + timedelta(days=2), [one])
    assert not rules.is_covered(DESIGNATION, DAY, DAY + timedelta(days=3), [one])


@pytest.mark.rule("OP-37")
def test_a_claim_is_refused_with_its_hits_unless_it_is_authorized() -> None:
    hits = scan("教育部指导，指定教材")
    rules.check_authorized(hits, DAY, DAY, [days(0, 0), days(0, 0, MINISTRY_GUIDANCE)])
    with pytest.raises(ClaimNotAuthorized) as refused:
        rules.check_authorized(hits, DAY, DAY, [days(0, 0)])
    assert [(hit["claim"], hit["phrase"]) for hit in refused.value.facts["hits"]] == [(MINISTRY_GUIDANCE, "教育部指导")]


@pytest.mark.rule("OP-37")
def test_a_finding_needs_a_claim_that_was_not_authorized_on_its_day() -> None:
    hits = scan("指定教材")
    assert rules.check_found(hits, DAY, [days(1, 5)]) == hits
    with pytest.raises(NoClaimFound):
        rules.check_found(hits, DAY, [days(0, 0)])


@pytest.mark.rule("OP-37")
@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (0, 0, None),
        (-1, 5, PeriodWrong),
        (3, 2, PeriodWrong),
        (0, rules.LONGEST_PERIOD_DAYS - 1, None),
        (0, rules.LONGEST_PERIOD_DAYS, PeriodWrong),
    ],
)
def test_publicity_is_filed_by_its_first_day_and_for_a_year_at_most(
    first: int, last: int, refusal: type[Refusal] | None
) -> None:
    shown = (DAY + timedelta(days=first), DAY + timedelta(days=last))
    if refusal is None:
        rules.check_shown(*shown, DAY)
    else:
        with pytest.raises(refusal):
            rules.check_shown(*shown, DAY)


@pytest.mark.rule("OP-37")
def test_what_is_shown_is_not_changed_unless_it_was_suspended() -> None:
    rules.check_not_shown(rules.FILED, DAY + timedelta(days=1), DAY)
    rules.check_not_shown(rules.SUSPENDED, DAY, DAY)
    with pytest.raises(AlreadyShown):
        rules.check_not_shown(rules.FILED, DAY, DAY)


@pytest.mark.rule("OP-37")
def test_nothing_is_found_before_its_day() -> None:
    rules.check_seen(DAY, DAY)
    rules.check_seen(DAY - timedelta(days=1), DAY)
    with pytest.raises(SeenInFuture):
        rules.check_seen(DAY + timedelta(days=1), DAY)


@pytest.mark.rule("OP-01")
def test_a_province_looks_at_its_own_colleges_and_at_any_teo() -> None:
    province = Caller("p", Role.PROVINCE, province_code="11")
    assert rules.found_in(province, "college", "11") == "11"
    assert rules.found_in(province, "teo", "31") == "11"
    assert rules.found_in(Caller("o", Role.OPERATOR), "college", "32") == "32"
    with pytest.raises(OutOfScope):
        rules.found_in(province, "college", "32")
