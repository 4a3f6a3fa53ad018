"""TEOs propose credit records within a month (OP-33), for published levels (PP-10); the operator approves them."""

import random
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from services.creditbank.proposals import rules
from services.creditbank.proposals.errors import ProposalApproved, ProposalExists, StandardUnknown
from tests.creditbank.conftest import PATH, body, propose
from tests.creditbank.samples import LEVELS, TEO, published
from tests.harness.service import Service, json_of

OTHER = uuid.uuid4()


@pytest.fixture
def fresh(service: Callable[[str], Service]) -> Service:
    """The service before it has heard of any type."""
    return service("creditbank")


def read_models(creditbank: Service) -> list[Any]:
    with creditbank.database.session() as session:
        clocks = "SELECT certificate_type_id, level, standard_version, teo_id, released_on, due_on FROM credit_clock"
        types = session.execute(text("SELECT * FROM certificate_type")).all()
        return [types, session.execute(text(f"{clocks} ORDER BY 1, 2, 3")).all()]


def overdue(creditbank: Service, role: Role = Role.OPERATOR, **of: Any) -> set[str]:
    items = json_of(creditbank.call("GET", f"{PATH}/overdue", role=role, expect=200, **of))["items"]
    return {one["level"] for one in items}


def test_types_heard_twice_and_in_another_order_are_known_the_same(fresh: Service) -> None:
    versions = [
        published(date(2026, 1, 31)),
        published(date(2026, 1, 31), version=2, teo_id=OTHER),
        published(date(2026, 5, 1), version=3, standard="2.0", teo_id=OTHER),
    ]
    heard = [fresh.hear(one)[0] for one in versions]
    once = read_models(fresh)
    assert len(once[1]) == 6  # a standard that a later version replaced keeps its clock
    fresh.hear(*heard)
    assert read_models(fresh) == once
    for _ in range(5):
        fresh.clean()
        shuffled = random.sample(heard, 3)
        fresh.hear(*shuffled[:1])
        fresh.hear(*shuffled)
        assert read_models(fresh) == once
    assert fresh.said() == []


@pytest.mark.rule("OP-33")
@pytest.mark.parametrize(
    ("released_on", "proposed_on", "due_on", "late"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 2, 28), False),
        (date(2026, 1, 31), date(2026, 3, 1), date(2026, 2, 28), True),
        (date(2026, 3, 10), date(2026, 3, 10), date(2026, 4, 10), False),
        (date(2026, 3, 10), date(2026, 4, 11), date(2026, 4, 10), True),
    ],
)
def test_a_proposal_in_time_and_one_that_is_late_are_both_taken_and_the_breach_recorded(
    fresh: Service, released_on: date, proposed_on: date, due_on: date, late: bool
) -> None:
    fresh.hear(published(released_on))
    with time_machine.travel(f"{proposed_on}T23:59:00+08:00", tick=False):
        made = propose(fresh)
        listed = json_of(fresh.call("GET", PATH, role=Role.OPERATOR, expect=200))["items"]
    assert (made["state"], made["due_on"], made["late"]) == ("proposed", str(due_on), late)
    assert [(one["id"], one["late"]) for one in listed] == [(made["id"], late)]


@pytest.mark.rule("OP-33")
def test_a_standard_is_overdue_from_the_day_after_its_month_until_it_is_proposed(fresh: Service) -> None:
    fresh.hear(published(date(2026, 1, 31)))
    with time_machine.travel("2026-02-28T23:59:00+08:00", tick=False):
        assert overdue(fresh) == set()
    with time_machine.travel("2026-03-01T00:00:00+08:00", tick=False):
        assert overdue(fresh) == set(LEVELS)
        propose(fresh, level="advanced")
        assert overdue(fresh) == {"primary", "intermediate"}
        assert overdue(fresh, Role.TEO, organization_id=TEO) == {"primary", "intermediate"}
        assert overdue(fresh, Role.TEO, organization_id=OTHER) == set()


@pytest.mark.rule("PP-10")
@pytest.mark.parametrize("level", LEVELS)
def test_each_of_the_three_levels_has_a_credit_record(creditbank: Service, level: str) -> None:
    assert propose(creditbank, level=level)["level"] == level


