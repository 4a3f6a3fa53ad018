"""Programmes are announced to everyone with their fees, fit to be held, before anyone enrols."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from onex.chassis import clock
from onex.chassis.access import Role
from tests.registry.training.conftest import Training
from tests.registry.world import World


@pytest.mark.rule("PP-10", "OP-10")
def test_nobody_is_trained_for_a_type_whose_standards_are_all_retired(world: World, training: Training) -> None:
    drafted = training.draft()
    (standard,) = world.get(f"/certificate-types/{training.type_id}/standards")["items"]
    path = f"/certificate-types/{training.type_id}/standards/{standard['id']}/retirement"
    world.post(path, {"reason": "过期"}, expect=200)
    assert training.draft(expect=409)["code"] == "certificate_type_retired"
    assert training.announce(drafted["id"], expect=409)["code"] == "certificate_type_retired"


@pytest.mark.rule("OP-10")
def test_nobody_sees_or_enrols_in_a_programme_before_it_is_announced(training: Training) -> None:
    draft, teacher = training.draft(), training.teacher()
    assert draft["state"] == "draft"
    assert training.public("announcements")["items"] == []
    assert training.public(f"announcements/{draft['id']}", 404)["code"] == "not_found"
    refused = training.enrol(draft["id"], teacher, 409)
    assert (refused["code"], refused["clause"]) == ("programme_is_draft", "OP-10")

    training.announce(draft["id"])
    (shown,) = training.public("announcements")["items"]
    assert (shown["fee_fen"], shown["certification_fee_fen"], shown["state"]) == (80_000, 0, "announced")
    whole = training.public(f"announcements/{draft['id']}")
    assert whole["experts_by_source"] == {"enterprise": 2, "college": 2, "research": 1}
    assert [one["mode"] for one in whole["sessions"]] == ["offline", "online"]
    assert "expert_id" not in whole["sessions"][0]
    assert training.enrol(draft["id"], teacher)["fee_fen"] == 80_000


@pytest.mark.rule("OP-10")
def test_what_was_announced_is_not_changed_any_more(world: World, training: Training) -> None:
    draft = training.draft()
    body = training.programme_body(fee_fen=90_000)
    del body["certificate_type_id"]
    address = f"/training/programmes/{draft['id']}"
    corrected = world.send("PUT", address, body, expect=200, **training.teo)
    assert (corrected["fee_fen"], len(corrected["sessions"]), len(corrected["experts"])) == (90_000, 2, 5)
    training.announce(draft["id"])
    assert world.send("PUT", address, body, expect=409, **training.teo)["code"] == "programme_is_announced"
    assert training.announce(draft["id"], 409)["code"] == "programme_is_announced"


@pytest.mark.rule("OP-12")
def test_a_programme_with_a_fee_for_certifying_is_refused(training: Training) -> None:
    refused = training.draft(422, certification_fee_fen=1)
    assert (refused["code"], refused["clause"]) == ("certification_fee_not_zero", "OP-12")


@pytest.mark.rule("OP-14")
def test_a_programme_with_too_few_experts_of_industry_is_not_announced(world: World, training: Training) -> None:
    listed = [{"expert_id": one, "rank": "other", "pay_fen_a_lesson": 0} for one in training.experts]
    draft = training.draft(experts=[listed[0], *listed[2:]])
    refused = training.announce(draft["id"], 409)
    assert (refused["code"], refused["from_industry"], refused["experts"]) == ("too_few_industry_experts", 1, 4)
    assert world.get(f"/training/programmes/{draft['id']}", **training.teo)["state"] == "draft"
    assert training.announced()["state"] == "announced"  # two of five


@pytest.mark.rule("OP-15")
@pytest.mark.parametrize("approved", [None, False])
def test_a_programme_with_an_expert_who_is_not_approved_is_not_announced(
    training: Training, approved: bool | None
) -> None:
    waiting = training.expert("enterprise", approved)
    training.team["enterprise"].append(waiting)
    refused = training.announce(training.draft()["id"], 409)
    assert (refused["code"], refused["clause"]) == ("training_expert_not_reviewed", "OP-15")


@pytest.mark.rule("PP-40")
def test_a_teo_whose_team_is_not_mixed_announces_nothing(world: World, training: Training) -> None:
    (researcher,) = training.team.pop("research")
    world.post(f"/training/experts/{researcher}/removal", expect=200, **training.teo)
    refused = training.announce(training.draft()["id"], 409)
    assert (refused["code"], refused["missing"]) == ("expert_team_not_mixed", ["research"])


@pytest.mark.rule("OP-13")
def test_a_programme_mainly_held_elsewhere_is_not_announced(training: Training) -> None:
    elsewhere = training.session(venue_kind="enterprise", venue_id=None)
    draft = training.draft(sessions=[training.session(), elsewhere])
    refused = training.announce(draft["id"], 409)
    assert (refused["code"], refused["at_colleges"], refused["offline"]) == ("too_few_sessions_at_colleges", 1, 2)
    empty = training.draft(sessions=[])
    assert training.announce(empty["id"], 409)["code"] == "programme_without_sessions"
    assert training.announced(sessions=[training.session(), training.session(11), elsewhere])["state"] == "announced"


@pytest.mark.rule("OP-36")
def test_a_teo_without_an_agreement_announces_nothing_and_a_late_announcement_is_refused(
    world: World, training: Training
) -> None:
    draft = training.draft()
    with time_machine.travel(clock.now() + timedelta(days=6)):
        assert training.announce(draft["id"], 409)["code"] == "enrolment_over"
    with time_machine.travel(clock.now() + timedelta(days=400)):
        later = training.draft()
        assert training.announce(later["id"], 409)["code"] == "no_agreement_in_force"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"enrol_until": "2999-01-01"}, "programme_days_wrong"),
        ({"fee_fen": -1}, "invalid"),
        ({"places": 0}, "invalid"),
        ({"trains_for": "driver"}, "invalid"),
        ({"experts": [{"expert_id": str(uuid.UUID(int=7)), "rank": "other", "pay_fen_a_lesson": 0}]}, None),
        ({"certificate_type_id": str(uuid.UUID(int=7))}, "certificate_type_unknown"),
    ],
)
def test_a_wrong_programme_is_refused(training: Training, change: dict[str, Any], code: str | None) -> None:
    assert training.draft(422, **change)["code"] == (code or "training_expert_unknown")


@pytest.mark.rule("OP-13", "OP-15")
def test_a_wrong_session_is_refused(training: Training) -> None:
    stranger = training.expert("college")
    for change, code in (
        ({"held_on": "2019-01-01"}, "session_outside_programme"),
        ({"venue_kind": None}, "venue_wrong"),
        ({"venue_id": None}, "venue_wrong"),
        ({"venue_kind": "enterprise"}, "venue_wrong"),
        ({"venue_id": training.teo_id}, "organization_unknown"),
        ({"expert_id": stranger}, "expert_not_of_programme"),
    ):
        assert training.draft(422, sessions=[training.session(**change)])["code"] == code


def test_the_same_expert_twice_or_another_teos_expert_is_refused(world: World, training: Training) -> None:
    one = {"expert_id": training.experts[0], "rank": "other", "pay_fen_a_lesson": 0}
    assert training.draft(422, experts=[one, one])["code"] == "invalid"
    other = world.admitted_teo(2)
    type_id = world.published_type(other["id"], "002")["id"]
    who: dict[str, Any] = {"role": Role.TEO, "organization_id": uuid.UUID(other["id"])}
    refused = training.draft(422, who=who, certificate_type_id=type_id)
    assert refused["code"] == "training_expert_unknown"


@pytest.mark.rule("OP-01")
def test_a_programme_is_its_organizers_own(world: World, training: Training) -> None:
    other = world.admitted_teo(2)
    who: dict[str, Any] = {"role": Role.TEO, "organization_id": uuid.UUID(other["id"])}
    assert training.draft(403, who=who)["code"] == "organization_not_allowed"
    draft = training.draft()
    address = f"/training/programmes/{draft['id']}"
    for stranger in (who, training.province, {"role": Role.MINISTRY}):
        assert training.announce(draft["id"], 403, **stranger)["code"] == "organization_not_allowed"
        cancelled = world.post(f"{address}/cancellation", {"reason": "x"}, expect=403, **stranger)
        assert cancelled["code"] == "organization_not_allowed"
    assert world.get(address, **training.teo)["id"] == draft["id"]
    assert world.get(address, Role.MINISTRY)["id"] == draft["id"]
    for stranger in (who, training.province):
        assert world.get(address, expect=404, **stranger)["code"] == "not_found"
    for reader, seen in ((training.teo, 1), (who, 0), (training.province, 0), (training.college, 0)):
        assert len(world.get("/training/programmes", **reader)["items"]) == seen
    training.announce(draft["id"])
    for reader in (training.teo, who, training.province, training.college):
        assert len(world.get("/training/programmes", **reader)["items"]) == 1
        assert len(world.get("/training/programmes?state=draft", **reader)["items"]) == 0
    government = training.government_draft()
    drafts = "/training/programmes?state=draft"
    for nobody in (Role.TEO, Role.PROVINCE):
        assert world.get(drafts, nobody)["items"] == [], "no scope is no scope, not everyone's"
    assert [one["id"] for one in world.get(drafts, **training.province)["items"]] == [government]


def test_a_programme_is_finished_on_its_last_day_or_cancelled_with_a_reason(world: World, training: Training) -> None:
    first, second = training.announced(), training.announced()
    address = f"/training/programmes/{first['id']}"
    assert world.post(f"{address}/finish", expect=409, **training.teo)["code"] == "programme_not_over"
    with time_machine.travel(clock.now() + timedelta(days=12)):
        assert world.post(f"{address}/finish", expect=200, **training.teo)["state"] == "finished"
    over = world.post(f"{address}/cancellation", {"reason": "x"}, expect=409, **training.teo)
    assert over["code"] == "programme_is_finished"
    other = f"/training/programmes/{second['id']}/cancellation"
    cancelled = world.post(other, {"reason": "Illness."}, expect=200, **training.teo)
    assert (cancelled["state"], cancelled["end_reason"]) == ("cancelled", "Illness.")
    shown = training.public(f"announcements/{second['id']}")
    assert shown["state"] == "cancelled"


@pytest.mark.rule("PP-40")
def test_the_calendar_names_the_types_that_train_nobody_in_a_year(world: World, training: Training) -> None:
    year = (clock.today() + timedelta(days=10)).year
    world.published_type(training.teo_id, "002")
    training.draft()

    def calendar(query: str, **who: Any) -> list[tuple[str, int, bool]]:
        items = world.get(f"/training/calendar?year={year}&sort=code{query}", **(who or {"role": Role.MINISTRY}))[
            "items"
        ]
        return [(one["type_code"], one["programmes"], one["trained"]) for one in items]

    assert calendar("") == [("001", 0, False), ("002", 0, False)], "a draft is no programme yet"
    announced = training.announced()
    assert calendar("") == [("001", 1, True), ("002", 0, False)]
    assert calendar("&gaps=true") == [("002", 0, False)]
    other = world.admitted_teo(2)
    assert calendar("", role=Role.TEO, organization_id=uuid.UUID(other["id"])) == []
    world.post(f"/training/programmes/{announced['id']}/cancellation", {"reason": "x"}, expect=200, **training.teo)
    assert calendar("&gaps=true") == [("001", 0, False), ("002", 0, False)]
    assert world.get("/training/calendar", Role.MINISTRY, 422)["code"] == "invalid"
