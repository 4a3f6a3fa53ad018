"""Who may do what on the broker, as a table."""

import base64
import re

import pytest

from onex.chassis.settings import SERVICES
from onex.local.permissions import ADMIN, PARTNER, PERMISSIONS, USERS, Permission, definitions, password_hash


def right(user: str, vhost: str = "onex") -> Permission:
    return next(p for p in PERMISSIONS if (p.user, p.vhost) == (user, vhost))


def test_a_password_is_hashed_as_rabbitmqs_manual_shows() -> None:
    # The example of "Passwords" in RabbitMQ's documentation: salt 908D C60A, password "test12".
    salt = bytes.fromhex("908DC60A")
    assert password_hash("test12", salt) == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"


def test_the_same_password_never_hashes_the_same_twice() -> None:
    first, second = password_hash("one"), password_hash("one")
    assert first != second
    assert len(base64.b64decode(first)) == 4 + 32


def test_every_user_has_a_password_and_rights_somewhere() -> None:
    made = definitions(dict.fromkeys(USERS, "secret"))
    assert [user["name"] for user in made["users"]] == list(USERS)
    assert {row["user"] for row in made["permissions"]} == set(USERS)
    assert {row["vhost"] for row in made["permissions"]} == {vhost["name"] for vhost in made["vhosts"]}
    assert "secret" not in str(made)


def test_a_user_without_a_password_is_an_error() -> None:
    with pytest.raises(KeyError, match="partner"):
        definitions({user: "secret" for user in USERS if user != PARTNER})


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_may_write_where_it_speaks_and_read_what_is_its_own(service: str) -> None:
    own = right(service)
    for exchange in (f"{service}.events", "onex.delay.0", "onex.delay.4", "amq.default"):
        assert re.search(own.write, exchange), exchange
    for exchange in ("another.events", f"{service}.events.more", f"x{service}.events", "amq.topic", "onexxdelay.1", ""):
        assert not re.search(own.write, exchange), exchange
    assert re.search(own.read, f"{service}.certificates.certificate_issued")
    assert not re.search(own.read, f"other.{service}.certificate_issued")
    assert not re.search(own.configure, f"{service}.events")


def test_only_the_administrator_makes_anything_for_the_platform() -> None:
    makers = {p.user for p in PERMISSIONS if p.vhost == "onex" and re.search(p.configure, "anything")}
    assert makers == {ADMIN}


def test_a_partner_has_no_right_where_the_services_speak() -> None:
    assert [p.vhost for p in PERMISSIONS if p.user == PARTNER] == ["partners"]
    assert not re.search(right(PARTNER, "partners").write, "certificates.events")
    assert not re.search(right(PARTNER, "partners").configure, "certificates.stream")