@pytest.mark.rule("PP-10")
def test_no_other_level_and_no_unpublished_standard_has_one(creditbank: Service) -> None:
    for wrong, code in ((body("expert"), "invalid"), (body(standard="9.9"), "standard_unknown")):
        answer = creditbank.call("POST", PATH, role=Role.TEO, organization_id=TEO, json=wrong, expect=422)
        assert json_of(answer)["code"] == code
    assert rules.LEVELS == LEVELS
    with pytest.raises(StandardUnknown):
        rules.check_published(None)


@pytest.mark.rule("OP-33")
def test_only_the_types_own_teo_proposes(creditbank: Service) -> None:
    answer = creditbank.call("POST", PATH, role=Role.TEO, organization_id=OTHER, json=body(), expect=403)
    assert json_of(answer)["code"] == "organization_not_allowed"
    for role in set(Role) - {Role.TEO}:
        answer = creditbank.call("POST", PATH, role=role, organization_id=TEO, json=body(), expect=403)
        assert json_of(answer)["code"] == "role_not_allowed"


def test_a_type_nobody_published_is_a_404(creditbank: Service) -> None:
    wrong = body() | {"certificate_type_id": str(uuid.uuid4())}
    answer = creditbank.call("POST", PATH, role=Role.TEO, organization_id=TEO, json=wrong, expect=404)
    assert json_of(answer)["code"] == "certificate_type_unknown"


@pytest.mark.parametrize(
    "change", [{"credit_hundredths": 0}, {"credit_hundredths": -5}, {"credit_hundredths": 2.5}, {"hours": 0}, {"x": 1}]
)
def test_a_body_that_is_not_right_is_a_422(creditbank: Service, change: dict[str, Any]) -> None:
    answer = creditbank.call("POST", PATH, role=Role.TEO, organization_id=TEO, json=body() | change, expect=422)
    assert json_of(answer)["code"] == "invalid"


def test_a_standard_has_one_proposal(creditbank: Service) -> None:
    propose(creditbank)
    answer = creditbank.call("POST", PATH, role=Role.TEO, organization_id=TEO, json=body(), expect=409)
    assert json_of(answer)["code"] == "proposal_exists"
    propose(creditbank, level="advanced")
    rules.check_first(None)
    for state in ("proposed", "approved"):
        with pytest.raises(ProposalExists):
            rules.check_first(state)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MINISTRY])
def test_operator_and_ministry_approve_once(creditbank: Service, role: Role) -> None:
    path = f"{PATH}/{propose(creditbank)['id']}/approval"
    approved = json_of(creditbank.call("POST", path, role=role, expect=200))
    assert approved["state"] == "approved"
    assert approved["approved_at"]
    again = creditbank.call("POST", path, role=role, expect=409)
    assert json_of(again)["code"] == "proposal_approved"
    rules.check_approvable("proposed")
    with pytest.raises(ProposalApproved):
        rules.check_approvable("approved")


def test_nobody_else_approves_and_an_unknown_id_is_a_404(creditbank: Service) -> None:
    path = f"{PATH}/{propose(creditbank)['id']}/approval"
    for role in set(Role) - {Role.OPERATOR, Role.MINISTRY}:
        creditbank.call("POST", path, role=role, organization_id=TEO, expect=403)
    creditbank.call("POST", f"{PATH}/{uuid.uuid4()}/approval", role=Role.OPERATOR, expect=404)


def test_a_teo_sees_its_own_proposals(creditbank: Service) -> None:
    made = propose(creditbank)["id"]
    for role, organization_id, seen in (
        (Role.TEO, TEO, [made]),
        (Role.TEO, OTHER, []),
        (Role.OPERATOR, None, [made]),
        (Role.MINISTRY, None, [made]),
    ):
        answer = creditbank.call("GET", PATH, role=role, organization_id=organization_id, expect=200)
        assert [one["id"] for one in json_of(answer)["items"]] == seen
    creditbank.call("GET", PATH, role=Role.LEARNER, expect=403)


def test_the_day_of_a_proposal_is_the_day_in_beijing(fresh: Service) -> None:
    released_on = clock.today() - timedelta(days=3)
    fresh.hear(published(released_on))
    with time_machine.travel("2026-06-01T16:30:00+00:00", tick=False):
        assert propose(fresh)["proposed_on"] == "2026-06-02"
