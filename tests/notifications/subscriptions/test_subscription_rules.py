"""Which addresses may be subscribed, and which events a subscription is told of."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.subscriptions import rules
from services.notifications.subscriptions.errors import TooManySubscriptions, UrlRefused

NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "url",
    [
        "https://partner.example/hook",
        "https://partner.example:8443/hook?x=1",
        "https://93.184.215.14/",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
    ],
)
def test_public_https_is_taken(url: str) -> None:
    rules.check_url(url, allow_private=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://partner.example/hook",
        "ftp://partner.example/",
        "file:///etc/passwd",
        "https://",
        "https:///hook",
        "partner.example/hook",
        "https://user:secret@partner.example/",
        "https://user@partner.example/",
        "https://partner.example/#part",
        "https://partner.example:0/",
        "https://partner.example:99999/",
        "https://partner.example/with space",
        "https://partner.example/with\nline",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://db.internal/",
        "https://printer.local/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://[::1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://partner.example/" + "x" * 2000,
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused):
        rules.check_url(url, allow_private=False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/hook", "http://localhost/", "https://10.0.0.1/"])
def test_a_developers_machine_may_allow_them(url: str) -> None:
    rules.check_url(url, allow_private=True)
    with pytest.raises(UrlRefused):
        rules.check_url(url.replace("http", "gopher", 1), allow_private=True)


@pytest.mark.rule("PP-45")
@pytest.mark.parametrize(
    ("events", "codes", "event", "code", "wanted"),
    [
        (["certificate_issued"], None, "certificate_issued", "001", True),
        (["certificate_issued"], None, "credit_deposited", "001", False),
        (["certificate_issued"], ["001"], "certificate_issued", None, False),
        (["certificate_issued"], ["001", "002"], "certificate_issued", "002", True),
        (["certificate_issued"], ["001"], "certificate_issued", "002", False),
    ],
)
def test_a_subscription_is_told_of_what_it_asks_for(
    events: list[str], codes: list[str] | None, event: str, code: str | None, wanted: bool
) -> None:
    assert rules.wants(events, codes, event, code) is wanted


def test_fifty_subscriptions_and_no_more() -> None:
    rules.check_count(49)
    with pytest.raises(TooManySubscriptions):
        rules.check_count(50)


def test_a_replaced_secret_signs_until_its_time_is_up() -> None:
    until = NOW + rules.PREVIOUS_SECRET_LIVES
    assert timedelta(hours=24) == rules.PREVIOUS_SECRET_LIVES
    assert rules.signs_with_previous(until, until - timedelta(seconds=1))
    assert not rules.signs_with_previous(until, until)
    assert not rules.signs_with_previous(None, NOW)
