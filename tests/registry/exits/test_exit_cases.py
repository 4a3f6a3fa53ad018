"""A case goes from its ground over investigation and verification to the decision of the body that may decide."""

import threading
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from onex.contracts.pilot import ExitCaseOpened, OrganizationExited
from services.registry.exits import actions
from tests.registry.world import World

MINISTRY: dict[str, Any] = {"role": Role.MINISTRY}
BEIJING: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "11"}
NANJING: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "32"}
FOUND = "The same paper was used in four sittings."


def opened(world: World, organization_id: str, ground: str = "a", expect: int = 201, **who: Any) -> Any:
    body = {"organization_id": organization_id, "ground": ground, "found": FOUND}
    return world.post("/exit-cases", body, expect=expect, **(who or MINISTRY))


def step(world: World, case: dict[str, Any], name: str, expect: int = 200, **who: Any) -> Any:
    body = {"verification": {"finding": "It is so."}, "investigation": {}}.get(name, {"reasons": "For these reasons."})
    return world.post(f"/exit-cases/{case['id']}/{name}", body, expect=expect, **(who or MINISTRY))


def with_evidence(world: World, case: dict[str, Any], expect: int = 201, **who: Any) -> Any:
    body = {"title": "Report", "source": "inspection 2026-3", "content": "Invigilator 王小明 left the room."}
    return world.post(f"/exit-cases/{case['id']}/evidence", body, expect=expect, **(who or MINISTRY))


def stated(world: World, case: dict[str, Any], role: Role, expect: int = 201, **who: Any) -> Any:
    who = who or {"organization_id": uuid.UUID(case["organization_id"])}
    return world.post(f"/exit-cases/{case['id']}/statements", {"statement": "王小明 was ill."}, role, expect, **who)


def verified(world: World, organization_id: str, speaker: Role, ground: str = "a", **who: Any) -> dict[str, Any]:
    """A case whose ground is verified."""
    case: dict[str, Any] = opened(world, organization_id, ground, **who)
    step(world, case, "investigation", **who)
    with_evidence(world, case, **who)
    stated(world, case, speaker)
    return dict(step(world, case, "verification", **who))


@pytest.mark.rule("OP-41")
def test_a_teos_part_ends_by_the_ministrys_decision_and_the_others_hear_of_it(world: World) -> None:
    teo = world.admitted_teo()
    case = opened(world, teo["id"])
    (said,) = world.registry.said(ExitCaseOpened)
    assert isinstance(said, ExitCaseOpened)
    assert (str(said.organization_id), said.kind, said.ground, said.opened_by_itself) == (teo["id"], "teo", "a", False)
    assert step(world, case, "decision", 409)["code"] == "exit_case_is_opened"
    assert step(world, case, "verification", 409)["code"] == "exit_case_is_opened"
    assert step(world, case, "investigation")["statement_due_on"] == str(clock.today() + timedelta(days=15))
    assert step(world, case, "verification", 409)["code"] == "organization_not_heard"
    stated(world, case, Role.TEO)
    assert step(world, case, "verification", 409)["code"] == "exit_without_evidence"
    with_evidence(world, case)
    assert step(world, case, "verification")["state"] == "verified"
    assert world.registry.said(OrganizationExited) == []
    for who in ({"role": Role.OPERATOR}, BEIJING):
        refused = step(world, case, "decision", 403, **who)
        assert (refused["code"], refused["clause"]) == ("not_the_deciding_body", "OP-41")
    decided = step(world, case, "decision")
    assert (decided["state"], decided["decided_by"]) == ("exited", "教育部")
    (told,) = world.registry.said(OrganizationExited)
    assert isinstance(told, OrganizationExited)
    assert (str(told.organization_id), str(told.exit_case_id), told.ground) == (teo["id"], case["id"], "a")
    assert (told.kind, told.decided_by) == ("teo", "教育部")
    assert world.get(f"/organizations/{teo['id']}")["status"] == "exited"
    assert step(world, case, "decision", 409)["code"] == "exit_case_is_exited"


@pytest.mark.rule("OP-42")
def test_a_colleges_part_ends_by_its_own_provinces_decision(world: World) -> None:
    college = world.admitted_college()
    case = verified(world, college["id"], Role.COLLEGE, "d", **BEIJING)
    for who in (MINISTRY, {"role": Role.OPERATOR}, NANJING):
        refused = step(world, case, "decision", 403, **who)
        assert (refused["code"], refused["clause"]) == ("not_the_deciding_body", "OP-42")
    assert step(world, case, "decision", **BEIJING)["decided_by"] == "北京市"
    (told,) = world.registry.said(OrganizationExited)
    assert isinstance(told, OrganizationExited)
    assert (str(told.organization_id), told.kind, told.ground) == (college["id"], "college", "d")


