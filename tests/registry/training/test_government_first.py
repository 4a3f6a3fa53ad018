"""TEOs serve government training before their own, and experts are paid by the government's standard (OP-09)."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from onex.chassis import clock
from onex.chassis.access import Role
from tests.registry.training.conftest import Training
from tests.registry.world import World

YES, NO = {"accepted": True, "answer": "Gladly."}, {"accepted": False, "answer": "All are abroad."}


def days_of(days: int) -> dict[str, Any]:
    """A programme of the TEO's that starts in so many days."""
    first = clock.today() + timedelta(days=days)
    return {"starts_on": str(first), "ends_on": str(first + timedelta(days=2)), "enrol_until": str(first)}


@pytest.mark.rule("OP-09")
def test_a_teo_answers_a_government_before_it_announces_what_starts_earlier(world: World, training: Training) -> None:
    asked = training.request(training.government_draft(days=30))
    before = training.draft(**days_of(29), sessions=[training.session(29)])
    same_day = training.draft(**days_of(30), sessions=[training.session(30)])
    refused = training.announce(before["id"], 409)
    assert (refused["code"], refused["clause"]) == ("government_request_unanswered", "OP-09")
    assert training.announce(same_day["id"])["state"] == "announced"
    world.post(f"/training/requests/{asked['id']}/answer", NO, expect=200, **training.teo)
    assert training.announce(before["id"])["state"] == "announced"


@pytest.mark.rule("OP-09")
@pytest.mark.parametrize("by", ["withdrawal", "cancellation"])
def test_what_a_government_needs_no_more_holds_nothing_up(world: World, training: Training, by: str) -> None:
    programme = training.government_draft()
    asked = training.request(programme)
    own = training.draft()
    assert training.announce(own["id"], 409)["code"] == "government_request_unanswered"
    if by == "withdrawal":
        world.post(f"/training/requests/{asked['id']}/withdrawal", expect=200, **training.province)
    else:
        address = f"/training/programmes/{programme}/cancellation"
        world.post(address, {"reason": "No money."}, expect=200, **training.province)
    assert training.announce(own["id"])["state"] == "announced"
    answer = world.post(f"/training/requests/{asked['id']}/answer", YES, expect=409, **training.teo)
    assert answer["code"] == "training_request_is_withdrawn"


@pytest.mark.rule("OP-09")
def test_a_government_programme_engages_experts_of_teos_that_said_yes_at_the_standard(
    world: World, training: Training
) -> None:
    programme = training.government_draft()
    address = f"/training/programmes/{programme}"
    listed = [{"expert_id": one, "rank": "senior", "pay_fen_a_lesson": 50_000} for one in training.experts]
    body = training.programme_body(sessions=[training.session()], experts=listed)
    del body["certificate_type_id"]
    early = world.send("PUT", address, body, expect=422, **training.province)
    assert early["code"] == "training_expert_unknown"
    asked = training.request(programme)
    world.post(f"/training/requests/{asked['id']}/answer", YES, expect=200, **training.teo)
    world.send("PUT", address, body, expect=200, **training.province)
    missing = training.announce(programme, 409, **training.province)
    assert (missing["code"], missing["clause"]) == ("expert_pay_standard_missing", "OP-09")

    def standard(most: int, who: dict[str, Any], days: int = 0) -> None:
        first = str(clock.today() + timedelta(days=days))
        said = {"rank": "senior", "most_fen_a_lesson": most, "in_force_from": first, "document": "财行〔2016〕540号"}
        world.post("/training/expert-pay", said, **who)

    standard(100_000, {"role": Role.MINISTRY})
    standard(49_999, training.province)
    above = training.announce(programme, 409, **training.province)
    assert (above["code"], above["most_fen_a_lesson"]) == ("expert_pay_above_standard", 49_999)
    standard(50_000, training.province, days=10)  # in force on the programme's first day
    assert training.announce(programme, **training.province)["state"] == "announced"


@pytest.mark.rule("OP-09", "OP-01")
def test_requests_are_between_one_government_and_one_teo(world: World, training: Training) -> None:
    own = training.draft()
    body = {"teo_id": training.teo_id, "needs": "x"}
    refused = world.post(f"/training/programmes/{own['id']}/requests", body, expect=403, **training.province)
    assert refused["code"] == "organization_not_allowed"
    programme = training.government_draft()
    away: dict[str, Any] = {"role": Role.PROVINCE, "province_code": "32"}
    refused = world.post(f"/training/programmes/{programme}/requests", body, expect=403, **away)
    assert refused["code"] == "organization_not_allowed"
    asked = training.request(programme)
    assert training.request(programme, 409)["code"] == "training_request_exists"
    other: dict[str, Any] = {"role": Role.TEO, "organization_id": uuid.UUID(world.admitted_teo(2)["id"])}
    answer = f"/training/requests/{asked['id']}/answer"
    assert world.post(answer, YES, expect=403, **other)["code"] == "organization_not_allowed"
    withdrawn = world.post(f"/training/requests/{asked['id']}/withdrawal", expect=403, **away)
    assert withdrawn["code"] == "organization_not_allowed"
    for who, seen in ((training.teo, 1), (other, 0), (training.province, 1), (away, 0), ({"role": Role.MINISTRY}, 1)):
        assert len(world.get("/training/requests", **who)["items"]) == seen
        world.get(f"/training/requests/{asked['id']}", expect=200 if seen else 404, **who)
    assert world.post(answer, YES, expect=200, **training.teo)["state"] == "accepted"
    assert world.post(answer, NO, expect=409, **training.teo)["code"] == "training_request_is_accepted"


def test_a_standard_of_pay_is_a_governments_and_anyone_reads_it(world: World, training: Training) -> None:
    said = {"rank": "other", "most_fen_a_lesson": 1, "in_force_from": "2026-01-01", "document": "x"}
    assert world.post("/training/expert-pay", said, **training.province)["province_code"] == "11"
    twice = world.post("/training/expert-pay", said, expect=409, **training.province)
    assert twice["code"] == "expert_pay_standard_exists"
    assert world.post("/training/expert-pay", said, Role.MINISTRY)["province_code"] == "00"
    everyone = training.public("expert-pay?province_code=11")
    assert [one["most_fen_a_lesson"] for one in everyone["items"]] == [1]
