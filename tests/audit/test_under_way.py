"""The audit while the platform runs: what is on its way is no finding, and what is lost is one all the same."""

import threading
from typing import Any

import kombu
import pytest
from psycopg.errors import ReadOnlySqlTransaction

from onex.audit.audit import Terms, audit
from onex.audit.books import connect
from onex.contracts.assessment import ResultPublished
from onex.local.platform import Platform
from onex.messaging.publisher import Outgoing, Publisher
from onex.messaging.topology import delay_exchange, queue_of
from tests.audit.main_road import MainRoad

AT_ONCE = Terms(patience_s=0, grace_s=0)
RESULTS = queue_of("certificates", ResultPublished)


def lose_a_certificates_way(road: MainRoad) -> Any:
    """A second assessment, published and not delivered: every pass waits in the outbox."""
    road.assess()
    return road.sql("assessment", "SELECT id FROM result ORDER BY id DESC LIMIT 1")[0].id


def test_what_lies_in_the_outbox_is_under_way(road: MainRoad) -> None:
    lose_a_certificates_way(road)
    report = audit(road.urls, AT_ONCE)
    assert report.is_sound
    assert not report.is_clean
    assert report.under_way == {"certificates": road.candidates}


def test_what_left_the_outbox_and_is_nowhere_is_missing(road: MainRoad) -> None:
    lost = lose_a_certificates_way(road)
    road.sql("assessment", "DELETE FROM outbox")
    report = audit(road.urls, AT_ONCE)
    assert len(report.findings) == road.candidates
    assert ("missing", "certificates", str(lost)) in {(one.kind, one.book, one.record) for one in report.findings}


def test_what_is_younger_than_the_grace_is_under_way(road: MainRoad) -> None:
    """A consumer that hangs may hold it: no queue and no table shows that."""
    lose_a_certificates_way(road)
    road.sql("assessment", "DELETE FROM outbox")
    assert audit(road.urls, Terms(patience_s=0, grace_s=600)).under_way == {"certificates": road.candidates}
    road.sql("assessment", "UPDATE result SET published_at = published_at - interval '601 seconds'")
    assert not audit(road.urls, Terms(patience_s=0, grace_s=600)).is_sound


def test_what_lies_in_its_queue_or_in_a_delay_tier_is_under_way(road: MainRoad, servers: Platform) -> None:
    lose_a_certificates_way(road)
    road.sql("assessment", "DELETE FROM outbox")
    url = servers.environment["ONEX_AMQP_ADMIN_URL"]
    terms = Terms(patience_s=0, grace_s=0, amqp_url=url)
    assert not audit(road.urls, terms).is_sound
    longest = delay_exchange(1800)
    for exchange, key in (("", RESULTS), (longest, RESULTS)):
        publisher = Publisher(url, "test")
        publisher.publish([Outgoing(exchange, key, {}, b"{}")])
        publisher.close()
        assert audit(road.urls, terms).is_sound
        with kombu.Connection(url) as connection:
            connection.default_channel.queue_purge(RESULTS)
            connection.default_channel.queue_purge(longest)
        assert not audit(road.urls, terms).is_sound


def test_what_was_parked_is_named_as_parked_and_not_as_missing_too(road: MainRoad) -> None:
    lost = lose_a_certificates_way(road)
    road.sql("assessment", "DELETE FROM outbox WHERE subject = :id", id=str(lost))
    road.sql(
        "certificates",
        "INSERT INTO parked (id, consumer, headers, body, code, reason, attempts) VALUES (gen_random_uuid(), :queue,"
        " jsonb_build_object('cloudEvents_subject', CAST(:id AS text)), '', 'unexpected_error', 'x', 1)",
        queue=RESULTS,
        id=str(lost),
    )
    report = audit(road.urls, AT_ONCE)
    assert [(one.kind, one.book) for one in report.findings] == [("parked", RESULTS)]
    assert report.under_way == {"certificates": road.candidates - 1}


def test_what_arrives_while_the_audit_is_patient_was_never_missing(road: MainRoad) -> None:
    lose_a_certificates_way(road)
    late = road.take_out("assessment")

    def deliver() -> None:
        road.services["certificates"].hear(*late)
        road.deliver("certificates")

    timer = threading.Timer(1.5, deliver)
    timer.start()
    report = audit(road.urls, Terms(patience_s=60, grace_s=0))
    timer.join()
    assert report.findings == []
    assert not report.under_way


def test_a_deposit_that_waits_for_its_credit_record_is_not_missing(road: MainRoad) -> None:
    road.sql("creditbank", "UPDATE proposal SET state = 'proposed'")
    road.assess()
    road.deliver("assessment")
    road.deliver("certificates")
    report = audit(road.urls, AT_ONCE)
    assert {(one.kind, one.book) for one in report.findings} == {("altered", "deposits_approved")}  # those before
    assert report.waiting_for_credit == road.candidates
    assert report.figures["deposits"] == road.candidates


def test_while_the_main_job_runs_nothing_is_found(road: MainRoad) -> None:
    """Ten audits beside a thread that publishes, issues, books and notes all the time."""
    stop, failed = threading.Event(), []

    def work() -> None:
        try:
            while not stop.is_set():
                road.assess()
                for sender in ("assessment", "certificates", "creditbank"):
                    road.deliver(sender)
        except BaseException as error:
            failed.append(error)
            raise

    thread = threading.Thread(target=work)
    thread.start()
    try:
        reports = [audit(road.urls, Terms(patience_s=0, grace_s=60)) for _ in range(10)]
    finally:
        stop.set()
        thread.join(60)
    assert failed == []
    assert [report.findings for report in reports] == [[]] * 10
    assert reports[-1].figures["certificates"] > reports[0].figures["certificates"]
    assert audit(road.urls, AT_ONCE).is_sound


def test_an_audit_cannot_write(road: MainRoad) -> None:
    with connect(road.urls, "certificates") as connection, pytest.raises(ReadOnlySqlTransaction):
        connection.execute("DELETE FROM certificate")
