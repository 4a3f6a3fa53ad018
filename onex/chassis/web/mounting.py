"""Several WSGI apps at one address: the longest prefix wins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from onex.chassis.health import WSGI, Check, StartResponse


@dataclass(frozen=True)
class Mounted:
    """What a service's `web.py` gives: its apps by path prefix, and whether it is ready."""

    routes: Mapping[str, WSGI]
    ready: Check


class Router:
    """Sends each request to the app with the longest prefix of its path."""

    def __init__(self, routes: Mapping[str, WSGI], otherwise: WSGI) -> None:
        self._routes = sorted(routes.items(), key=lambda route: -len(route[0]))
        self._otherwise = otherwise

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        for prefix, app in self._routes:
            if path == prefix or path.startswith(prefix + "/"):
                return app(environ, start_response)
        return self._otherwise(environ, start_response)
