"""Composes a service's blueprints into one Flask app with an OpenAPI 3.1 document."""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from flask import Flask, Response, current_app, g, render_template, request
from sqlalchemy import text

from onex.chassis import metrics, trace
from onex.chassis.access import KeyRing, stored_keys
from onex.chassis.database import Database
from onex.chassis.pii import Vault
from onex.chassis.settings import Settings
from onex.chassis.web import errors
from onex.chassis.web.arguments import Blueprint
from onex.chassis.web.bodies import MAX_PARSED_BYTES
from onex.chassis.web.clients import Clients
from onex.chassis.web.documents import DocumentedApi
from onex.chassis.web.limits import Buckets
from onex.chassis.web.unit import TransactionalFlask

MAX_BODY_BYTES = 80 * 1024 * 1024
_PAGE_POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Runtime:
    """What doors of one service work with in this process."""

    settings: Settings
    database: Database
    vault: Vault
    keys: KeyRing

    @classmethod
    def of(cls, settings: Settings, access_key: Any) -> "Runtime":
        database = Database(settings.database_url, settings.service, pool_size=settings.database_pool_size)

        def read_keys() -> dict[str, dict[str, Any]]:
            with database.session() as session:
                return stored_keys(session, access_key)

        return cls(settings, database, Vault.of(settings), KeyRing(read_keys))


def runtime() -> Runtime:
    """The runtime of the app that answers this request."""
    return cast(Runtime, current_app.extensions["onex"])


def create_app(title: str, rt: Runtime, blueprints: Sequence[Blueprint], *, pages: Iterable[Any] = ()) -> Flask:
    """One service's web app; every blueprint lies under `/<service>/v1`, pages where they say themselves."""
    service = rt.settings.service
    app = TransactionalFlask(service, template_folder=str(Path(__file__).parent / "templates"), static_folder=None)
    app.extensions["onex"] = rt
    app.extensions["onex-clients"] = Clients.read(os.environ)
    app.extensions["onex-limits"] = Buckets()
    app.config.update(
        API_TITLE=title,
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=f"/{service}/v1",
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_PARSED_BYTES,
        ETAG_DISABLED=True,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    bearer = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    options = {"components": {"securitySchemes": bearer}, "security": [{"bearer": []}]}
    api = DocumentedApi(app, spec_kwargs=options)
    for blueprint in blueprints:
        if not isinstance(blueprint, Blueprint):
            raise RuntimeError(f"the blueprint {blueprint.name} is not of onex.chassis.web, so it would read loosely")
        api.register_blueprint(blueprint, url_prefix=f"/{service}/v1{blueprint.url_prefix or ''}")
    for blueprint in pages:
        app.register_blueprint(blueprint)
    errors.register(app)
    _observe(app, service)
    _documents(app, service, api)
    _refuse_unguarded_doors(app)
    return app


def _observe(app: Flask, service: str) -> None:
    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        g.trace = trace.follow(request.headers.get("traceparent"))
        g.trace.__enter__()

    @app.after_request
    def count(answer: Response) -> Response:
        route = str(request.url_rule.rule) if request.url_rule else "unknown"
        metrics.http_requests.labels(service, metrics.method(request.method), route, answer.status_code).inc()
        metrics.http_seconds.labels(service, route).observe(time.perf_counter() - g.started)
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Referrer-Policy", "no-referrer")
        answer.headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
        return answer

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        if "trace" in g:
            g.pop("trace").__exit__(None, None, None)


def _documents(app: Flask, service: str, api: DocumentedApi) -> None:
    @app.get(f"/{service}/v1/docs", endpoint="docs")
    def docs() -> str:
        return render_template("docs.html", spec=api.spec.to_dict())

    docs.onex_roles = frozenset()  # type: ignore[attr-defined]


def _refuse_unguarded_doors(app: Flask) -> None:
    """A door nobody decided about is a hole: the app does not start with one."""
    for endpoint, view in app.view_functions.items():
        if not hasattr(view, "onex_roles") and not endpoint.startswith("api-docs."):
            raise RuntimeError(f"{endpoint} says neither @allow(...) nor @public")


def database_answers(rt: Runtime) -> bool:
    """Whether the service can do its work now: its database answers and it knows the registry's access keys."""
    with rt.database.session() as session:
        session.execute(text("SELECT 1"))
    return rt.keys.known()
