"""Partners subscribe for themselves, keep their secret to themselves, and hear of nobody else's subscriptions."""

import uuid

import pytest
from sqlalchemy import text

from onex.chassis.access import Role
from tests.harness.service import Service, json_of
from tests.notifications.conftest import PATH, subscribe

BODY = {"url": "https://partner.example/hook", "events": ["certificate_issued"]}
OTHER = uuid.uuid4()


def test_the_secret_is_shown_once_and_sealed_at_rest(strict: Service) -> None:
    made = json_of(strict.call("POST", PATH, role=Role.PARTNER, json=BODY, expect=201))
    assert made["secret"].startswith("whsec_")
    assert made["state"] == "active"
    listed = strict.call("GET", PATH, role=Role.PARTNER, expect=200).get_data(as_text=True)
    assert made["id"] in listed
    assert made["secret"] not in listed
    with strict.database.session() as session:
        (row,) = session.execute(text("SELECT CAST(subscription AS text) FROM subscription"))
    assert made["secret"] not in row[0]


def test_the_same_idempotency_key_subscribes_once(strict: Service) -> None:
    ask = {"role": Role.PARTNER, "json": BODY, "headers": {"Idempotency-Key": "k"}, "expect": 201}
    assert strict.call("POST", PATH, **ask).get_data() == strict.call("POST", PATH, **ask).get_data()
    assert len(json_of(strict.call("GET", PATH, role=Role.PARTNER))["items"]) == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PARTNER])
def test_nobody_subscribes_on_a_partners_behalf(strict: Service, role: Role) -> None:
    answer = strict.call("POST", PATH, role=role, organization_id=OTHER, json=BODY, expect=403)
    assert json_of(answer)["code"] == "role_not_allowed"


@pytest.mark.parametrize(
    "change",
    [
        {"events": []},
        {"events": ["result_published"]},
        {"certificate_type_codes": ["4"]},
        {"certificate_type_codes": []},
        {"url": 7},
        {"secret": "whsec_mine"},
    ],
)
def test_a_body_that_is_not_right_is_a_422(strict: Service, change: dict[str, object]) -> None:
    answer = strict.call("POST", PATH, role=Role.PARTNER, json=BODY | change, expect=422)
    assert json_of(answer)["code"] == "invalid"


def test_an_address_that_no_webhook_may_go_to_is_refused_by_its_code(strict: Service) -> None:
    body = BODY | {"url": "https://127.0.0.1/hook"}
    answer = strict.call("POST", PATH, role=Role.PARTNER, json=body, expect=422)
    assert json_of(answer)["code"] == "webhook_url_refused"


def test_a_developers_machine_may_allow_http_and_itself(notifications: Service) -> None:
    assert subscribe(notifications, "http://127.0.0.1:9000/")["state"] == "active"


def test_another_partners_subscription_is_not_there(strict: Service) -> None:
    made = json_of(strict.call("POST", PATH, role=Role.PARTNER, json=BODY, expect=201))
    doors = [
        ("DELETE", f"{PATH}/{made['id']}"),
        ("POST", f"{PATH}/{made['id']}/secret"),
        ("POST", f"{PATH}/{made['id']}/activation"),
        ("GET", f"{PATH}/{made['id']}/deliveries"),
        ("POST", f"{PATH}/{made['id']}/deliveries/{uuid.uuid4()}/replay"),
    ]
    for method, path in doors:
        answer = strict.call(method, path, role=Role.PARTNER, organization_id=OTHER, expect=404)
        assert json_of(answer)["code"] == "not_found"
    assert json_of(strict.call("GET", PATH, role=Role.PARTNER, organization_id=OTHER))["items"] == []


def test_a_deleted_subscription_is_gone_from_every_list(strict: Service) -> None:
    made = json_of(strict.call("POST", PATH, role=Role.PARTNER, json=BODY, expect=201))
    strict.call("DELETE", f"{PATH}/{made['id']}", role=Role.PARTNER, expect=204)
    strict.call("DELETE", f"{PATH}/{made['id']}", role=Role.PARTNER, expect=404)
    assert json_of(strict.call("GET", PATH, role=Role.PARTNER))["items"] == []


def test_a_client_has_so_many_subscriptions_and_no_more(strict: Service) -> None:
    for _ in range(50):
        strict.call("POST", PATH, role=Role.PARTNER, json=BODY, expect=201)
    answer = strict.call("POST", PATH, role=Role.PARTNER, json=BODY, expect=409)
    assert json_of(answer)["code"] == "too_many_subscriptions"


def test_subscriptions_page_by_cursor(strict: Service) -> None:
    made = [json_of(strict.call("POST", PATH, role=Role.PARTNER, json=BODY, expect=201))["id"] for _ in range(3)]
    first = json_of(strict.call("GET", f"{PATH}?size=2", role=Role.PARTNER))
    second = json_of(strict.call("GET", f"{PATH}?size=2&cursor={first['next']}", role=Role.PARTNER))
    assert [one["id"] for one in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None