@pytest.mark.rule("OP-41", "OP-43")
@pytest.mark.parametrize(("about", "ground"), [("fees", "b"), ("other", "e")])
def test_what_was_not_put_right_in_time_is_a_teos_ground_and_without_it_there_is_none(
    world: World, about: str, ground: str
) -> None:
    teo = world.admitted_teo()
    order = {"organization_id": teo["id"], "about": about, "matter": "Too dear.", "due_on": str(clock.today())}
    order_id = world.post("/rectifications", order)["id"]
    case = opened(world, teo["id"], ground)
    step(world, case, "investigation")
    stated(world, case, Role.TEO)
    with_evidence(world, case)
    assert step(world, case, "verification", 409)["code"] == "no_order_was_missed"
    path = f"/organizations/{teo['id']}/exit-grounds"
    assert not any(one["missed_orders"] for one in world.get(path, Role.MINISTRY)["items"])
    with time_machine.travel(clock.now() + timedelta(days=1)):
        world.registry.fire("mark_missed_rectifications")
        offered = {one["ground"]: one["missed_orders"] for one in world.get(path, Role.MINISTRY)["items"]}
        assert offered == {letter: [order_id] if letter == ground else [] for letter in "abcdef"}
        assert step(world, case, "verification")["state"] == "verified"


@pytest.mark.rule("OP-41")
def test_the_organization_speaks_until_its_last_day_and_then_its_silence_is_enough(world: World) -> None:
    teo = world.admitted_teo()
    case = opened(world, teo["id"])
    with_evidence(world, case)
    assert stated(world, case, Role.TEO, 409)["code"] == "exit_case_is_opened"
    due_on = clock.today() + timedelta(days=5)
    body = {"statement_due_on": str(due_on)}
    world.post(f"/exit-cases/{case['id']}/investigation", body, Role.MINISTRY, 200)
    with time_machine.travel(_noon(due_on)):
        stated(world, case, Role.TEO)
    with time_machine.travel(_noon(due_on + timedelta(days=1))):
        assert stated(world, case, Role.TEO, 409)["code"] == "statement_term_over"
    silent = opened(world, world.admitted_college()["id"], **BEIJING)
    with_evidence(world, silent, **BEIJING)
    world.post(f"/exit-cases/{silent['id']}/investigation", body, expect=200, **BEIJING)
    with time_machine.travel(_noon(due_on)):
        assert step(world, silent, "verification", 409, **BEIJING)["code"] == "organization_not_heard"
    with time_machine.travel(_noon(due_on + timedelta(days=1))):
        assert step(world, silent, "verification", **BEIJING)["state"] == "verified"


@pytest.mark.rule("OP-41")
def test_a_dismissed_case_leaves_the_organization_in_and_a_new_one_may_be_opened(world: World) -> None:
    teo = world.admitted_teo()
    case = verified(world, teo["id"], Role.TEO)
    dismissed = step(world, case, "dismissal")
    assert (dismissed["state"], dismissed["reasons"], dismissed["decided_by"]) == (
        "dismissed",
        "For these reasons.",
        None,
    )
    assert step(world, case, "decision", 409)["code"] == "exit_case_is_dismissed"
    assert with_evidence(world, case, 409)["code"] == "exit_case_is_dismissed"
    assert world.get(f"/organizations/{teo['id']}")["status"] == "admitted"
    assert opened(world, teo["id"])["state"] == "opened"


@pytest.mark.rule("OP-41", "OP-42")
def test_there_is_one_open_case_a_ground(world: World) -> None:
    teo = world.admitted_teo()
    opened(world, teo["id"], "a")
    assert opened(world, teo["id"], "a", 409)["code"] == "exit_case_open"
    assert opened(world, teo["id"], "c")["ground"] == "c"


@pytest.mark.rule("OP-42")
def test_a_rule_opens_a_case_by_itself_and_only_once(world: World) -> None:
    college_id = uuid.UUID(world.admitted_college()["id"])

    def by_itself() -> bool:
        with world.registry.database.transaction() as session:
            made = actions.open_case(
                session, college_id, "a", found="No weekly report for three weeks.", by="weekly-reports", by_itself=True
            )
            return made is not None

    assert [by_itself(), by_itself()] == [True, False]
    (said,) = world.registry.said(ExitCaseOpened)
    assert isinstance(said, ExitCaseOpened)
    assert said.opened_by_itself
    (case,) = world.get("/exit-cases", **BEIJING)["items"]
    assert (case["opened_by_itself"], case["ground"], case["state"]) == (True, "a", "opened")
    # What a rule has found needs no evidence beside it; the organization is heard all the same.
    step(world, case, "investigation", **BEIJING)
    stated(world, case, Role.COLLEGE)
    step(world, case, "verification", **BEIJING)
    step(world, case, "decision", **BEIJING)
    assert by_itself() is False, "nothing is opened against who has left"


