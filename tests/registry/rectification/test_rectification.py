"""An organization is ordered to put something right by a day; it does, in time or late, or not (OP-43)."""

import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope, Refusal
from onex.contracts.pilot import RectificationOrdered
from services.registry.rectification import errors, queries, rules
from tests.registry.world import World

TODAY = date(2026, 3, 10)
TIMER = "mark_missed_rectifications"


def at(day: date) -> Any:
    """Noon in Beijing on this day."""
    return time_machine.travel(f"{day}T04:00:00Z", tick=False)


def of_beijing() -> dict[str, Any]:
    return {"role": Role.PROVINCE, "province_code": "11"}


def ordered(world: World, organization_id: str, days: int = 10, **changes: Any) -> dict[str, Any]:
    body = {
        "organization_id": organization_id,
        "about": "fees",
        "matter": "Fees above what was agreed",
        "due_on": str(clock.today() + timedelta(days=days)),
    }
    who = {"role": Role.OPERATOR} | {
        key: changes.pop(key) for key in ("role", "province_code", "expect") if key in changes
    }
    made: dict[str, Any] = world.post("/rectifications", body | changes, **who)
    return made


def reported(world: World, one: dict[str, Any], role: Role, expect: int = 201, **who: Any) -> Any:
    who = who or {"organization_id": uuid.UUID(one["organization_id"])}
    body = {"what_was_done": "Fees were paid back."}
    return world.post(f"/rectifications/{one['id']}/reports", body, role, expect, **who)


@pytest.fixture
def college(world: World) -> Iterator[dict[str, Any]]:
    with at(TODAY):
        yield world.admitted_college()


@pytest.mark.rule("OP-43")
@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [
        ("ordered", "report", "reported"),
        ("sent_back", "report", "reported"),
        ("overdue", "report", "reported"),
        ("reported", "accept", "accepted"),
        ("reported", "send_back", "sent_back"),
        ("overdue", "put_off", "ordered"),
        ("ordered", "accept", "rectification_is_ordered"),
        ("reported", "report", "rectification_is_reported"),
        ("reported", "miss", "rectification_is_reported"),
        ("accepted", "withdraw", "rectification_is_accepted"),
        ("withdrawn", "report", "rectification_is_withdrawn"),
        ("overdue", "accept", "rectification_is_overdue"),
    ],
)
def test_each_step_leads_on_or_names_the_state_it_cannot_leave(state: str, verb: str, after: str) -> None:
    if after in rules.STATES:
        assert rules.RECTIFICATION.after(state, verb) == after
    else:
        with pytest.raises(Refusal) as refused:
            rules.RECTIFICATION.after(state, verb)
        assert (refused.value.code, refused.value.clause) == (after, "OP-43")


@pytest.mark.rule("OP-43", "OP-41", "OP-42")
@pytest.mark.parametrize(
    ("kind", "about", "ground"),
    [
        ("teo", "fees", "b"),
        ("teo", "standards", "e"),
        ("teo", "other", "e"),
        ("college", "reports", "a"),
        ("college", "assessment", "b"),
        ("college", "funds", "c"),
        ("college", "coercion", "d"),
        ("college", "other", "e"),
    ],
)
def test_a_missed_order_speaks_for_a_ground(kind: str, about: str, ground: str) -> None:
    assert rules.ground_of(kind, about) == ground


@pytest.mark.rule("OP-43")
def test_whoever_is_ordered_has_at_least_the_day_itself() -> None:
    rules.check_due_day(TODAY, TODAY)
    with pytest.raises(errors.DueDayPast):
        rules.check_due_day(TODAY - timedelta(days=1), TODAY)
    rules.check_later(TODAY + timedelta(days=1), TODAY)
    with pytest.raises(errors.DueDayNotLater):
        rules.check_later(TODAY, TODAY)


@pytest.mark.rule("OP-43", "OP-01")
@pytest.mark.parametrize(
    ("role", "own", "of_order", "allowed"),
    [
        (Role.MINISTRY, None, "11", True),
        (Role.OPERATOR, None, None, True),
        (Role.PROVINCE, "11", "11", True),
        (Role.PROVINCE, "32", "11", False),
        (Role.PROVINCE, "11", None, False),
    ],
)
def test_who_ordered_judges_and_the_ministry_judges_all(
    role: Role, own: str | None, of_order: str | None, allowed: bool
) -> None:
    by = Caller("one", role, province_code=own)
    if allowed:
        rules.check_orderer(by, of_order)
    else:
        with pytest.raises(OutOfScope):
            rules.check_orderer(by, of_order)


