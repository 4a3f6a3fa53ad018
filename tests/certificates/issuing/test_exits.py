"""What a TEO published before it left is issued, what it published from then on is not; told by the times in the events."""

import itertools
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from onex.chassis.access import Role
from onex.chassis.ids import new_id
from onex.contracts.certificates import CertificateIssued
from onex.contracts.pilot import OrganizationExited
from services.certificates.audit import INVARIANTS
from services.certificates.issuing import actions, exits, rules
from tests.certificates.given import PUBLISHED_AT, Pilot, admitted, published
from tests.harness.service import Service, envelope, json_of

EXITED_AT = PUBLISHED_AT
INSTANT = timedelta(microseconds=1)


def exited(pilot: Pilot, **changes: Any) -> OrganizationExited:
    event = OrganizationExited(
        organization_id=pilot.teo_id,
        organization_version=2,
        exit_case_id=new_id(),
        kind="teo",
        ground="a",
        decided_by="教育部",
        exited_at=EXITED_AT,
    )
    return replace(event, **changes)


def certified(service: Service) -> set[Any]:
    with service.database.session() as session:
        return set(session.scalars(text("SELECT result_id FROM certificate")))


def after_exit(service: Service) -> dict[Any, str | None]:
    """The results that are listed, and the number of the certificate each got all the same."""
    with service.database.session() as session:
        return dict(iter(session.execute(text("SELECT result_id, certificate_number FROM result_after_exit"))))


@pytest.mark.rule("OP-41")
@pytest.mark.parametrize(
    ("published_at", "exited_at", "after"),
    [
        (PUBLISHED_AT, None, False),
        (PUBLISHED_AT, PUBLISHED_AT + INSTANT, False),
        (PUBLISHED_AT, PUBLISHED_AT, True),
        (PUBLISHED_AT, PUBLISHED_AT - INSTANT, True),
    ],
)
def test_the_exits_moment_belongs_to_it(published_at: datetime, exited_at: datetime | None, after: bool) -> None:
    assert rules.comes_after_exit(published_at, exited_at) is after


@pytest.mark.rule("OP-41")
def test_nothing_is_issued_for_what_a_teo_published_from_its_exit_on_and_it_is_not_lost(pilot: Pilot) -> None:
    before, after = pilot.result(published_at=EXITED_AT - INSTANT), pilot.result("李四", published_at=EXITED_AT)
    failed = pilot.result("王五", published_at=EXITED_AT, passed=False)
    pilot.certificates.hear(exited(pilot))
    heard = pilot.certificates.hear(after, before, failed)
    assert certified(pilot.certificates) == {before.result_id}
    assert after_exit(pilot.certificates) == {after.result_id: None}
    pilot.certificates.hear(*reversed(heard))
    pilot.certificates.hear(after, before)  # said again under new ids
    assert certified(pilot.certificates) == {before.result_id}
    assert after_exit(pilot.certificates) == {after.result_id: None}
    assert len(pilot.certificates.said(CertificateIssued)) == 1


@pytest.mark.rule("OP-41")
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_what_was_published_before_the_exit_is_issued_in_whatever_order_it_is_heard(
    pilot: Pilot, order: tuple[int, ...]
) -> None:
    result = pilot.result(published_at=EXITED_AT - INSTANT)
    late_word = exited(pilot, exited_at=EXITED_AT + timedelta(days=1), organization_version=3)
    events = [exited(pilot), result, late_word]
    for place in order:
        pilot.certificates.hear(events[place])
    assert certified(pilot.certificates) == {result.result_id}
    assert after_exit(pilot.certificates) == {}


@pytest.mark.rule("OP-41")
def test_what_was_issued_before_word_of_the_exit_came_stays_valid_and_is_listed(pilot: Pilot) -> None:
    before, after = pilot.result(published_at=EXITED_AT - INSTANT), pilot.result("李四", published_at=EXITED_AT)
    pilot.certificates.hear(before, after)
    (word,) = pilot.certificates.hear(exited(pilot))
    assert certified(pilot.certificates) == {before.result_id, after.result_id}
    number = next(one.number for one in pilot.certificates.said(CertificateIssued) if one.result_id == after.result_id)  # type: ignore[attr-defined]
    assert after_exit(pilot.certificates) == {after.result_id: number}
    pilot.certificates.hear(word)
    pilot.certificates.hear(exited(pilot))
    pilot.certificates.hear(after)
    assert after_exit(pilot.certificates) == {after.result_id: number}
    answer = pilot.certificates.call(
        "POST", "/certificates/v1/inquiries", json={"number": number, "name": "李四"}, expect=200
    )
    assert json_of(answer)["found"] is True


