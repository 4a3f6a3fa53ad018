"""`onex rebuild`: tables that only repeat what was said are made again from the streams, and nobody is told twice."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis import clock
from onex.cli.rebuild import models_named
from onex.contracts.certificates import CertificateIssued, CertificateStandingChanged
from onex.contracts.pilot import FeeCeilingPublished, OrganizationExited, SiteStandingChanged
from onex.contracts.registry import CertificateTypePublished, OrganizationAdmitted
from onex.messaging import outbox
from onex.messaging.heard import Heard
from onex.messaging.read_models import ReadModel, SaidSomething, Table, rebuild
from onex.messaging.streams import read_again
from onex.messaging.topology import queue_of
from tests.assessment.world import exited, fee, organization, quota, site
from tests.cli.broker import Broker
from tests.cli.command import Command
from tests.creditbank.samples import published
from tests.harness.service import Service, envelope
from tests.notifications.conftest import subscribe
from tests.notifications.samples import certificate, changed

Services = Callable[[str], Service]


def contents(service: Service, *tables: str) -> dict[str, list[Any]]:
    with service.database.session() as session:
        return {
            table: [
                tuple(tuple(one) if isinstance(one, list) else one for one in row)
                for row in session.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))
            ]
            for table in tables
        }


def run(service: Service, statement: str) -> None:
    with service.database.transaction() as session:
        session.execute(text(statement))


def hear_all(broker: Broker, service: Service, *contracts: Any) -> None:
    for contract in contracts:
        broker.deliver(service, contract, queue_of(service.name, contract))


def test_a_dropped_table_is_made_again_in_the_newest_versions(
    onex: Command, services: Services, broker: Broker
) -> None:
    assessment = services("assessment")
    one = organization(uuid.uuid4(), "teo", "91110000100000001A")
    broker.say(one, replace(one, organization_version=2, name_zh="新名"), organization(uuid.uuid4(), "college", "X"))
    hear_all(broker, assessment, OrganizationAdmitted)
    before = contents(assessment, "organization")["organization"]
    run(assessment, "TRUNCATE organization")
    said = onex("rebuild", "assessment", "organizations")
    after = contents(assessment, "organization")["organization"]
    assert set(before) <= set(after)  # the stream also knows what other tests said
    assert [row[1:5:3] for row in after if row[0] == one.organization_id] == [(2, "新名")]
    assert "organization_admitted" in said
    onex("rebuild", "assessment", "organizations")
    assert contents(assessment, "organization")["organization"] == after
    assert contents(assessment, "outbox", "parked") == {"outbox": [], "parked": []}


def test_a_rebuild_ends_though_the_service_goes_on_speaking(onex: Command, services: Services, broker: Broker) -> None:
    assessment = services("assessment")
    one = organization(uuid.uuid4(), "teo", "91110000100000001A")
    broker.say(one, replace(one, organization_version=2, name_zh="新名"))
    with broker.saying(lambda: organization(uuid.uuid4(), "college", "X")) as talking:
        onex("rebuild", "assessment", "organizations")
        assert talking.is_alive(), "it ended only when the service fell silent"
    with assessment.database.session() as session:
        query = text("SELECT version, name_zh FROM organization WHERE id = :id")
        assert session.execute(query, {"id": one.organization_id}).all() == [(2, "新名")]


def test_rows_that_others_refer_to_are_mended_where_they_are(onex: Command, services: Services, broker: Broker) -> None:
    """A plan refers to its certificate type: the type's row may change and may not go."""
    assessment = services("assessment")
    kind = published(clock.today(), type_id=uuid.uuid4())
    broker.say(kind)
    hear_all(broker, assessment, CertificateTypePublished)
    run(
        assessment,
        "INSERT INTO plan (id, certificate_type_id, level, standard_version, teo_id, title_zh, title_en, year,"
        " components, pass_line_hundredths, state, registered, created_by) SELECT gen_random_uuid(), id, 'primary',"
        " '1.0', teo_id, 'x', 'x', 2026, '[]', 6000, 'draft', 0, 'test' FROM certificate_type",
    )
    before = contents(assessment, "certificate_type", "plan")
    run(assessment, "UPDATE certificate_type SET name_zh = 'altered', version = 99")
    onex("rebuild", "assessment", "certificate-types")
    after = contents(assessment, "certificate_type", "plan")
    assert after["plan"] == before["plan"]
    assert before["certificate_type"][0] in after["certificate_type"]


def test_rows_the_streams_know_nothing_of_stay_as_they_are_and_are_counted(
    onex: Command, services: Services, broker: Broker
) -> None:
    certificates = services("certificates")
    certificates.hear(organization(uuid.uuid4(), "teo", "91110000100000001A", version=7))  # not on any stream
    before = contents(certificates, "teo")["teo"]
    said = onex("rebuild", "certificates", "teos")
    assert before[0] in contents(certificates, "teo")["teo"]
    (line,) = (line for line in said.splitlines() if line.startswith("│ teo"))
    assert line.split("│")[4].strip() == "1"


