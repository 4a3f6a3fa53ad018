"""Addresses by which a partner would have us knock inside (SSRF): refused when they are subscribed, or when they are met."""

from collections.abc import Callable

import pytest

from onex.chassis.access import Role
from services.notifications.channels.addresses import AddressRefused, resolve
from services.notifications.channels.posting import Poster
from tests.harness.service import Service, json_of

INSIDE = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/",
    "https://0177.0.0.1/", "https://0/", "https://0.0.0.0/", "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[fe80::1%25eth0]/",
    "https://[fd00::1]/", "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "https://192.168.1.1:8443/",
    "https://172.16.0.1/", "https://100.64.0.1/", "https://224.0.0.1/", "https://255.255.255.255/", "https://localhost/",
    "https://LOCALHOST./", "https://a.localhost/", "https://metadata.google.internal/", "https://printer.local/",
    "https://１２７.0.0.1/", "https://①②⑦.0.0.1/", "https://ⓛocalhost/", "https://127。0。0。1/",
]  # fmt: skip
NO_ADDRESS = [
    "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "//example.com/", "example.com",
    "https://", "https:///path", "https://user@example.com/", "https://user:pass@example.com/", "https://example.com@127.0.0.1/",
    "https://example.com:0/", "https://example.com:99999/", "https://example.com:a/", "https://example.com/#a",
    "https://example.com/a b", "https://example.com/\r\nHost: inside", "https://example.com/\x00", "https://[::1/", "https://[x]/",
    "javascript:alert(1)", "https://exa\tmple.com/", "HTTPS://", "https://?", "https://:443/", " https://example.com/",
]  # fmt: skip


@pytest.fixture
def notifications(service: Callable[[str], Service]) -> Service:
    used = service("notifications")
    assert not used.settings.webhook_allow_private
    return used


@pytest.mark.parametrize("url", INSIDE + NO_ADDRESS)
def test_an_address_inside_is_not_subscribed(notifications: Service, url: str) -> None:
    body = {"url": url, "events": ["certificate_issued"]}
    answer = notifications.call("POST", "/notifications/v1/subscriptions", role=Role.PARTNER, json=body, expect=422)
    assert json_of(answer)["code"] in ("webhook_url_refused", "invalid")


@pytest.mark.parametrize("host", ["localhost", "localhost.", "ip6-localhost", "127.1", "2130706433", "0x7f000001"])
def test_a_name_that_leads_inside_is_refused_when_it_is_connected_to(host: str) -> None:
    try:
        reached = resolve(host, 443, allow_private=False)
    except (AddressRefused, OSError):
        return
    raise AssertionError(f"{host} leads to {reached}")


def test_a_message_is_not_posted_inside() -> None:
    poster = Poster(allow_private=False)
    assert poster.post("https://localhost/", {}, b"").error_code == "address_refused"
    assert poster.post("http://127.0.0.1:1/", {}, b"").error_code == "address_refused"
