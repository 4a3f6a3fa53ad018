"""Who may read the history, and how."""

import uuid
from typing import Any

import pytest

from onex.chassis.access import Role
from tests.registry.history.test_history import HISTORY, entries
from tests.registry.world import World


@pytest.mark.rule("PP-37")
def test_an_organization_sees_what_became_of_its_own_record_and_regulators_see_all(world: World) -> None:
    province, teo, college = world.province(), world.admitted_teo(), world.admitted_college()

    def seen(role: Role, **who: Any) -> set[str]:
        return {one["record_id"] for one in world.get(HISTORY + "?size=200", role, **who)["items"]}

    everything = seen(Role.OPERATOR)
    assert everything == seen(Role.MINISTRY) > {province["id"], teo["id"], college["id"]}
    assert seen(Role.TEO, organization_id=uuid.UUID(teo["id"])) == {teo["id"]}
    assert seen(Role.COLLEGE, organization_id=uuid.UUID(college["id"])) == {college["id"]}
    assert seen(Role.PROVINCE, province_code="11") == {province["id"]}
    assert seen(Role.PROVINCE, province_code="32") == set()
    assert seen(Role.TEO, organization_id=uuid.uuid4()) == seen(Role.TEO) == set()
    mine = {"organization_id": uuid.UUID(teo["id"])}
    assert world.get(f"{HISTORY}?record_id={college['id']}", Role.TEO, **mine)["items"] == []
    for role in (Role.PARTNER, Role.LEARNER):
        world.get(HISTORY, role, 403)
    for role in set(Role) - {Role.OPERATOR, Role.MINISTRY}:
        world.get(f"{HISTORY}/verification", role, 403)


def test_the_list_is_filtered_and_paged(world: World) -> None:
    world.province()
    world.province("12", division_code="120000")
    first = world.get(f"{HISTORY}?table=organization&size=1")
    second = world.get(f"{HISTORY}?table=organization&size=1&cursor={first['next']}")
    assert first["items"][0]["seq"] > second["items"][0]["seq"]
    assert world.get(f"{HISTORY}?actor=nobody")["items"] == []
    assert world.get(f"{HISTORY}?verb=organizations.&at_from=2020-01-01")["items"] != []
    csv = world.registry.call("GET", f"/registry/v1{HISTORY}?format=csv", role=Role.OPERATOR, expect=200)
    assert csv.get_data(as_text=True).startswith("\ufeffseq,at,actor")


def test_verification_answers_for_the_chain(world: World) -> None:
    world.province()
    found = world.get(f"{HISTORY}/verification")
    chain = entries(world.registry)
    assert (found["length"], found["head"]) == (len(chain), chain[-1].hash.hex())
    assert (found["verified_from"], found["verified_to"], found["next"], found["broken"]) == (1, len(chain), None, None)
    assert world.get(f"{HISTORY}/verification?from_seq=0", expect=422)["code"] == "invalid"