@pytest.mark.rule("OP-41", "OP-42")
def test_only_the_teos_own_exit_stops_its_certificates(pilot: Pilot) -> None:
    """A college's students keep their right (PP-22), and so do the candidates of other TEOs."""
    other_teo, other_type = new_id(), new_id()
    pilot.certificates.hear(admitted(other_teo))
    pilot.certificates.hear(published(other_type, other_teo, code="005"))
    pilot.certificates.hear(
        exited(pilot, organization_id=pilot.college_id, kind="college"), exited(pilot, organization_id=other_teo)
    )
    own = pilot.result()
    others = pilot.result("李四", teo_id=other_teo, certificate_type_id=other_type)
    pilot.certificates.hear(own, others)
    assert certified(pilot.certificates) == {own.result_id}
    assert after_exit(pilot.certificates) == {others.result_id: None}


@pytest.mark.rule("OP-41")
def test_what_earns_nothing_waits_for_nothing(pilot: Pilot) -> None:
    pilot.certificates.hear(exited(pilot))
    unknown = pilot.result(certificate_type_id=new_id())
    pilot.certificates.hear(unknown)
    assert after_exit(pilot.certificates) == {unknown.result_id: None}


@pytest.mark.rule("OP-41")
def test_a_batch_that_is_issuing_when_word_of_the_exit_comes_is_looked_through(pilot: Pilot) -> None:
    """The exit waits for the batch, which holds the TEO's key, and then lists what the batch should not have issued."""
    service, result = pilot.certificates, pilot.result(published_at=EXITED_AT)
    waiting, told = threading.Event(), threading.Event()

    def leave() -> None:
        waiting.wait(20)
        with service.database.transaction() as session:
            exits.note(session, [exited(pilot)])
        told.set()

    thread = threading.Thread(target=leave)
    thread.start()
    desk = actions.Desk(service.vault, service.settings.public_url)
    with service.database.transaction() as session:
        actions.issue(session, desk, [envelope(result)])
        waiting.set()
        assert not told.wait(1.0), "the exit waits"
    thread.join(20)
    assert told.is_set()
    assert certified(service) == {result.result_id} == set(after_exit(service))


@pytest.mark.rule("OP-41")
def test_the_list_is_for_the_regulators_and_the_teo_itself(pilot: Pilot) -> None:
    pilot.certificates.hear(exited(pilot))
    result = pilot.result(published_at=datetime(2026, 3, 3, tzinfo=UTC))
    pilot.certificates.hear(result)

    def listed(role: Role, **who: Any) -> list[str]:
        answer = pilot.certificates.call("GET", "/certificates/v1/results-after-exit", role=role, expect=200, **who)
        return [one["result_id"] for one in json_of(answer)["items"]]

    own = [str(result.result_id)]
    assert listed(Role.MINISTRY) == listed(Role.OPERATOR) == listed(Role.TEO, organization_id=pilot.teo_id) == own
    assert listed(Role.TEO, organization_id=new_id()) == []
    pilot.certificates.call("GET", "/certificates/v1/results-after-exit", role=Role.COLLEGE, expect=403)


@pytest.mark.rule("PP-22")
def test_who_passed_at_a_level_that_is_retired_meanwhile_gets_the_certificate(pilot: Pilot) -> None:
    kind = published(pilot.type_id, pilot.teo_id)
    pilot.certificates.hear(
        replace(kind, type_version=3, levels=()), replace(kind, type_version=2, levels=kind.levels[:1])
    )
    result = pilot.result(level="intermediate")
    pilot.certificates.hear(result)
    assert certified(pilot.certificates) == {result.result_id}


@pytest.mark.rule("OP-41")
def test_the_audit_finds_a_certificate_issued_after_the_exit_that_is_not_listed(pilot: Pilot) -> None:
    result = pilot.result(published_at=EXITED_AT)
    pilot.certificates.hear(result)
    pilot.certificates.hear(exited(pilot))
    (invariant,) = (one for one in INVARIANTS if one.name == "exits_kept")

    def found() -> list[str]:
        with psycopg.connect(pilot.certificates.database.dsn) as connection:
            return [fault.detail for fault in invariant.faults(connection)]

    assert found() == []
    with pilot.certificates.database.transaction() as session:
        session.execute(text("DELETE FROM result_after_exit"))
    assert found() == ["issued for a result published after its TEO had left"]
