"""Clients get tokens with their secret; tokens say who they are; everyone else is refused with a stable code."""

import uuid
from collections.abc import Callable

import pytest

from onex.chassis.access import Role
from onex.contracts.registry import AccessKeyPublished
from services.registry import seeds
from tests.harness.service import Service, json_of
from tests.registry.world import World


@pytest.fixture
def registry(service: Callable[[str], Service]) -> Service:
    one = service("registry")
    with one.database.transaction() as session:
        seeds.plant(session, one.settings, {"ONEX_BOOTSTRAP_OPERATOR_SECRET": "first-secret"})
    (key,) = one.said(AccessKeyPublished)
    one.hear(key)
    forget_keys(one)
    return one


def forget_keys(registry: Service) -> None:
    """The web app looks for access keys as if it had just started; else it waits ten seconds between two looks."""
    if registry._web is not None:
        registry._web.routes["/registry"].extensions["onex"].keys._keys.clear()


def ask_token(registry: Service, client_id: str, secret: str) -> object:
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    return registry.call("POST", "/registry/v1/oauth/token", data=form)


def test_the_first_operator_gets_a_token_and_registers_a_client(registry: Service) -> None:
    token = json_of(ask_token(registry, "operator", "first-secret"))["access_token"]
    teo = World(registry).post("/organizations", World(registry).teo_body())
    body = {"client_id": "teo-1", "role": "teo", "organization_id": teo["id"]}
    made = json_of(registry.call("POST", "/registry/v1/clients", token=token, json=body, expect=201))
    assert json_of(ask_token(registry, "teo-1", made["client_secret"]))["token_type"] == "Bearer"


def test_a_wrong_secret_gets_no_token(registry: Service) -> None:
    answer = ask_token(registry, "operator", "guess")
    assert (answer.status_code, json_of(answer)["error"]) == (401, "invalid_client")


def test_planting_twice_changes_nothing(registry: Service) -> None:
    with registry.database.transaction() as session:
        seeds.plant(session, registry.settings, {"ONEX_BOOTSTRAP_OPERATOR_SECRET": "other"})
    assert len(registry.said(AccessKeyPublished)) == 1
    assert ask_token(registry, "operator", "first-secret").status_code == 200


@pytest.mark.rule("PP-37")
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_only_operators_register_clients(registry: Service, role: Role) -> None:
    body = {"client_id": "someone", "role": "operator"}
    answer = registry.call(
        "POST", "/registry/v1/clients", role=role, organization_id=uuid.uuid4(), json=body, expect=403
    )
    assert json_of(answer)["code"] == "role_not_allowed"


def test_without_a_token_nobody_enters(registry: Service) -> None:
    answer = registry.call("POST", "/registry/v1/clients", json={}, expect=401)
    assert json_of(answer)["code"] == "token_missing"
    assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_an_expired_token_is_refused_by_that_name(registry: Service) -> None:
    token = registry.token(Role.OPERATOR, lifetime_s=-3600)
    assert (
        json_of(registry.call("POST", "/registry/v1/clients", token=token, json={}, expect=401))["code"]
        == "token_expired"
    )


def test_a_client_needs_the_scope_of_its_role(registry: Service) -> None:
    answer = registry.call(
        "POST", "/registry/v1/clients", role=Role.OPERATOR, json={"client_id": "a-teo", "role": "teo"}, expect=422
    )
    assert json_of(answer)["code"] == "client_scope_missing"


@pytest.mark.rule("OP-01", "PP-37")
def test_a_client_acts_in_its_organizations_territory(registry: Service) -> None:
    world = World(registry)
    beijing = world.post("/organizations", world.college_body(1))
    world.post("/organizations", world.college_body(2, province_code="32", division_code="320102"))
    for role, organization_id in (("province", world.province("11")["id"]), ("college", beijing["id"])):
        body = {"client_id": f"a-{role}", "role": role, "organization_id": organization_id}
        secret = world.post("/clients", body)["client_secret"]
        token = json_of(ask_token(registry, f"a-{role}", secret))["access_token"]
        answer = registry.call("GET", "/registry/v1/organizations?kind=college", token=token, expect=200)
        assert [one["id"] for one in json_of(answer)["items"]] == [beijing["id"]]


@pytest.mark.rule("PP-37")
def test_a_client_acts_for_a_known_organization_of_its_roles_kind(registry: Service) -> None:
    world = World(registry)
    teo = world.post("/organizations", world.teo_body())
    for organization_id, code in (
        (str(uuid.uuid4()), "organization_unknown"),
        (teo["id"], "client_organization_of_another_kind"),
    ):
        body = {"client_id": "a-college", "role": "college", "organization_id": organization_id}
        assert world.post("/clients", body, expect=422)["code"] == code


def test_the_same_idempotency_key_answers_the_same_and_does_nothing_twice(registry: Service) -> None:
    body = {"client_id": "partner-2", "role": "partner"}
    ask = {"role": Role.OPERATOR, "json": body, "headers": {"Idempotency-Key": "k-1"}}
    first = registry.call("POST", "/registry/v1/clients", expect=201, **ask)
    second = registry.call("POST", "/registry/v1/clients", expect=201, **ask)
    assert first.get_data() == second.get_data()
    assert second.headers["Idempotent-Replayed"] == "true"
    other = ask | {"json": body | {"client_id": "partner-3"}}
    assert (
        json_of(registry.call("POST", "/registry/v1/clients", expect=422, **other))["code"] == "idempotency_key_reused"
    )


def test_malformed_json_is_a_400_with_a_code(registry: Service) -> None:
    answer = registry.call(
        "POST", "/registry/v1/clients", role=Role.OPERATOR, data=b"{oops", content_type="application/json", expect=400
    )
    assert json_of(answer)["code"] == "malformed"


def test_the_interface_describes_itself(registry: Service) -> None:
    spec = json_of(registry.call("GET", "/registry/v1/openapi.json", expect=200))
    assert spec["openapi"] == "3.1.0"
    assert "/registry/v1/clients" in spec["paths"]
    assert b"/registry/v1/clients" in registry.call("GET", "/registry/v1/docs", expect=200).get_data()
