"""Liveness, readiness and metrics, the same three addresses in every process, workers included."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], bool]
StartResponse = Callable[..., Any]  # PEP 3333: a third argument is optional
WSGI = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


def answers(check: Check) -> bool:
    """Whether a check says yes; one that fails says no."""
    try:
        return bool(check())
    except Exception:  # any failure at all means: not ready
        return False


class HealthDoors:
    """A WSGI app for `/health/live`, `/health/ready` and `/metrics`; everything else goes to `rest`."""

    def __init__(self, checks: Mapping[str, Check], rest: WSGI | None = None) -> None:
        self._checks, self._rest = checks, rest

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/health/live":
            return self._answer(start_response, 200, {"status": "live"})
        if path == "/health/ready":
            results = {name: answers(check) for name, check in self._checks.items()}
            status = 200 if all(results.values()) else 503
            return self._answer(start_response, status, {"status": "ready" if status == 200 else "not ready"} | results)
        if path == "/metrics":
            start_response("200 OK", [("Content-Type", CONTENT_TYPE_LATEST)])
            return [generate_latest()]
        if self._rest:
            return self._rest(environ, start_response)
        return self._answer(start_response, 404, {"status": "not found"})

    @staticmethod
    def _answer(start_response: StartResponse, status: int, body: dict[str, Any]) -> Iterable[bytes]:
        phrase = {200: "200 OK", 404: "404 Not Found", 503: "503 Service Unavailable"}[status]
        start_response(phrase, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
        return [orjson.dumps(body)]
