"""Sittings are set by the plan's TEO at sites filed for its certificate type."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from onex.chassis.access import Role
from onex.chassis.ids import new_id
from services.assessment.sittings import rules
from services.assessment.sittings.errors import SiteNotFiled, SiteOfAnotherType, SittingEndsBeforeItStarts
from tests.assessment.world import SITTING_STARTS, World, site
from tests.harness.service import json_of


@pytest.mark.rule("OP-23")
def test_a_site_is_filed_for_the_type_or_refused() -> None:
    type_id = new_id()
    rules.check_site(type_id, type_id)
    with pytest.raises(SiteNotFiled):
        rules.check_site(None, type_id)
    with pytest.raises(SiteOfAnotherType):
        rules.check_site(new_id(), type_id)


def test_a_sitting_ends_after_it_starts() -> None:
    rules.check_times(SITTING_STARTS, SITTING_STARTS + timedelta(seconds=1))
    with pytest.raises(SittingEndsBeforeItStarts):
        rules.check_times(SITTING_STARTS, SITTING_STARTS)


@pytest.mark.rule("OP-23")
def test_a_sitting_is_set_at_a_filed_site(world: World) -> None:
    plan_id = world.published()
    made = json_of(world.call("POST", "/sittings", json=world.new_sitting(plan_id, capacity=30), expect=201))
    assert (made["site_code"], made["capacity"], made["registered"]) == ("GD-0001", 30, 0)


@pytest.mark.rule("OP-23")
def test_a_site_that_is_not_filed_or_filed_for_another_type_is_refused(world: World) -> None:
    plan_id, other_site = world.published(), new_id()
    world.service.hear(site(other_site, "GD-0009", world.colleges[0], world.other_teo, world.other_type_id))
    unknown = world.call("POST", "/sittings", json=world.new_sitting(plan_id, site_id=str(new_id())), expect=422)
    assert json_of(unknown)["code"] == "site_not_filed"
    other = world.call("POST", "/sittings", json=world.new_sitting(plan_id, site_id=str(other_site)), expect=422)
    assert json_of(other)["code"] == "site_of_another_type"
    assert world.count("sitting") == 0


@pytest.mark.rule("OP-22")
def test_a_draft_has_no_sittings(world: World) -> None:
    answer = world.call("POST", "/sittings", json=world.new_sitting(world.draft()), expect=409)
    assert json_of(answer)["code"] == "plan_not_published"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"plan_id": str(uuid.uuid4())}, 404, "not_found"),
        ({"capacity": 0}, 422, "invalid"),
        ({"starts_at": "2026-06-06T09:00:00"}, 422, "invalid"),
        ({"ends_at": "9999-12-31T23:59:59-12:00"}, 422, "invalid"),
        ({"ends_at": SITTING_STARTS.isoformat()}, 422, "sitting_times"),
    ],
)
def test_a_sitting_that_is_not_right_is_refused_by_code(
    world: World, changes: dict[str, Any], status: int, code: str
) -> None:
    body = world.new_sitting(world.published()) | changes
    assert json_of(world.call("POST", "/sittings", json=body, expect=status))["code"] == code


@pytest.mark.rule("PP-18")
def test_another_teo_sets_no_sitting_and_sees_none(world: World) -> None:
    plan_id = world.with_sittings()
    body = world.new_sitting(plan_id)
    answer = world.call("POST", "/sittings", json=body, organization_id=world.other_teo, expect=403)
    assert json_of(answer)["code"] == "organization_not_allowed"

    def seen_by(role: Role, organization_id: uuid.UUID | None = None, **query: str) -> int:
        answer = world.call("GET", "/sittings", role=role, organization_id=organization_id, query_string=query)
        return len(json_of(answer)["items"])

    assert seen_by(Role.TEO, world.other_teo) == 0
    assert seen_by(Role.TEO, world.teo) == seen_by(Role.OPERATOR) == seen_by(Role.COLLEGE, world.colleges[0]) == 2
    assert seen_by(Role.OPERATOR, plan_id=plan_id) == 2
    assert seen_by(Role.OPERATOR, plan_id=str(new_id())) == 0