def test_clocks_of_the_credit_bank_are_made_again_with_their_days(
    onex: Command, services: Services, broker: Broker
) -> None:
    creditbank = services("creditbank")
    type_id = uuid.uuid4()
    first = published(clock.today(), type_id=type_id)
    broker.say(first, published(clock.today(), version=2, standard="2.0", type_id=type_id))
    hear_all(broker, creditbank, CertificateTypePublished)
    query = "SELECT certificate_type_id, level, standard_version, teo_id, released_on, due_on FROM credit_clock"
    with creditbank.database.session() as session:
        before = set(session.execute(text(query)).all())
    run(creditbank, "TRUNCATE credit_clock")
    run(creditbank, "DELETE FROM certificate_type")
    onex("rebuild", "creditbank", "certificate-types")
    with creditbank.database.session() as session:
        assert before <= set(session.execute(text(query)).all())
    assert len(before) == 6


def test_notices_are_made_again_and_no_webhook_is_sent_and_no_partner_told(
    onex: Command, services: Services, broker: Broker
) -> None:
    notifications = services("notifications")
    subscription = subscribe(notifications, "https://partner.example/hook", "certificate_issued")
    issued = [certificate() for _ in range(30)]
    broker.say(*issued)
    hear_all(broker, notifications, type(issued[0]))
    run(notifications, "DELETE FROM outbox")
    columns = "event_id, name, certificate_id, certificate_type_code, CAST(body AS text), occurred_at"
    with notifications.database.session() as session:
        before = session.execute(text(f"SELECT {columns} FROM notice ORDER BY event_id")).all()
    run(notifications, "DELETE FROM delivery")
    run(notifications, "DELETE FROM notice WHERE event_id IN (SELECT event_id FROM notice LIMIT 20)")
    onex("rebuild", "notifications", "notices")
    with notifications.database.session() as session:
        after = set(session.execute(text(f"SELECT {columns} FROM notice")).all())
        assert set(before) <= after
        assert session.scalar(text("SELECT count(*) FROM delivery")) == 0
        assert session.scalar(text("SELECT count(*) FROM outbox")) == 0
    assert subscription["id"]


def _notices(service: Service) -> list[Any]:
    """All but when they were noted."""
    columns = "event_id, name, certificate_id, certificate_version, certificate_type_code, body, occurred_at"
    with service.database.session() as session:
        return [tuple(row) for row in session.execute(text(f"SELECT {columns} FROM notice"))]


def test_notices_of_changed_standings_and_standings_of_the_credit_bank_are_made_again(
    onex: Command, services: Services, broker: Broker
) -> None:
    """Both events of certificates are played again; who was told is not told again, and no credit is moved."""
    notifications, creditbank = services("notifications"), services("creditbank")
    subscribe(notifications, "https://partner.example/hook", "certificate_issued", "certificate_standing_changed")
    code = f"{uuid.uuid4().int % 1000:03}"
    issued = [certificate(code) for _ in range(6)]
    said = (*issued, *(changed(one, version) for one in issued for version in (2, 3)))
    broker.say(*said)
    for service in (notifications, creditbank):
        hear_all(broker, service, CertificateIssued, CertificateStandingChanged)
    noticed = _notices(notifications)
    stood = contents(creditbank, "certificate_standing")["certificate_standing"]
    moved = contents(creditbank, "hold", "entry", "waiting_certificate")
    run(notifications, "DELETE FROM outbox")
    run(notifications, "DELETE FROM delivery")
    run(
        notifications,
        "DELETE FROM notice WHERE certificate_version = 2 OR event_id IN (SELECT event_id FROM notice LIMIT 4)",
    )
    run(creditbank, "DELETE FROM certificate_standing WHERE id IN (SELECT id FROM certificate_standing LIMIT 3)")
    run(creditbank, "UPDATE certificate_standing SET standing = 'revoked', version = 99")
    onex("rebuild", "notifications")
    onex("rebuild", "creditbank")
    assert set(noticed) <= set(_notices(notifications))
    assert set(stood) <= set(contents(creditbank, "certificate_standing")["certificate_standing"])
    assert contents(notifications, "delivery", "outbox") == {"delivery": [], "outbox": []}
    assert contents(creditbank, "hold", "entry", "waiting_certificate") == moved
    assert len(noticed) == 18


def test_the_worker_may_go_on_while_a_model_is_rebuilt_and_its_newer_version_wins(
    services: Services, broker: Broker
) -> None:
    certificates = services("certificates")
    one = organization(uuid.uuid4(), "teo", "91110000100000001A")
    broker.say(one)
    hear_all(broker, certificates, OrganizationAdmitted)
    newer = envelope(replace(one, organization_version=2, name_zh="新名"))
    in_the_middle, heard = threading.Event(), threading.Event()

    def worker() -> None:
        in_the_middle.wait(30)
        certificates.hear(newer)
        heard.set()

    thread = threading.Thread(target=worker)
    thread.start()
    waited: list[bool] = []
    (model,) = models_named("certificates", "teos")

    def stream(producer: str) -> Any:
        in_the_middle.set()
        waited.append(not heard.wait(1.0))
        return read_again(broker.url, producer, "first")

    rebuild(certificates.database, model, stream)
    thread.join(30)
    assert waited == [True], "the worker's writing waits for the rebuild"
    with certificates.database.session() as session:
        query = text("SELECT version, name_zh FROM teo WHERE id = :id")
        assert session.execute(query, {"id": one.organization_id}).all() == [(2, "新名")]