@pytest.mark.rule("OP-42")
def test_two_who_find_the_same_at_once_open_one_case(world: World) -> None:
    college_id = uuid.UUID(world.admitted_college()["id"])
    begun = threading.Barrier(2)
    made: list[Any] = []

    def find() -> None:
        with world.registry.database.transaction() as session:
            session.execute(text("SELECT 1"))
            begun.wait(10)
            made.append(actions.open_case(session, college_id, "b", found="Lax.", by="scan", by_itself=True))

    threads = [threading.Thread(target=find) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(one is None for one in made) == [False, True]
    assert len(world.registry.said(ExitCaseOpened)) == 1


@pytest.mark.rule("OP-41")
def test_the_decision_closes_the_other_cases_of_who_has_left(world: World) -> None:
    teo = world.admitted_teo()
    other = opened(world, teo["id"], "d")
    step(world, verified(world, teo["id"], Role.TEO), "decision")
    assert world.get(f"/exit-cases/{other['id']}")["state"] == "dismissed"
    assert opened(world, teo["id"], "a", 409)["code"] == "organization_exited"


@pytest.mark.rule("OP-41", "OP-42")
def test_evidence_and_statements_lie_sealed_and_evidence_is_for_the_authorities(world: World) -> None:
    teo = world.admitted_teo()
    case = verified(world, teo["id"], Role.TEO)
    path, itself = f"/exit-cases/{case['id']}", {"organization_id": uuid.UUID(teo["id"])}
    (evidence,) = world.get(f"{path}/evidence", Role.MINISTRY)["items"]
    assert "王小明" in evidence["content"]
    assert world.get(f"{path}/evidence", Role.TEO, 403, **itself)["code"] == "role_not_allowed"
    (statement,) = world.get(f"{path}/statements", Role.TEO, **itself)["items"]
    assert statement["statement"] == "王小明 was ill."
    with world.registry.database.session() as session:
        kept = [
            str(session.execute(text(f"SELECT * FROM {table}")).all()) for table in ("exit_evidence", "exit_statement")
        ]
    assert not any("王小明" in one for one in kept)


@pytest.mark.rule("OP-41", "OP-42", "OP-01")
def test_everyone_reads_and_acts_in_their_scope(world: World) -> None:
    teo, college = world.admitted_teo(), world.admitted_college()
    of_teo, of_college = opened(world, teo["id"]), opened(world, college["id"], **BEIJING)

    def seen(role: Role, **who: Any) -> list[str]:
        return [one["id"] for one in world.get("/exit-cases", role, **who)["items"]]

    assert seen(Role.MINISTRY) == seen(Role.OPERATOR) == [of_college["id"], of_teo["id"]]
    assert seen(**BEIJING) == [of_college["id"]]
    assert seen(**NANJING) == []
    assert seen(Role.TEO, organization_id=uuid.UUID(teo["id"])) == [of_teo["id"]]
    assert seen(Role.COLLEGE, organization_id=uuid.UUID(college["id"])) == [of_college["id"]]
    assert seen(Role.COLLEGE, organization_id=uuid.uuid4()) == []
    assert world.get("/exit-cases", Role.PARTNER, 403)["code"] == "role_not_allowed"
    assert world.get("/exit-cases?state=opened&kind=teo")["items"] == [of_teo]
    for who in (NANJING, {"role": Role.COLLEGE, "organization_id": uuid.UUID(teo["id"])}):
        assert world.get(f"/exit-cases/{of_college['id']}", expect=404, **who)["code"] == "not_found"
    assert step(world, of_college, "investigation", 404, **NANJING)["code"] == "not_found"
    assert with_evidence(world, of_college, 404, **NANJING)["code"] == "not_found"
    assert stated(world, of_college, Role.TEO, 404, organization_id=uuid.UUID(teo["id"]))["code"] == "not_found"
    assert opened(world, college["id"], "b", 403, **NANJING)["code"] == "organization_not_allowed"
    assert opened(world, teo["id"], "b", 403, **BEIJING)["code"] == "organization_not_allowed"
    grounds = f"/organizations/{college['id']}/exit-grounds"
    assert [one["ground"] for one in world.get(grounds, **BEIJING)["items"]] == list("abcde")
    assert world.get(grounds, expect=404, **NANJING)["code"] == "not_found"


@pytest.mark.rule("OP-41", "OP-42")
def test_wrong_cases_are_refused(world: World) -> None:
    college, province = world.admitted_college(), world.province()
    assert opened(world, college["id"], "f", 422)["clause"] == "OP-42"
    assert opened(world, college["id"], "g", 422)["code"] == "invalid"
    assert opened(world, str(uuid.uuid4()), "a", 422)["code"] == "organization_unknown"
    world.admit(province["id"])
    assert opened(world, province["id"], "a", 422)["code"] == "organization_cannot_exit"
    waiting = world.post("/organizations", world.college_body(200))
    assert opened(world, waiting["id"], "a", 409)["code"] == "organization_not_admitted"


def _noon(day: date) -> str:
    return f"{day}T04:00:00Z"
