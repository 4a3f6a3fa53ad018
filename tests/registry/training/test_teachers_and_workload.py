"""Teachers, their names sealed; seed teachers; experts' reviews; workload by the college's ratio."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from tests.registry.training.conftest import Training
from tests.registry.world import World


def test_a_teachers_name_is_sealed_and_shown_masked(world: World, training: Training) -> None:
    teacher = training.teacher("欧阳娜娜")
    shown = world.get(f"/training/teachers/{teacher}", **training.college)
    assert (shown["name"], shown["state"]) == ("欧**娜", "active")
    with world.registry.database.session() as session:
        stored = str(session.execute(text("SELECT * FROM teacher")).all())
    assert "欧阳" not in stored
    body = {"staff_number": shown["staff_number"], "name": "李四", "subject": "Web"}
    assert world.post("/training/teachers", body, expect=409, **training.college)["code"] == "teacher_exists"


@pytest.mark.rule("OP-08", "OP-01")
def test_teachers_and_their_roles_are_their_colleges_own(
    world: World, training: Training, other_college: Callable[[], dict[str, Any]]
) -> None:
    teacher, away = training.teacher(), other_college()
    elsewhere = {"role": Role.PROVINCE, "province_code": "32"}
    address = f"/training/teachers/{teacher}"
    seed, type_ = f"{address}/seed-teacher", {"certificate_type_id": training.type_id}
    assert world.post(seed, type_, expect=403, **away)["code"] == "organization_not_allowed"
    role = world.post(seed, type_, **training.college)
    assert (role["role"], role["enrolment_id"]) == ("seed_teacher", None)
    assert world.post(seed, type_, expect=409, **training.college)["code"] == "teacher_role_held"
    for who in (away, elsewhere):
        assert world.get(address, expect=404, **who)["code"] == "not_found"
        assert world.get("/training/teachers", **who)["items"] == []
        assert world.get("/training/roles", **who)["items"] == []
    for who in (training.college, training.province, {"role": Role.MINISTRY}):
        assert world.get(address, **who)["name"] == "孙*红"
        assert len(world.get(f"/training/roles?role=seed_teacher&teacher_id={teacher}", **who)["items"]) == 1
    end, why = f"/training/roles/{role['id']}/end", {"reason": "Retires."}
    assert world.post(end, why, expect=403, **away)["code"] == "organization_not_allowed"
    assert world.post(end, why, expect=200, **training.college)["end_reason"] == "Retires."
    assert world.post(end, why, expect=409, **training.college)["code"] == "teacher_role_ended"
    world.post(seed, type_, **training.college)  # named anew


@pytest.mark.rule("OP-08")
def test_who_leaves_the_college_loses_the_roles_held_there(world: World, training: Training) -> None:
    teacher = training.teacher()
    address = f"/training/teachers/{teacher}"
    corrected = world.send("PUT", address, {"name": "孙小兰", "subject": "BIM"}, expect=200, **training.college)
    assert (corrected["name"], corrected["subject"]) == ("孙*兰", "BIM")
    type_ = {"certificate_type_id": training.type_id}
    world.post(f"{address}/seed-teacher", type_, **training.college)
    assert world.post(f"{address}/leaving", expect=200, **training.college)["state"] == "left"
    assert world.post(f"{address}/leaving", expect=409, **training.college)["code"] == "teacher_is_left"
    (role,) = world.get("/training/roles", **training.college)["items"]
    assert role["ended_at"] is not None
    refused = world.post(f"{address}/seed-teacher", type_, expect=409, **training.college)
    assert refused["code"] == "teacher_is_left"
    assert training.enrol(training.announced()["id"], teacher, 409, name="孙小兰")["code"] == "teacher_is_left"


@pytest.mark.rule("OP-15")
def test_an_expert_is_reviewed_once_and_a_rejected_one_is_proposed_again(world: World, training: Training) -> None:
    expert = training.expert("research", approved=False)
    address = f"/training/experts/{expert}"
    review = {"approved": True, "reviewer": "培训专家委员会", "opinion": "ok"}
    assert (
        world.post(f"{address}/review", review, expect=409, **training.reviewer)["code"]
        == "training_expert_is_rejected"
    )
    body = {"name": "钱学森", "source": "research", "employer": "某所", "specialty": "x", "qualification": "院士"}
    assert world.send("PUT", address, body, expect=200, **training.teo)["state"] == "proposed"
    assert world.post(f"{address}/review", review, expect=409, **training.teo)["code"] == "review_of_own_entry"
    approved = world.post(f"{address}/review", review, expect=200, **training.reviewer)
    assert (approved["state"], approved["reviewer"], approved["name"]) == ("approved", "培训专家委员会", "钱*森")
    refused = world.send("PUT", address, body, expect=409, **training.teo)
    assert refused["code"] == "training_expert_is_approved"
    other: dict[str, Any] = {"role": Role.TEO, "organization_id": uuid.UUID(world.admitted_teo(2)["id"])}
    assert world.get(address, expect=404, **other)["code"] == "not_found"
    assert world.post(f"{address}/removal", expect=403, **other)["code"] == "organization_not_allowed"
    twice = {"number": "N001", **body}
    assert world.post("/training/experts", twice, expect=409, **training.teo)["code"] == "training_expert_exists"
    assert len(world.get("/training/experts?source=research", **training.teo)["items"]) == 2
    assert world.get("/training/experts", **other)["items"] == []


@pytest.mark.rule("OP-15")
def test_whoever_entered_or_changed_an_expert_does_not_review_them(world: World, training: Training) -> None:
    expert = training.expert("enterprise", approved=None)
    address = f"/training/experts/{expert}"
    review = {"approved": True, "reviewer": "培训专家委员会", "opinion": "ok"}
    assert world.post(f"{address}/review", review, expect=409, **training.teo)["code"] == "review_of_own_entry"
    body = {"name": "钱学森", "source": "enterprise", "employer": "某厂", "specialty": "x", "qualification": "技师"}
    world.send("PUT", address, body, expect=200, **training.reviewer)
    assert world.post(f"{address}/review", review, expect=409, **training.reviewer)["code"] == "review_of_own_entry"
    assert world.get(address, **training.teo)["state"] == "proposed"


@pytest.mark.rule("OP-18")
def test_workload_counts_by_the_ratio_of_its_day_and_is_exported_exactly(
    world: World, training: Training, other_college: Callable[[], dict[str, Any]]
) -> None:
    teacher, today = training.teacher(), clock.today()

    def lessons(number: str, days: int = 0, expect: int = 201, **changes: Any) -> dict[str, Any]:
        body = {"teacher_id": teacher, "certificate_type_id": training.type_id, "what": "实训"}
        body |= {"taught_on": str(today + timedelta(days=days)), "lessons": number} | changes
        return dict(world.post("/training/workloads", body, expect=expect, **training.college))

    def ratio(value: str, days: int = 0, expect: int = 201) -> dict[str, Any]:
        body = {"ratio": value, "in_force_from": str(today + timedelta(days=days))}
        return dict(world.post("/training/workload-ratios", body, expect=expect, **training.college))

    assert lessons("2", expect=409)["code"] == "workload_ratio_missing"
    ratio("1.2", -30)
    assert ratio("1.3", -1, 422)["code"] == "workload_ratio_too_early"
    ratio("1.3333")
    assert ratio("1.4", 0, 409)["code"] == "workload_ratio_exists"
    assert ratio("1.23456", 5, 422)["code"] == "invalid"
    assert lessons("2", -1)["workload"] == "2.400000"
    assert lessons("0.25")["workload"] == "0.333325"
    wrong = lessons("24")
    assert lessons("1", 1, 422)["code"] == "workload_in_future"
    assert lessons("1", -31, 409)["code"] == "workload_ratio_missing"
    for number in ("0", "24.01", "1.005", "NaN"):
        assert lessons(number, expect=422)["code"] == "invalid"
    assert lessons("1", expect=422, teacher_id=str(uuid.uuid4()))["code"] == "teacher_unknown"
    address = f"/training/workloads/{wrong['id']}/withdrawal"
    away = other_college()
    assert world.post(address, expect=403, **away)["code"] == "organization_not_allowed"
    world.post(address, expect=200, **training.college)
    assert world.post(address, expect=409, **training.college)["code"] == "workload_withdrawn"

    def report(query: str = "", **who: Any) -> list[tuple[str, str]]:
        items = world.get(f"/training/workload-report?{query}", **(who or training.college))["items"]
        return [(one["lessons"], one["workload"]) for one in items]

    training.teacher("李四")  # has taught nothing
    assert report(f"taught_from={today - timedelta(days=30)}") == [("2.25", "2.733325")]
    assert report(f"taught_from={today}&taught_to={today}") == [("0.25", "0.333325")]
    assert report(f"taught_to={today - timedelta(days=2)}") == []
    assert report(f"taught_from={today}", **away) == []
    assert report(f"taught_from={today}", **training.province) == [("0.25", "0.333325")]
    csv = world.registry.call(
        "GET", f"/registry/v1/training/workload-report?format=csv&taught_to={today}", expect=200, **training.college
    )
    heading, line = csv.get_data(as_text=True).lstrip("\ufeff").splitlines()
    assert heading.split(",")[-2:] == ["lessons", "workload"]
    assert line.split(",")[-2:] == ["2.25", "2.733325"]
    with time_machine.travel(clock.now() + timedelta(days=1)):
        assert lessons("1", 1)["ratio"] == "1.3333"
    assert len(world.get("/training/workloads", **training.college)["items"]) == 4
    assert len(world.get("/training/workload-ratios", **training.province)["items"]) == 2
    assert world.get("/training/workloads", **away)["items"] == []
