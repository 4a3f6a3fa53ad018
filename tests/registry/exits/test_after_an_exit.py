"""From the decision on nothing is begun for a certificate whose TEO has left, by whomever (OP-41)."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from onex.chassis import clock
from onex.chassis.access import Role
from tests.registry.exits.test_exit_cases import step, verified
from tests.registry.world import World


@pytest.mark.rule("OP-41", "OP-07", "OP-23", "OP-19", "OP-35", "OP-28")
def test_no_quota_site_consortium_mapping_or_fee_is_begun_for_a_certificate_whose_teo_has_left(world: World) -> None:
    teo = world.admitted_teo()
    kind = world.published_type(teo["id"])
    colleges = [world.admitted_college(number)["id"] for number in (100, 101)]
    college: dict[str, Any] = {"role": Role.COLLEGE, "organization_id": uuid.UUID(colleges[0])}
    teo_itself: dict[str, Any] = {"role": Role.TEO, "organization_id": uuid.UUID(teo["id"])}
    of_level = {"certificate_type_id": kind["id"], "level": "primary"}
    today = clock.today()
    bodies: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "/sites": (world.site_body(kind["id"]), college),
        "/consortia": (
            {
                "certificate_type_id": kind["id"], "name_zh": "联盟", "purpose": "Shared sites",
                "college_ids": colleges,
            },
            college,
        ),
        "/course-mappings": (
            of_level | {"programme_code": "510204", "programme_name": "软件技术",
                        "courses": [{"code": "C1", "name": "HTML", "hours": 64}]},
            college,
        ),
        "/fee-ceilings": (
            of_level | {"amount_fen": 100, "argument": "cost", "in_force_from": str(today + timedelta(days=9)),
                        "cost_items": [{"name": "paper", "amount_fen": 100}]},
            teo_itself,
        ),
    }  # fmt: skip
    case = verified(world, teo["id"], Role.TEO)
    assert world.quota(colleges[0], kind["id"], 5)["seats"] == 5
    step(world, case, "decision")
    for path, (body, who) in bodies.items():
        assert world.post(path, body, expect=409, **who)["code"] == "organization_exited", path
    assert world.quota(colleges[0], kind["id"], 6, expect=409)["code"] == "organization_exited"
