"""The trial worker after the fix: `python -m tests.fault.mended_worker <part> <service>`.

What killed its process or was refused is handled now, and the reader bears events that have no English name.
"""

# ruff: noqa: I001 - the trial worker patches the standard library when it is imported, before anything else

from tests.messaging import trial_worker

import sys
from typing import Any

import orjson

from onex.chassis.database import UnitOfWork
from onex.contracts.registry import OrganizationAdmitted
from onex.messaging.heard import Heard


def record(session: UnitOfWork, heard: list[Heard[OrganizationAdmitted]]) -> None:
    session.execute(trial_worker.RECORD, {"names": [one.event.name_en for one in heard]})


def bear_a_missing_name() -> None:
    strictly = OrganizationAdmitted.decode.__func__  # type: ignore[attr-defined]

    def decode(cls: type[OrganizationAdmitted], body: bytes) -> Any:
        raw = orjson.loads(body)
        return strictly(cls, orjson.dumps({"name_en": raw["code"]} | raw))

    OrganizationAdmitted.decode = classmethod(decode)  # type: ignore[assignment, method-assign]


if __name__ == "__main__":
    bear_a_missing_name()
    trial_worker.obey = record  # type: ignore[assignment]
    trial_worker.main(*sys.argv[1:])
