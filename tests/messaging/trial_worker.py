"""A small service for the tests: run as `python -m tests.messaging.trial_worker <part> <service>`.

It is what a real service is: a nameko worker on its own database, with the service's own least-rights account. What its
door does is written in the event's `name_zh`. A fault is a file in ONEX_TRIAL_FAULTS: the first to remove it dies there, so
each fault happens once.
"""

# ruff: noqa: E402 - eventlet patches before anything else is imported, as in onex/__main__.py

from onex import green

green.patch()

import os
import signal
import sys
from pathlib import Path
from typing import Any

import eventlet
from eventlet.patcher import original
from nameko.events import event_handler
from sqlalchemy import text

from onex.chassis.database import UnitOfWork
from onex.chassis.problems import NotYetKnown, Refusal
from onex.chassis.settings import Settings
from onex.contracts.registry import OrganizationAdmitted
from onex.messaging import consumer, relay, retry, worker
from onex.messaging.consumer import Consumes, consumes
from onex.messaging.dead_letters import DeadLetters
from onex.messaging.heard import Heard
from onex.messaging.relay import OutboxStore, Relay

FAULTS = Path(os.environ["ONEX_TRIAL_FAULTS"])
RECORD = text("INSERT INTO trial (name) SELECT unnest(CAST(:names AS text[]))")


class Unwelcome(Refusal):
    code, title = "unwelcome", "This organization is not welcome here"


def die_if(fault: str) -> None:
    try:
        (FAULTS / fault).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def obey(session: UnitOfWork, heard: list[Heard[OrganizationAdmitted]]) -> None:
    """Do to each event what its name says, and record it."""
    for one in heard:
        match one.event.name_zh:
            case "refuse":
                raise Unwelcome()
            case "wait":
                if not session.scalar(text("SELECT count(*) FROM trial WHERE name = 'awaited'")):
                    raise NotYetKnown("the awaited is not known yet")
            case "never":
                raise NotYetKnown("it never will be")
            case "break":
                raise ValueError("身份证 11010519491231002X")
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "slow":
                eventlet.sleep(float(os.environ["ONEX_TRIAL_SLOW_S"]))
            case "hog":  # holds the whole process, as a long computation does
                original("time").sleep(float(os.environ["ONEX_TRIAL_SLOW_S"]))
    session.execute(RECORD, {"names": [one.event.name_en for one in heard]})


class Listener:
    name = "notifications"

    dead_letters = DeadLetters()

    @consumes(OrganizationAdmitted, linger_ms=200)
    def on_organizations(self, session: UnitOfWork, heard: list[Heard[OrganizationAdmitted]]) -> None:
        obey(session, heard)
        die_if("before_commit")


class Speaker:
    name = "registry"

    relay = Relay()


class Stock:
    """A partner's service as nameko's own documentation shows it; it knows nothing of ours."""

    name = "stock"

    @event_handler("registry", "organization_admitted")
    def on_organization(self, payload: dict[str, Any]) -> None:
        with (FAULTS / "stock.heard").open("a") as out:
            out.write(payload["name_en"] + "\n")


def arm() -> None:
    """Put the places where a process may die into the code that is under test, and shorten what takes long."""
    count, delete = Consumes._count, OutboxStore.delete

    def count_or_die(self: Consumes, *arguments: Any) -> None:
        die_if("after_commit")  # committed, and not acknowledged
        count(self, *arguments)

    def delete_or_die(self: OutboxStore, ids: Any) -> None:
        die_if("after_confirm")  # the broker has it, and the outbox has it still
        delete(self, ids)

    Consumes._count, OutboxStore.delete = count_or_die, delete_or_die  # type: ignore[method-assign]
    retry.RETRY_DELAYS_S = (1,) * int(os.environ.get("ONEX_TRIAL_RETRIES", "2"))  # type: ignore[assignment]
    consumer.HEARTBEAT_S = int(os.environ.get("ONEX_TRIAL_HEARTBEAT_S", consumer.HEARTBEAT_S))
    relay.PATIENCE_S = float(os.environ.get("ONEX_TRIAL_PATIENCE_S", relay.PATIENCE_S))
    relay.FIRST_PAUSE_S = 0.1
    relay.LONGEST_PAUSE_S = 0.5


def main(part: str, service: str) -> None:
    arm()
    worker.run({"listener": Listener, "speaker": Speaker, "stock": Stock}[part], Settings.for_service(service))


if __name__ == "__main__":
    main(*sys.argv[1:])
