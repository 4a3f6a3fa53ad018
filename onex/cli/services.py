"""Finds a service's parts by name; nothing in `onex` imports a service otherwise."""

import importlib
from collections.abc import Iterable
from typing import Any, cast

from onex.chassis.settings import SERVICES, Settings
from onex.chassis.web.mounting import Mounted
from onex.contracts.event import Event
from onex.messaging.consumer import contracts_of


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
