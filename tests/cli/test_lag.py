"""`onex lag`: what waits, since when, and why."""

import json
import uuid
from collections.abc import Callable

from sqlalchemy import text

from onex.chassis import jobs
from onex.chassis.settings import SERVICES
from onex.contracts.registry import OrganizationAdmitted
from onex.messaging import outbox
from onex.messaging.topology import queue_of
from tests.assessment.world import organization
from tests.cli.broker import Broker
from tests.cli.command import Command
from tests.cli.test_parked import set_aside
from tests.harness.service import Service

QUEUE = queue_of("assessment", OrganizationAdmitted)
Services = Callable[[str], Service]


def test_a_platform_at_rest_says_that_nothing_waits(onex: Command, services: Services, broker: Broker) -> None:
    for name in SERVICES:
        services(name)  # empty: other tests may have left something waiting there
    said = onex("lag")
    assert "Nothing waits anywhere." in said
    assert QUEUE in said
    assert json.loads(onex("lag", "--json"))["idle"] is True


def test_queues_outboxes_parked_events_and_jobs_are_named_with_their_figures(
    onex: Command, services: Services, broker: Broker
) -> None:
    assessment = services("assessment")
    broker.say(*(organization(uuid.uuid4(), "teo", "91110000100000001A") for _ in range(4)))
    assessment.hear(organization(uuid.uuid4(), "teo", "91110000100000001A"))
    set_aside(assessment, "certificate_type_unknown", count=3)
    with assessment.database.transaction() as session:
        event = organization(uuid.uuid4(), "teo", "91110000100000001A")
        outbox.append(session, event)
        job_id = jobs.accept(session, assessment.vault, "roster", owner_id=None, created_by="a test", parameters={})
    with assessment.database.transaction() as session:
        session.execute(text("UPDATE outbox SET occurred_at = now() - interval '90 seconds'"))

    found = json.loads(onex("lag", "--json", "--service", "assessment"))
    assert found["idle"] is False
    (service,) = found["services"]
    (consumer,) = (one for one in service["consumers"] if one["queue"] == QUEUE)
    assert (consumer["waiting"], consumer["readers"]) == (4, 0)
    assert consumer["newest_handled_at"] == consumer["oldest_handled_at"] != None  # noqa: E711
    assert [(row["lane"], row["depth"]) for row in service["outbox"]] == [("platform", 1)]
    assert 90 <= service["outbox"][0]["oldest_s"] < 600
    assert [(row["consumer"], row["code"], row["waiting"]) for row in service["parked"]] == [
        (QUEUE, "certificate_type_unknown", 3)
    ]
    assert [(row["id"], row["kind"], row["state"]) for row in service["jobs"]] == [(str(job_id), "roster", "queued")]

    said = onex("lag")
    assert "assessment: 1 events not sent yet in lane platform, the oldest for" in said
    assert f"assessment: 3 parked from {QUEUE} since" in said
    assert "because of certificate_type_unknown" in said
    assert f"assessment: job {job_id} (roster) queued since" in said
    assert "Nothing waits anywhere." not in said


def test_a_service_that_is_none_is_refused(onex: Command) -> None:
    onex("lag", "--service", "nobody", expect=2)
