"""Each door of the registry is open to the roles named here, and shut to every other (PP-37)."""

import uuid
from typing import Any

import pytest
from flask import Flask

from onex.chassis.access import Role
from onex.cli.services import web_of
from tests.harness.service import json_of
from tests.registry.world import API, World

PUBLIC: frozenset[Role] = frozenset()
OPERATOR = frozenset({Role.OPERATOR})
ALL = frozenset(Role)

DOORS: dict[tuple[str, str], frozenset[Role]] = {
    ("POST", "/oauth/token"): PUBLIC,
    ("GET", "/keys"): PUBLIC,
    ("POST", "/clients"): OPERATOR,
    ("POST", "/organizations"): OPERATOR,
    ("GET", "/organizations"): ALL,
    ("GET", "/organizations/{id}"): ALL,
    ("PUT", "/organizations/{id}/work-group"): frozenset({Role.OPERATOR, Role.COLLEGE}),
    ("POST", "/organizations/{id}/admission"): frozenset({Role.OPERATOR, Role.PROVINCE}),
    ("POST", "/agreements"): OPERATOR,
    ("GET", "/agreements"): frozenset({Role.OPERATOR, Role.MINISTRY, Role.PROVINCE, Role.TEO}),
    ("POST", "/certificate-types"): OPERATOR,
    ("GET", "/certificate-types"): PUBLIC,
    ("POST", "/certificate-types/{id}/standards"): frozenset({Role.OPERATOR, Role.TEO}),
    ("GET", "/certificate-types/{id}/standards"): frozenset({Role.OPERATOR, Role.MINISTRY, Role.TEO}),
    ("POST", "/certificate-types/{id}/standards/{id}/review"): OPERATOR,
    ("POST", "/certificate-types/{id}/publication"): OPERATOR,
    ("POST", "/cancelled-qualifications"): OPERATOR,
    ("POST", "/sites"): frozenset({Role.COLLEGE}),
    ("GET", "/sites"): ALL,
    ("POST", "/sites/{id}/settlement"): frozenset({Role.TEO, Role.PROVINCE}),
    ("POST", "/sites/{id}/filing"): frozenset({Role.PROVINCE}),
}


@pytest.mark.rule("PP-37")
@pytest.mark.parametrize("door", [door for door, roles in DOORS.items() if roles], ids=" ".join)
def test_a_door_is_shut_to_every_role_it_does_not_name(world: World, door: tuple[str, str]) -> None:
    method, path = door
    address = API + path.format(id=uuid.uuid4())
    body: dict[str, Any] = {} if method == "GET" else {"json": {}}
    answer = world.registry.call(method, address, expect=401, **body)
    assert json_of(answer)["code"] == "token_missing"
    for role in Role:
        answer = world.registry.call(method, address, role=role, organization_id=uuid.uuid4(), **body)
        turned_away = answer.status_code == 403 and json_of(answer)["code"] == "role_not_allowed"
        assert turned_away is (role not in DOORS[door]), f"{role}: {answer.status_code}"
        assert answer.status_code < 500


def test_no_door_is_missing_here(world: World) -> None:
    app = web_of("registry", world.registry.settings).routes["/registry"]
    assert isinstance(app, Flask)
    doors = {
        (method, "/".join("{id}" if part.startswith("<") else part for part in rule.rule.split("/")).removeprefix(API))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS") and rule.endpoint != "docs" and not rule.endpoint.startswith("api-docs.")
    }
    assert doors == set(DOORS)
