"""A published pass becomes one certificate, whatever is said twice, in disorder or to two workers at once."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from onex.chassis.ids import new_id
from onex.chassis.problems import NotYetKnown
from onex.contracts.assessment import ResultPublished
from onex.contracts.certificates import CertificateIssued
from onex.messaging import inbox
from onex.messaging.heard import Heard
from onex.messaging.topology import queue_of
from services.certificates.credentials import holder, signing
from services.certificates.issuing import actions, numbers, rules
from services.certificates.issuing.errors import NotTheTypesTeo
from tests.certificates.given import Pilot, admitted, published
from tests.harness.service import Service, envelope

QUEUE = queue_of("certificates", ResultPublished)


def rows(service: Service) -> list[dict[str, Any]]:
    with service.database.session() as session:
        found = session.execute(text("SELECT * FROM certificate ORDER BY result_id")).mappings()
        return [dict(row) for row in found]


def state(service: Service) -> tuple[list[dict[str, Any]], list[bytes]]:
    """Everything that a door may change: certificates and what was said."""
    return rows(service), [event.encode() for event in service.said()]


def key_of(service: Service, teo_id: uuid.UUID) -> str:
    with service.database.session() as session:
        statement = text("SELECT public_multibase FROM issuer_key WHERE teo_id = :teo AND retired_at IS NULL")
        return str(session.scalar(statement, {"teo": teo_id}))


@pytest.mark.rule("PP-22")
def test_who_passed_gets_a_certificate_and_who_did_not_gets_none(pilot: Pilot) -> None:
    passed, failed = pilot.result(), pilot.result("李四", passed=False)
    pilot.certificates.hear(passed, failed)
    assert [row["result_id"] for row in rows(pilot.certificates)] == [passed.result_id]
    assert [event.result_id for event in pilot.certificates.said(CertificateIssued)] == [passed.result_id]


@pytest.mark.rule("PP-22")
@pytest.mark.parametrize(("passed", "earned"), [(True, True), (False, False)])
def test_a_pass_is_the_one_condition(passed: bool, earned: bool) -> None:
    assert rules.earns_certificate(passed) is earned


@pytest.mark.rule("PP-22")
@pytest.mark.parametrize("changes", [{"candidate_kind": "social", "college_id": None}, {"score_hundredths": 0}])
def test_a_social_person_or_a_low_score_that_passed_gets_one_all_the_same(pilot: Pilot, changes: Any) -> None:
    pilot.certificates.hear(pilot.result(**changes))
    assert len(rows(pilot.certificates)) == 1


@pytest.mark.rule("PP-07", "OP-32")
def test_the_certificate_says_what_the_result_said_and_names_its_teo(pilot: Pilot) -> None:
    result = pilot.result("欧阳娜娜")
    pilot.certificates.hear(result)
    (row,) = rows(pilot.certificates)
    (said,) = pilot.certificates.said(CertificateIssued)
    for field in ("learner_id", "certificate_type_id", "level", "standard_version", "teo_id", "college_id"):
        assert row[field] == getattr(result, field) == getattr(said, field)
    assert (row["type_code"], row["masked_name"], row["state"]) == ("004", "欧**娜", "valid")
    assert (row["issued_on"], row["entry_due_on"]) == (date(2026, 3, 2), date(2026, 3, 11))
    assert row["number"].startswith("260042")
    assert (said.certificate_id, said.number) == (row["id"], row["number"])
    assert said.credential_url == f"{pilot.certificates.settings.public_url}/certificates/v1/credentials/{said.number}"


def test_no_name_is_anywhere_in_the_clear(pilot: Pilot) -> None:
    pilot.certificates.hear(pilot.result("欧阳娜娜", "11010519491231002X"))
    everything = repr(state(pilot.certificates))
    assert "欧阳娜娜" not in everything
    assert "11010519491231002X" not in everything
    (row,) = rows(pilot.certificates)
    assert pilot.certificates.vault.open(row["sealed_name"], "certificate name").decode() == "欧阳娜娜"


def test_the_day_of_issue_is_the_day_in_beijing(pilot: Pilot) -> None:
    pilot.certificates.hear(pilot.result(published_at=datetime(2025, 12, 31, 16, 0, tzinfo=UTC)))
    (row,) = rows(pilot.certificates)
    assert row["issued_on"] == date(2026, 1, 1)
    assert row["number"].startswith("26")


@pytest.mark.rule("PP-22")
def test_five_hundred_passes_make_five_hundred_certificates_with_signatures_that_hold(pilot: Pilot) -> None:
    names = {pilot.result().result_id: f"考生{at}" for at in range(500)}
    pilot.certificates.hear(*(replace(pilot.result(name), result_id=result_id) for result_id, name in names.items()))
    made = rows(pilot.certificates)
    assert {row["result_id"] for row in made} == set(names)
    assert len({row["number"] for row in made}) == 500
    public = key_of(pilot.certificates, pilot.teo_id)
    for row in made:
        assert numbers.is_valid(row["number"])
        credential = orjson.loads(row["credential"])
        signing.verify(credential, public)
        assert credential["id"].endswith(row["number"])
        assert holder.holder_matches(credential, names[row["result_id"]])


def test_events_heard_again_and_in_another_order_change_nothing(pilot: Pilot) -> None:
    heard = pilot.certificates.hear(*(pilot.result(f"考生{at}") for at in range(5)))
    before = state(pilot.certificates)
    pilot.certificates.hear(*heard)
    pilot.certificates.hear(*reversed(heard))
    for one in heard:
        pilot.certificates.hear(one)
    assert state(pilot.certificates) == before


def test_a_result_said_again_under_a_new_event_id_makes_no_second_certificate(pilot: Pilot) -> None:
    first, second = pilot.result(), pilot.result("李四")
    pilot.certificates.hear(first)
    (before,) = rows(pilot.certificates)
    pilot.certificates.hear(second, first, first, second)
    after = {row["result_id"]: row for row in rows(pilot.certificates)}
    assert set(after) == {first.result_id, second.result_id}
    assert after[first.result_id] == before
    assert len(pilot.certificates.said(CertificateIssued)) == 2


def test_two_workers_with_the_same_results_make_one_certificate_each(pilot: Pilot) -> None:
    service = pilot.certificates
    results = [pilot.result(f"考生{at}") for at in range(200)]
    worker = service.worker()
    begun = threading.Barrier(2)
    failures: list[BaseException] = []

    def work(heard: list[Heard[Any]]) -> None:
        try:
            with service.database.transaction() as session:
                session.execute(text("SELECT 1"))
                begun.wait(30)
                worker.on_results(session, heard)
        except BaseException as error:
            failures.append(error)

    # Said twice, under ids of their own, in opposite order: only the table itself can tell that they are the same.
    orders = [[envelope(one) for one in results], [envelope(one) for one in reversed(results)]]
    threads = [threading.Thread(target=work, args=(heard,)) for heard in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert {row["result_id"] for row in rows(service)} == {one.result_id for one in results}
    said = service.said(CertificateIssued)
    assert sorted(event.number for event in said) == sorted(row["number"] for row in rows(service))


def test_two_workers_with_results_of_one_type_and_day_do_not_wait_for_each_other(pilot: Pilot) -> None:
    service, worker = pilot.certificates, pilot.certificates.worker()
    batches = [[envelope(pilot.result(name)) for name in names] for names in (("张三", "李四"), ("王五", "赵六"))]
    with service.database.session() as slow:
        slow.begin()
        inbox.claim(slow, QUEUE, [one.event_id for one in batches[0]])
        worker.on_results(slow, batches[0])
        with service.database.transaction() as other:
            other.execute(text("SET LOCAL lock_timeout = '1ms'"))
            inbox.claim(other, QUEUE, [one.event_id for one in batches[1]])
            worker.on_results(other, batches[1])
        assert len(rows(service)) == len(batches[1])
        slow.commit()
    assert len(rows(service)) == len(service.said(CertificateIssued)) == 4


def test_what_another_worker_commits_in_between_is_left_to_it(pilot: Pilot) -> None:
    """The race decided for sure: the other commits after this one has looked, before it records."""
    service, both = pilot.certificates, [pilot.result(), pilot.result("李四")]
    worker = service.worker()
    with service.database.session() as slow:
        slow.begin()
        passes = actions._without_certificate(slow, [envelope(one) for one in both])
        desk = actions.Desk(service.vault, service.settings.public_url)
        issuers = actions.Issuers(slow, service.vault, desk.public_url, both)
        subjects = [actions._subject(desk, one) for one in passes]
        service.hear(both[0])
        assert actions.certify(slow, desk, issuers, subjects) is False
        worker.on_results(slow, passes)
        slow.commit()
    assert len(rows(service)) == len(service.said(CertificateIssued)) == 2


def test_a_number_that_is_taken_is_drawn_again(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    pilot.certificates.hear(pilot.result())
    (taken,) = rows(pilot.certificates)
    draws = [[taken["number"], numbers.draw(2026, "004", 2)]]
    honest = numbers.draw_many
    monkeypatch.setattr(numbers, "draw_many", lambda *wanted: draws.pop() if draws else honest(*wanted))
    pilot.certificates.hear(pilot.result("李四"), pilot.result("王五"))
    assert not draws
    assert len({row["number"] for row in rows(pilot.certificates)}) == 3
    assert len(pilot.certificates.said(CertificateIssued)) == 3


def test_a_number_that_is_always_taken_fails_without_a_trace(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    pilot.certificates.hear(pilot.result())
    before = state(pilot.certificates)
    monkeypatch.setattr(numbers, "draw_many", lambda *_: [before[0][0]["number"]])
    with pytest.raises(actions.NoRoomForNumbers):
        pilot.certificates.hear(pilot.result("李四"))
    assert state(pilot.certificates) == before


def test_other_errors_of_the_database_are_not_taken_for_a_collision(pilot: Pilot) -> None:
    with pilot.certificates.database.session() as session, pytest.raises(IntegrityError, match="NotNull"):
        actions._record(session, [(None,) * len(actions.COLUMNS)])


@pytest.mark.parametrize("known", ["nothing", "teo", "type"])
def test_a_result_that_comes_before_what_it_needs_waits_and_is_certified_later(
    service: Callable[[str], Service], known: str
) -> None:
    pilot = Pilot(service, heard=False)
    teo, kind = admitted(pilot.teo_id), published(pilot.type_id, pilot.teo_id)
    if known != "nothing":
        pilot.certificates.hear({"teo": teo, "type": kind}[known])
    result = envelope(pilot.result())
    with pytest.raises(NotYetKnown):
        pilot.certificates.hear(result)
    assert rows(pilot.certificates) == []
    pilot.certificates.hear(kind)
    pilot.certificates.hear(teo)
    pilot.certificates.hear(result)
    assert len(rows(pilot.certificates)) == 1


@pytest.mark.rule("PP-10")
def test_a_level_that_is_not_published_waits_for_the_type_s_next_version(pilot: Pilot) -> None:
    fresh = published(new_id(), pilot.teo_id, code="005")
    pilot.certificates.hear(replace(fresh, levels=fresh.levels[:1]))
    result = pilot.result(certificate_type_id=fresh.certificate_type_id)
    with pytest.raises(NotYetKnown):
        pilot.certificates.hear(result)
    pilot.certificates.hear(replace(fresh, type_version=2))
    pilot.certificates.hear(result)
    assert len(rows(pilot.certificates)) == 1


@pytest.mark.rule("PP-18")
def test_only_the_teo_of_the_type_issues_its_certificates(pilot: Pilot) -> None:
    other = uuid.uuid4()
    pilot.certificates.hear(admitted(other, code="91110108MA01ABCE0X"))
    with pytest.raises(NotTheTypesTeo):
        pilot.certificates.hear(pilot.result(teo_id=other))
    assert rows(pilot.certificates) == []
    rules.check_issuer(other, other)
    with pytest.raises(NotTheTypesTeo):
        rules.check_issuer(other, pilot.teo_id)


def test_the_trace_of_the_result_goes_on_in_what_is_said(pilot: Pilot) -> None:
    (heard,) = pilot.certificates.hear(pilot.result())
    with pilot.certificates.database.session() as session:
        traceparent = session.scalar(text("SELECT traceparent FROM outbox"))
    assert traceparent == heard.traceparent
