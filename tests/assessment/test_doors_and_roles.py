"""Every door against every role that may not enter it, without a token, with an unknown id and with broken JSON."""

import pytest

from onex.chassis.access import Role
from onex.chassis.ids import new_id
from tests.assessment.world import World
from tests.harness.service import json_of

READERS = {Role.TEO, Role.COLLEGE, Role.PROVINCE, Role.OPERATOR, Role.MINISTRY}
ONE = "01930a3c-7b00-7000-8000-00000000000e"  # nobody has it
DOORS: list[tuple[str, str, set[Role]]] = [
    ("POST", "/plans", {Role.TEO}),
    ("GET", "/plans", READERS),
    ("GET", f"/plans/{ONE}", READERS),
    ("POST", f"/plans/{ONE}/publication", {Role.TEO}),
    ("POST", "/sittings", {Role.TEO}),
    ("GET", "/sittings", READERS),
    ("POST", f"/plans/{ONE}/rosters", {Role.TEO, Role.COLLEGE}),
    ("GET", f"/plans/{ONE}/registrations", {Role.TEO, Role.COLLEGE, Role.OPERATOR, Role.MINISTRY}),
    ("GET", f"/plans/{ONE}/quotas", {Role.TEO, Role.COLLEGE, Role.OPERATOR, Role.MINISTRY}),
    ("GET", f"/plans/{ONE}/registrations.csv", {Role.TEO, Role.OPERATOR}),
    ("GET", "/stranded-sittings", READERS),
    ("GET", f"/plans/{ONE}/stranded-registrations", READERS),
    ("POST", f"/plans/{ONE}/transfers", {Role.TEO, Role.COLLEGE}),
    ("GET", f"/plans/{ONE}/transfers", {Role.TEO, Role.OPERATOR, Role.MINISTRY}),
    ("POST", f"/plans/{ONE}/releases", {Role.TEO, Role.OPERATOR}),
    ("GET", "/released-registrations", {Role.TEO, Role.COLLEGE, Role.OPERATOR, Role.MINISTRY}),
    ("POST", f"/released-registrations/{ONE}/refund", {Role.TEO, Role.OPERATOR}),
    ("POST", f"/plans/{ONE}/results", {Role.TEO}),
    ("POST", f"/plans/{ONE}/results/publication", {Role.TEO}),
    ("GET", f"/plans/{ONE}/results/summary", {Role.TEO, Role.OPERATOR, Role.MINISTRY}),
    ("POST", f"/plans/{ONE}/annulments", {Role.TEO}),
    ("GET", "/annulments", {Role.TEO, Role.OPERATOR, Role.MINISTRY}),
    ("GET", f"/annulments/{ONE}", {Role.TEO, Role.OPERATOR, Role.MINISTRY}),
    ("POST", f"/annulments/{ONE}/approval", {Role.TEO, Role.OPERATOR}),
    ("POST", f"/annulments/{ONE}/refusal", {Role.TEO, Role.OPERATOR}),
    ("POST", f"/annulments/{ONE}/withdrawal", {Role.TEO}),
    ("GET", "/annulled-results", {Role.TEO, Role.COLLEGE, Role.OPERATOR, Role.MINISTRY}),
    ("GET", "/my-results", {Role.LEARNER}),
    ("GET", f"/jobs/{ONE}", set(Role)),
    ("GET", f"/jobs/{ONE}/refusals.csv", set(Role)),
]
IDS = [f"{method} {path}".replace(ONE, "<id>") for method, path, _ in DOORS]


@pytest.mark.parametrize(("method", "path", "allowed"), DOORS, ids=IDS)
def test_a_door_opens_to_its_roles_and_to_no_other(world: World, method: str, path: str, allowed: set[Role]) -> None:
    for role in Role:
        learner_id = new_id() if role is Role.LEARNER else None
        answer = world.call(method, path, role=role, organization_id=new_id(), learner_id=learner_id)
        refused = answer.status_code == 403 and json_of(answer)["code"] == "role_not_allowed"
        assert refused == (role not in allowed), (role, answer.status_code)
        assert answer.status_code < 500


@pytest.mark.parametrize(("method", "path", "allowed"), DOORS, ids=IDS)
def test_without_a_token_nobody_enters(world: World, method: str, path: str, allowed: set[Role]) -> None:
    answer = world.service.call(method, f"/assessment/v1{path}", expect=401)
    assert json_of(answer)["code"] == "token_missing"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        (method, path)
        for method, path, _ in DOORS
        if ONE in path
        and not (method == "POST" and path.endswith(("rosters", "results", "transfers", "releases", "annulments")))
    ],
)
def test_an_unknown_id_is_not_found(world: World, method: str, path: str) -> None:
    assert json_of(world.call(method, path, expect=404))["code"] == "not_found"


@pytest.mark.parametrize("path", ["/plans", "/sittings"])
def test_broken_json_is_malformed(world: World, path: str) -> None:
    answer = world.call("POST", path, data=b"{oops", content_type="application/json", expect=400)
    assert json_of(answer)["code"] == "malformed"


def test_the_matrix_names_every_door(world: World) -> None:
    spec = json_of(world.service.call("GET", "/assessment/v1/openapi.json", expect=200))
    described = {
        (method.upper(), path) for path, doors in spec["paths"].items() for method in doors if method != "parameters"
    }
    listed = {(method, path.replace(ONE, "{id}")) for method, path, _ in DOORS}
    plain = {
        (
            m,
            p.removeprefix("/assessment/v1")
            .replace("{plan_id}", "{id}")
            .replace("{job_id}", "{id}")
            .replace("{annulment_id}", "{id}")
            .replace("{registration_id}", "{id}"),
        )
        for m, p in described
    }
    assert plain == listed
