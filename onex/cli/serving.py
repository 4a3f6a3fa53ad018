"""The WSGI application that granian serves: the services named in ONEX_WEB_SERVICES (all five by default)."""

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable
from typing import Any

from onex.chassis import logs
from onex.chassis.health import HealthDoors, StartResponse
from onex.chassis.settings import SERVICES, Settings
from onex.chassis.web.mounting import Router
from onex.cli.services import web_of

PR_SET_PDEATHSIG = 1  # <sys/prctl.h>


def _end_with_granian() -> None:
    """A process that serves ends when granian's own is killed. Else it would go on answering beside its successors."""
    granian = multiprocessing.parent_process()
    if sys.platform == "linux" and granian is not None:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != granian.pid:  # it was killed while this process was still starting: no signal will come
            os._exit(1)


def _front(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    if environ.get("PATH_INFO") == "/":
        start_response("303 See Other", [("Location", "/certificates/inquiry")])
    else:
        start_response("404 Not Found", [("Content-Type", "application/problem+json")])
        return [b'{"type":"urn:onex:problem:not_found","title":"Not Found","status":404,"code":"not_found"}']
    return []


def build() -> HealthDoors:
    """One app of the chosen services, with health and metrics before them."""
    chosen = [name for name in os.environ.get("ONEX_WEB_SERVICES", "").split(",") if name] or SERVICES
    logs.configure(chosen[0] if len(chosen) == 1 else "web", "web")
    mounted = {name: web_of(name, Settings.for_service(name)) for name in chosen}
    routes = {prefix: app for service in mounted.values() for prefix, app in service.routes.items()}
    checks = {name: service.ready for name, service in mounted.items()}
    return HealthDoors(checks, Router(routes, _front))


_end_with_granian()
application = build()
