"""Changes of certificates' standing become notices and deliveries like their issue: each once, in whatever order (PP-45)."""

import random
from typing import Any

import orjson
import psycopg
import pytest
from sqlalchemy import text

from onex.chassis.problems import NotYetKnown
from onex.contracts.certificates import CertificateStandingChanged
from services.notifications.audit import INVARIANTS
from tests.harness.service import Service, envelope, json_of
from tests.notifications.conftest import PATH, subscribe
from tests.notifications.partners.test_notices import state, told
from tests.notifications.samples import certificate, changed, published

HOOK = "http://127.0.0.1:1/"
ISSUED, CHANGED = "certificate_issued", "certificate_standing_changed"


def sql(notifications: Service, query: str) -> list[Any]:
    with notifications.database.session() as session:
        return list(session.execute(text(query)))


@pytest.mark.rule("PP-45")
def test_a_subscription_is_told_of_the_changes_it_asked_for(notifications: Service) -> None:
    notifications.hear(published("001"), published("002"))
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
    notifications.hear(published())
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
    notifications.hear(published("001"), published("002"))
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


def test_a_change_of_a_type_not_heard_of_is_tried_again_later_and_leaves_nothing(notifications: Service) -> None:
    heard = envelope(changed(certificate("003")))
    with pytest.raises(NotYetKnown):
        notifications.hear(heard)
    assert sql(notifications, "SELECT * FROM notice") == []
    assert sql(notifications, "SELECT * FROM outbox") == []
    notifications.hear(published("003"))
    notifications.hear(heard)
    assert [row.certificate_type_code for row in sql(notifications, "SELECT * FROM notice")] == ["003"]


def test_of_a_type_the_newest_version_is_kept_in_whatever_order(notifications: Service) -> None:
    old, new = envelope(published("001", 1)), envelope(published("001", 2))
    for order in ((new, old), (old, new), (envelope(old.event), envelope(new.event))):
        for one in order:
            notifications.hear(one)
    notifications.hear(envelope(old.event), envelope(new.event))
    assert [(row.version, row.code) for row in sql(notifications, "SELECT * FROM certificate_type")] == [(2, "001")]


@pytest.mark.parametrize(
    "corruption",
    ["certificate_version = 9", "certificate_id = gen_random_uuid()", "body = replace(body, 'n\":2', 'n\":3')"],
)
def test_a_notice_of_a_change_whose_columns_and_body_differ_is_found(notifications: Service, corruption: str) -> None:
    notifications.hear(published())
    (heard,) = notifications.hear(changed(certificate()))

    def found() -> set[tuple[str, str]]:
        with psycopg.connect(notifications.database.dsn) as connection:
            return {(one.name, fault.record) for one in INVARIANTS for fault in one.faults(connection)}

    assert found() == set()
    with notifications.database.transaction() as session:
        session.execute(text(f"UPDATE notice SET {corruption.replace(':', chr(92) + ':')}"))
    assert found() == {("notices_whole", str(heard.event_id))}