@pytest.mark.rule("OP-43")
def test_an_order_is_reported_on_sent_back_and_accepted(world: World, college: dict[str, Any]) -> None:
    one = ordered(world, college["id"], **of_beijing())
    (said,) = world.registry.said(RectificationOrdered)
    assert isinstance(said, RectificationOrdered)
    assert (str(said.rectification_id), str(said.organization_id)) == (one["id"], college["id"])
    assert (said.matter, said.due_on) == ("Fees above what was agreed", TODAY + timedelta(days=10))
    path = f"/rectifications/{one['id']}"
    assert world.post(f"{path}/acceptance", {"remark": "Good."}, expect=409, **of_beijing())["code"] == (
        "rectification_is_ordered"
    )
    assert reported(world, one, Role.COLLEGE)["state"] == "reported"
    assert reported(world, one, Role.COLLEGE, 409)["code"] == "rectification_is_reported"
    back = world.post(f"{path}/sending-back", {"remark": "Receipts are missing."}, expect=200, **of_beijing())
    assert (back["state"], back["due_on"]) == ("sent_back", one["due_on"])
    reported(world, one, Role.COLLEGE)
    done = world.post(f"{path}/acceptance", {"remark": "Good."}, expect=200, **of_beijing())
    assert (done["state"], done["closing_remark"], done["missed_at"]) == ("accepted", "Good.", None)
    assert [(each["accepted"], each["remark"]) for each in done["reports"]] == [
        (False, "Receipts are missing."),
        (True, "Good."),
    ]
    assert world.get(path, Role.COLLEGE, organization_id=uuid.UUID(college["id"])) == done
    assert len(world.registry.said(RectificationOrdered)) == 1


@pytest.mark.rule("OP-43")
def test_what_was_not_reported_on_is_overdue_on_the_day_after_and_once(world: World, college: dict[str, Any]) -> None:
    one, path = ordered(world, college["id"]), "/rectifications"
    with at(TODAY + timedelta(days=10)):
        world.registry.fire(TIMER)
        assert world.get(f"{path}/{one['id']}")["state"] == "ordered"
        assert _not_put_right(world, college) == []
    with at(TODAY + timedelta(days=11)):
        world.registry.fire(TIMER)
        marked = world.get(f"{path}/{one['id']}")
        assert marked["state"] == "overdue"
    with at(TODAY + timedelta(days=12)):
        world.registry.fire(TIMER)
        assert world.get(f"{path}/{one['id']}") == marked
        assert _not_put_right(world, college) == [one["id"]]
        reported(world, one, Role.COLLEGE)
        assert _not_put_right(world, college) == [one["id"]], "until the orderer accepts it"
        world.post(f"{path}/{one['id']}/acceptance", {"remark": "Late."}, expect=200)
        assert _not_put_right(world, college) == []
        assert world.get(f"{path}/{one['id']}")["missed_at"] is not None


@pytest.mark.rule("OP-43")
@pytest.mark.parametrize(("days", "missed"), [(10, False), (11, True)])
def test_a_late_report_is_late_though_the_timer_had_not_come_round(
    world: World, college: dict[str, Any], days: int, missed: bool
) -> None:
    one = ordered(world, college["id"])
    with at(TODAY + timedelta(days=days)):
        told = reported(world, one, Role.COLLEGE)
        assert (told["state"], told["missed_at"] is not None) == ("reported", missed)
        world.registry.fire(TIMER)
        assert world.get(f"/rectifications/{one['id']}") == told
        assert _not_put_right(world, college) == ([one["id"]] if missed else [])


@pytest.mark.rule("OP-43")
def test_what_was_reported_in_time_is_not_overdue_while_the_orderer_looks_at_it(
    world: World, college: dict[str, Any]
) -> None:
    one = ordered(world, college["id"])
    reported(world, one, Role.COLLEGE)
    with at(TODAY + timedelta(days=30)):
        world.registry.fire(TIMER)
        assert world.get(f"/rectifications/{one['id']}")["state"] == "reported"
        sent = {"remark": "Not enough.", "due_on": str(TODAY + timedelta(days=40))}
        world.post(f"/rectifications/{one['id']}/sending-back", sent, expect=200)
        world.registry.fire(TIMER)
        assert world.get(f"/rectifications/{one['id']}")["state"] == "sent_back"
    with at(TODAY + timedelta(days=41)):
        world.registry.fire(TIMER)
        assert world.get(f"/rectifications/{one['id']}")["state"] == "overdue"


@pytest.mark.rule("OP-43")
def test_more_time_brings_an_overdue_order_back_and_no_less_time_is_given(
    world: World, college: dict[str, Any]
) -> None:
    one = ordered(world, college["id"])
    path = f"/rectifications/{one['id']}/due-day"
    with at(TODAY + timedelta(days=11)):
        world.registry.fire(TIMER)
        refused = world.send("PUT", path, {"due_on": one["due_on"]}, Role.OPERATOR, 422)
        assert refused["code"] == "due_day_not_later"
        later = str(TODAY + timedelta(days=20))
        again = world.send("PUT", path, {"due_on": later}, Role.OPERATOR, 200)
        assert (again["state"], again["due_on"], again["missed_at"]) == ("ordered", later, None)
        assert [str(said.due_on) for said in world.registry.said(RectificationOrdered)] == [one["due_on"], later]  # type: ignore[attr-defined]


