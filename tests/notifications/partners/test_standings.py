"""Changes of certificates' standing become notices and deliveries like their issue: each once, in whatever order (PP-45)."""

import random
from typing import Any

import orjson
import psycopg
import pytest
from sqlalchemy import text

from onex.contracts.certificates import CertificateStandingChanged
from services.certificates.issuing import numbers
from services.notifications.audit import INVARIANTS
from services.notifications.partners import rules
from tests.harness.service import Service, envelope, json_of
from tests.notifications.conftest import PATH, subscribe
from tests.notifications.partners.test_notices import state, told
from tests.notifications.samples import certificate, changed

HOOK = "http://127.0.0.1:1/"
ISSUED, CHANGED = "certificate_issued", "certificate_standing_changed"


def sql(notifications: Service, query: str) -> list[Any]:
    with notifications.database.session() as session:
        return list(session.execute(text(query)))


@pytest.mark.rule("PP-45")
def test_a_subscription_is_told_of_the_changes_it_asked_for(notifications: Service) -> None:
    both = subscribe(notifications, HOOK, ISSUED, CHANGED)["id"]
    changes_of_one_type = subscribe(notifications, HOOK, CHANGED, codes=["001"])["id"]
    issues_only = subscribe(notifications, HOOK, ISSUED)["id"]
    one, two = certificate("001"), certificate("002")
    issued = notifications.hear(one, two)
    said = notifications.hear(changed(one), changed(two))
    assert told(notifications, both) == {heard.event_id for heard in (*issued, *said)}
    assert told(notifications, changes_of_one_type) == {said[0].event_id}
    assert told(notifications, issues_only) == {heard.event_id for heard in issued}


def test_an_event_that_is_not_offered_cannot_be_subscribed(notifications: Service) -> None:
    from onex.chassis.access import Role

    body = {"url": HOOK, "events": ["result_annulled"]}
    answer = notifications.call("POST", PATH, role=Role.PARTNER, json=body, expect=422)
    assert json_of(answer)["code"] == "invalid"


@pytest.mark.rule("PP-45")
def test_a_change_is_passed_on_and_noted_as_it_was_said(notifications: Service) -> None:
    one = certificate()
    (heard,) = notifications.hear(changed(one, 2, "revoked"))
    (row,) = sql(notifications, "SELECT lane, id, type, exchange, routing_key, traceparent, body FROM outbox")
    assert (row.lane, row.id, row.exchange, row.routing_key) == (
        "partners", heard.event_id, "certificates.events", CHANGED,
    )  # fmt: skip
    assert (row.type, row.traceparent) == (CertificateStandingChanged.type(), heard.traceparent)
    assert bytes(row.body) == heard.json
    (notice,) = sql(notifications, "SELECT * FROM notice")
    assert (notice.name, notice.certificate_id, notice.certificate_version, notice.certificate_type_code) == (
        CHANGED, one.certificate_id, 2, "001",
    )  # fmt: skip
    assert orjson.loads(notice.body)["standing"] == "revoked"


@pytest.mark.rule("PP-45")
def test_changes_heard_twice_in_disorder_and_before_the_issue_are_each_told_once(notifications: Service) -> None:
    for codes in (None, ["001"]):
        subscribe(notifications, HOOK, ISSUED, CHANGED, codes=codes)
    issued = [certificate("001" if at % 2 else "002") for at in range(10)]
    events = [*issued, *(changed(one, version) for one in issued for version in (2, 3, 4))]
    heard = [envelope(one) for one in events]
    random.seed(4)
    for one in random.sample(heard, len(heard)):
        notifications.hear(one)
    once = state(notifications)
    assert [len(part) for part in once] == [40, 60, 40]
    for one in random.sample(heard, len(heard)):
        notifications.hear(one)
    assert state(notifications) == once


@pytest.mark.rule("PP-45")
def test_a_change_that_was_said_before_events_said_the_types_code_is_told_to_the_same_subscriptions(
    notifications: Service,
) -> None:
    of_the_type = subscribe(notifications, HOOK, CHANGED, codes=["003"])["id"]
    of_another = subscribe(notifications, HOOK, CHANGED, codes=["001"])["id"]
    body = orjson.loads(changed(certificate("003")).encode())
    del body["certificate_type_code"]
    (earlier,) = notifications.hear(CertificateStandingChanged.decode(orjson.dumps(body)))
    assert told(notifications, of_the_type) == {earlier.event_id}
    assert told(notifications, of_another) == set()
    assert [row.certificate_type_code for row in sql(notifications, "SELECT * FROM notice")] == ["003"]


@pytest.mark.parametrize(
    ("said", "number", "code"),
    [
        ("003", "2600428MBHQ7FVKP5NZ5", "003"),
        (None, "2600428MBHQ7FVKP5NZ5", "004"),
        (None, numbers.draw(2026, "017", 3), "017"),
    ],
    ids=["said", "not said", "not said of a number drawn now"],
)
def test_the_types_code_is_what_was_said_and_else_in_the_number(said: str | None, number: str, code: str) -> None:
    assert rules.type_code(said, number) == code


@pytest.mark.parametrize(
    "corruption",
    ["certificate_version = 9", "certificate_id = gen_random_uuid()", "body = replace(body, 'n\":2', 'n\":3')"],
)
def test_a_notice_of_a_change_whose_columns_and_body_differ_is_found(notifications: Service, corruption: str) -> None:
    (heard,) = notifications.hear(changed(certificate()))

    def found() -> set[tuple[str, str]]:
        with psycopg.connect(notifications.database.dsn) as connection:
            return {(one.name, fault.record) for one in INVARIANTS for fault in one.faults(connection)}

    assert found() == set()
    with notifications.database.transaction() as session:
        session.execute(text(f"UPDATE notice SET {corruption.replace(':', chr(92) + ':')}"))
    assert found() == {("notices_whole", str(heard.event_id))}