def test_readers_see_the_old_rows_until_a_rebuild_is_committed(services: Services, broker: Broker) -> None:
    certificates = services("certificates")
    one = organization(uuid.uuid4(), "teo", "91110000100000001A")
    broker.say(one)
    hear_all(broker, certificates, OrganizationAdmitted)
    seen: list[Any] = []
    (model,) = models_named("certificates", "teos")

    def stream(producer: str) -> Any:
        with certificates.database.session() as session:
            seen.extend(session.execute(text("SELECT id, version FROM teo")).all())
        return read_again(broker.url, producer, "first")

    rebuild(certificates.database, model, stream)
    assert seen == [(one.organization_id, 1)]


def test_an_action_that_says_events_is_no_read_model_and_nothing_is_changed(services: Services, broker: Broker) -> None:
    certificates = services("certificates")
    one = organization(uuid.uuid4(), "teo", "91110000100000001A")
    broker.say(one)
    hear_all(broker, certificates, OrganizationAdmitted)
    before = contents(certificates, "teo")

    def keep_and_say(session: Any, heard: list[Heard[Any]]) -> None:
        session.execute(text("DELETE FROM teo"))
        outbox.append(session, heard[0].event)

    model = ReadModel("wrong", (Table("teo", "version"),), {OrganizationAdmitted: keep_and_say})
    with pytest.raises(SaidSomething):
        rebuild(certificates.database, model, lambda producer: read_again(broker.url, producer, "first"))
    assert contents(certificates, "teo") == before
    assert contents(certificates, "outbox") == {"outbox": []}


def test_a_whole_services_models_are_rebuilt_together(onex: Command, services: Services, broker: Broker) -> None:
    services("assessment")
    said = onex("rebuild", "assessment")
    for title in (
        "organizations",
        "exits",
        "agreements",
        "certificate-types",
        "sites",
        "quotas",
        "fee-agreements",
        "access-keys",
    ):
        assert title in said
    assert "organizations: organization" in onex("rebuild", "assessment", "--dry-run")


def test_a_model_that_is_not_there_is_refused_and_those_that_are_there_are_named(onex: Command) -> None:
    said = onex("rebuild", "creditbank", "accounts", expect=2)
    assert "certificate-types" in said
    onex("rebuild", "nobody", expect=2)


def test_exits_quotas_fees_and_standings_of_sites_are_made_again(
    onex: Command, services: Services, broker: Broker
) -> None:
    assessment, certificates = services("assessment"), services("certificates")
    teo, college, type_id, site_id = (uuid.uuid4() for _ in range(4))
    filed = site(site_id, "GD-0001", college, teo, type_id)
    seats, agreed = quota(college, type_id, "primary", 5), fee(teo, college, type_id, "primary")
    suspended = SiteStandingChanged(
        site_id=site_id, site_version=2, standing="suspended", code="GD-0001", college_id=college, teo_id=teo,
        certificate_type_id=type_id, division_code="440106", changed_at=filed.filed_at,
    )  # fmt: skip
    ceiling = FeeCeilingPublished(
        fee_ceiling_id=uuid.uuid4(), certificate_type_id=type_id, level="primary", ceiling_version=1,
        amount_fen=50_000, in_force_from=date(2026, 1, 1),
    )  # fmt: skip
    said = (exited(teo, "teo"), filed, suspended, seats, replace(seats, quota_version=2, seats=7), ceiling, agreed)
    broker.say(*said)
    hear_all(broker, assessment, *dict.fromkeys(map(type, said)))
    hear_all(broker, certificates, OrganizationExited)
    tables = ("exited_organization", "site", "quota", "fee_ceiling", "fee_agreement")
    before, teos_before = contents(assessment, *tables), contents(certificates, "exited_teo")
    assert all(before.values())
    run(assessment, f"TRUNCATE {', '.join(tables)} CASCADE")
    run(certificates, "TRUNCATE exited_teo")
    for model in ("exits", "sites", "quotas", "fee-ceilings", "fee-agreements"):
        onex("rebuild", "assessment", model)
    onex("rebuild", "certificates", "exits")
    after, teos_after = contents(assessment, *tables), contents(certificates, "exited_teo")
    assert {table: set(rows) <= set(after[table]) for table, rows in before.items()} == dict.fromkeys(tables, True)
    assert set(teos_before["exited_teo"]) <= set(teos_after["exited_teo"])
    assert contents(assessment, "outbox", "parked") == {"outbox": [], "parked": []}