@pytest.mark.rule("OP-43")
def test_an_order_taken_back_is_never_overdue(world: World, college: dict[str, Any]) -> None:
    one = ordered(world, college["id"])
    world.post(f"/rectifications/{one['id']}/withdrawal", {"remark": "A mistake."}, expect=200)
    with at(TODAY + timedelta(days=11)):
        world.registry.fire(TIMER)
        assert world.get(f"/rectifications/{one['id']}")["state"] == "withdrawn"
        assert reported(world, one, Role.COLLEGE, 409)["code"] == "rectification_is_withdrawn"


@pytest.mark.rule("OP-43", "OP-01")
def test_a_province_orders_in_its_own_territory_only(world: World, college: dict[str, Any]) -> None:
    elsewhere = {"role": Role.PROVINCE, "province_code": "32"}
    assert ordered(world, college["id"], expect=403, **elsewhere)["code"] == "organization_not_allowed"
    teo = world.admitted_teo()
    assert ordered(world, teo["id"], expect=403, **of_beijing())["code"] == "organization_not_allowed"
    one = ordered(world, college["id"], **of_beijing())
    path = f"/rectifications/{one['id']}"
    assert world.get(path, expect=404, **elsewhere)["code"] == "not_found"
    assert world.post(f"{path}/withdrawal", {"remark": "x"}, expect=404, **elsewhere)["code"] == "not_found"
    assert world.get("/rectifications", **elsewhere)["items"] == []
    assert [each["id"] for each in world.get("/rectifications", **of_beijing())["items"]] == [one["id"]]
    # What the Ministry ordered is not for the province to accept.
    other = ordered(world, college["id"], role=Role.MINISTRY)
    reported(world, other, Role.COLLEGE)
    refused = world.post(f"/rectifications/{other['id']}/acceptance", {"remark": "x"}, expect=403, **of_beijing())
    assert refused["code"] == "organization_not_allowed"


@pytest.mark.rule("OP-43")
def test_an_organization_sees_and_reports_on_its_own_orders_only(world: World, college: dict[str, Any]) -> None:
    one, other = ordered(world, college["id"]), world.admitted_college(200)
    stranger = {"organization_id": uuid.UUID(other["id"])}
    assert reported(world, one, Role.COLLEGE, 404, **stranger)["code"] == "not_found"
    assert world.get(f"/rectifications/{one['id']}", Role.COLLEGE, 404, **stranger)["code"] == "not_found"
    assert world.get("/rectifications", Role.COLLEGE, **stranger)["items"] == []
    assert world.get("/rectifications", Role.LEARNER, 403)["code"] == "role_not_allowed"


@pytest.mark.rule("OP-43")
def test_only_teos_and_colleges_that_take_part_are_ordered(world: World, college: dict[str, Any]) -> None:
    province = world.province()
    assert ordered(world, province["id"], expect=422)["code"] == "organization_not_supervised"
    waiting = world.post("/organizations", world.college_body(200))
    assert ordered(world, waiting["id"], expect=409)["code"] == "organization_not_admitted"
    assert ordered(world, str(uuid.uuid4()), expect=422)["code"] == "organization_unknown"
    assert ordered(world, college["id"], -1, expect=422)["code"] == "due_day_past"
    assert ordered(world, college["id"], 0)["state"] == "ordered"


def test_orders_are_filtered_sorted_and_exported(world: World, college: dict[str, Any]) -> None:
    late, soon = ordered(world, college["id"], 20), ordered(world, college["id"], 5, about="funds")

    def ids(query: str) -> list[str]:
        return [one["id"] for one in world.get(f"/rectifications?{query}")["items"]]

    assert ids("") == ids("sort=due_on") == [soon["id"], late["id"]]
    assert ids("sort=-due_on") == [late["id"], soon["id"]]
    assert ids("about=funds") == [soon["id"]]
    assert ids(f"due_from={TODAY + timedelta(days=20)}&due_to={TODAY + timedelta(days=20)}") == [late["id"]]
    assert ids("state=overdue") == []
    answer = world.registry.call("GET", "/registry/v1/rectifications?format=csv", role=Role.OPERATOR, expect=200)
    assert answer.get_data(as_text=True).count("Fees above what was agreed") == 2


def _not_put_right(world: World, college: dict[str, Any]) -> list[str]:
    with world.registry.database.session() as session:
        return [str(one.id) for one in queries.not_put_right(session, uuid.UUID(college["id"]))]
