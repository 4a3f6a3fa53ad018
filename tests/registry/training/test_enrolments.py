"""Teachers take part of their own will, and are certified for nothing (OP-08, OP-11, OP-12)."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from tests.registry.exits.test_exit_cases import step, verified
from tests.registry.training.conftest import Training
from tests.registry.world import World


@pytest.mark.rule("OP-11")
def test_nobody_is_enrolled_without_the_teachers_own_consent(world: World, training: Training) -> None:
    programme, teacher = training.announced(), training.teacher()
    yesterday = (clock.now() - timedelta(days=1)).isoformat()
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    for consent, code in (
        ({"given": False}, "training_without_consent"),
        ({"name": "王建国"}, "consent_of_another"),
        ({"given_at": yesterday}, "consent_before_announcement"),
        ({"given_at": tomorrow}, "consent_in_future"),
        ({"given_by": ""}, "invalid"),
    ):
        assert training.enrol(programme["id"], teacher, 422, **consent)["code"] == code
    assert world.get("/training/enrolments", **training.college)["items"] == []
    made = training.enrol(programme["id"], teacher, name="孙 小红")
    assert (made["state"], made["consent_by"]) == ("enrolled", "孙*红")
    assert made["consented_at"] is not None
    assert training.enrol(programme["id"], teacher, 409)["code"] == "teacher_already_enrolled"


@pytest.mark.rule("OP-11")
def test_a_teacher_may_change_their_mind_and_the_place_is_free_again(world: World, training: Training) -> None:
    programme = training.announced(places=1)
    first, second = training.teacher(), training.teacher("李四")
    enrolled = training.enrol(programme["id"], first)
    assert training.enrol(programme["id"], second, 409, name="李四")["code"] == "programme_full"
    address = f"/training/enrolments/{enrolled['id']}/withdrawal"
    assert world.post(address, expect=200, **training.college)["state"] == "withdrawn"
    assert world.post(address, expect=409, **training.college)["code"] == "enrolment_is_withdrawn"
    assert training.enrol(programme["id"], second, name="李四")["state"] == "enrolled"
    assert training.enrol(programme["id"], first, 409)["code"] == "programme_full"


@pytest.mark.rule("OP-10")
def test_one_enrols_until_the_announced_day_included(training: Training) -> None:
    programme = training.announced()
    last_day = clock.now() + timedelta(days=5)
    with time_machine.travel(last_day):
        training.enrol(programme["id"], training.teacher())
    with time_machine.travel(last_day + timedelta(days=1)):
        refused = training.enrol(programme["id"], training.teacher("李四"), 409, name="李四")
    assert (refused["code"], refused["clause"]) == ("enrolment_over", "OP-10")


@pytest.mark.rule("OP-08", "OP-12")
def test_who_took_part_is_certified_by_the_types_teo_for_nothing(world: World, training: Training) -> None:
    programme, teacher = training.announced(), training.teacher()
    enrolled = training.enrol(programme["id"], teacher)
    address = f"/training/enrolments/{enrolled['id']}/certification"
    assert world.post(address, {}, expect=409, **training.teo)["code"] == "training_not_attended"
    session = f"/training/sessions/{programme['sessions'][0]['id']}/attendance"
    present = {"present": [{"enrolment_id": enrolled["id"], "lessons": 4}]}
    assert world.send("PUT", session, present, expect=409, **training.teo)["code"] == "session_not_held"
    with time_machine.travel(clock.now() + timedelta(days=10)):
        more = {"present": [{"enrolment_id": enrolled["id"], "lessons": 5}]}
        assert world.send("PUT", session, more, expect=422, **training.teo)["code"] == "too_many_lessons"
        stranger = {"present": [{"enrolment_id": str(uuid.uuid4()), "lessons": 1}]}
        assert world.send("PUT", session, stranger, expect=422, **training.teo)["code"] == "not_enrolled_here"
        twice = {"present": present["present"] * 2}
        assert world.send("PUT", session, twice, expect=422, **training.teo)["code"] == "invalid"
        for _ in range(2):
            assert world.send("PUT", session, present, expect=200, **training.teo) == present
        assert world.get(session, **training.teo) == present
        assert world.get(session, Role.TEO, 404, organization_id=uuid.uuid4())["code"] == "not_found"
        fee = world.post(address, {"fee_fen": 1}, expect=422, **training.teo)
        assert (fee["code"], fee["clause"]) == ("certification_fee_not_zero", "OP-12")
        other: dict[str, Any] = {"role": Role.TEO, "organization_id": uuid.UUID(world.admitted_teo(2)["id"])}
        assert world.post(address, {}, expect=403, **other)["code"] == "organization_not_allowed"
        made = world.post(address, {}, **training.teo)
        assert (made["role"], made["certification_fee_fen"], made["teacher_id"]) == ("evaluator", 0, teacher)
        assert world.post(address, {}, expect=409, **training.teo)["code"] == "teacher_role_held"
    for who, seen in ((training.teo, 1), (other, 0), (training.college, 1), (training.province, 1)):
        assert len(world.get("/training/roles", **who)["items"]) == seen


@pytest.mark.rule("OP-15")
def test_an_expert_who_left_the_team_has_taught_nothing_until_another_takes_over(
    world: World, training: Training
) -> None:
    programme = training.announced()
    session = programme["sessions"][0]["id"]
    world.post(f"/training/experts/{training.experts[0]}/removal", expect=200, **training.teo)
    replacement = f"/training/sessions/{session}/replacement"
    with time_machine.travel(clock.now() + timedelta(days=10)):
        address = f"/training/sessions/{session}/attendance"
        nobody: dict[str, Any] = {"present": []}
        refused = world.send("PUT", address, nobody, expect=409, **training.teo)
        assert refused["code"] == "training_expert_not_reviewed"
        gone = {"expert_id": training.experts[0]}
        assert world.post(replacement, gone, expect=409, **training.teo)["code"] == "training_expert_not_reviewed"
        outsider = {"expert_id": str(uuid.uuid4())}
        assert world.post(replacement, outsider, expect=422, **training.teo)["code"] == "expert_not_of_programme"
        world.post(replacement, {"expert_id": training.experts[1]}, expect=200, **training.teo)
        world.send("PUT", address, nobody, expect=200, **training.teo)


@pytest.mark.rule("OP-01")
def test_a_college_enrols_its_own_teachers_and_a_province_trains_its_own_colleges(
    world: World, training: Training, other_college: Callable[[], dict[str, Any]]
) -> None:
    programme, teacher = training.announced(), training.teacher()
    away = other_college()
    body = {"teacher_id": teacher, "consent": training.consent()}
    address = f"/training/programmes/{programme['id']}/enrolments"
    assert world.post(address, body, expect=422, **away)["code"] == "teacher_unknown"
    enrolled = training.enrol(programme["id"], teacher)
    withdrawal = f"/training/enrolments/{enrolled['id']}/withdrawal"
    assert world.post(withdrawal, expect=403, **away)["code"] == "organization_not_allowed"
    for who, seen in ((training.college, 1), (away, 0), (training.teo, 1), (training.province, 1)):
        assert len(world.get("/training/enrolments", **who)["items"]) == seen
        world.get(f"/training/enrolments/{enrolled['id']}", expect=200 if seen else 404, **who)
    elsewhere: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "32"}
    assert world.get("/training/enrolments", **elsewhere)["items"] == []

    government = training.government_draft()
    asked = training.request(government)
    yes = {"accepted": True, "answer": "Yes."}
    world.post(f"/training/requests/{asked['id']}/answer", yes, expect=200, **training.teo)
    plan = training.programme_body()
    del plan["certificate_type_id"]
    world.send("PUT", f"/training/programmes/{government}", plan, expect=200, **training.province)
    training.announce(government, **training.province)
    refused = world.post(f"/training/programmes/{government}/enrolments", body, expect=409, **away)
    assert (refused["code"], refused["clause"]) == ("programme_of_other_province", "OP-01")
    assert training.enrol(government, teacher)["state"] == "enrolled"


@pytest.mark.rule("OP-36", "OP-41")
def test_without_an_agreement_nobody_is_certified_and_of_a_teo_that_left_nobody_enrols(
    world: World, training: Training
) -> None:
    programme, teacher = training.announced(), training.teacher()
    enrolled = training.enrol(programme["id"], teacher)
    address = f"/training/enrolments/{enrolled['id']}/certification"
    with time_machine.travel(clock.now() + timedelta(days=400)):
        assert world.post(address, {}, expect=409, **training.teo)["code"] == "no_agreement_in_force"
    case = verified(world, training.teo_id, Role.TEO)
    step(world, case, "decision")
    assert training.enrol(programme["id"], training.teacher("李四"), 409, name="李四")["code"] == "organization_exited"
    assert world.post(address, {}, expect=409, **training.teo)["code"] == "organization_exited"
