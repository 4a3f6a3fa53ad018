"""Finds a service's parts by name; nothing in `onex` imports a service otherwise."""

import importlib
from collections.abc import Iterable
from typing import Any, cast

from onex.chassis.settings import SERVICES, Settings
from onex.chassis.web.mounting import Mounted
from onex.contracts.event import Event
from onex.messaging.consumer import contracts_of
from onex.messaging.read_models import ACCESS_KEYS, ReadModel


def worker_of(service: str) -> type:
    """The nameko service class of a service."""
    return cast(type, importlib.import_module(f"services.{service}.worker").Worker)


def web_of(service: str, settings: Settings) -> Mounted:
    """The web side of a service."""
    return cast(Mounted, importlib.import_module(f"services.{service}.web").create(settings))


def consumers() -> dict[str, Iterable[type[Event]]]:
    """Which events each service consumes, as its worker's doors say."""
    return {service: contracts_of(worker_of(service)) for service in SERVICES}


def seeds_of(service: str) -> Any:
    """What a service puts into its database right after migrating, or None."""
    try:
        return importlib.import_module(f"services.{service}.seeds").plant
    except ModuleNotFoundError:
        return None


def audit_of(service: str) -> Any:
    """What a service offers to the audit: a module with BOOKS and INVARIANTS (see onex/chassis/invariants.py)."""
    return importlib.import_module(f"services.{service}.audit")


def read_models_of(service: str) -> tuple[ReadModel, ...]:
    """The tables of a service that can be made again from the streams."""
    try:
        own = importlib.import_module(f"services.{service}.rebuild").MODELS
    except ModuleNotFoundError:
        own = ()
    return (*own, ACCESS_KEYS)
