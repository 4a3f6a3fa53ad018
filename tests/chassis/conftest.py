"""A small web app on a real service's database, with one door for each thing that can happen to a request."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, abort
from marshmallow import Schema, fields
from sqlalchemy import text
from werkzeug.test import Client as WsgiClient
from werkzeug.wrappers import Response

from onex.chassis import access, trace
from onex.chassis.access import Role
from onex.chassis.database import new_base
from onex.chassis.problems import Refusal
from onex.chassis.settings import Settings
from onex.chassis.web import Blueprint, Runtime, allow, create_app, public, session
from tests.harness.service import Service

AccessKey = access.access_key_table(new_base())
SECRET = "身份证 11010519491231002X"


class Full(Refusal):
    code, title, clause = "full", "There is no room left", "OP-23"


class ThingSchema(Schema):
    name = fields.String(required=True)


def _doors() -> Blueprint:
    blp = Blueprint("things", "things", url_prefix="/things")

    @blp.route("/<uuid:thing_id>")
    @public
    def thing(thing_id: Any) -> dict[str, str]:
        """A thing."""
        return {"id": str(thing_id)}

    @blp.route("/", methods=["POST"])
    @public
    @blp.arguments(ThingSchema)
    @blp.response(201)
    def make(body: dict[str, Any]) -> dict[str, Any]:
        """Make a thing: a row in a table that every service has."""
        session().execute(text("INSERT INTO inbox VALUES ('thing', gen_random_uuid())"))
        return body

    @blp.route("/late-refusal", methods=["POST"])
    @public
    def late_refusal() -> None:
        """Change something, then refuse."""
        session().execute(text("INSERT INTO inbox VALUES ('thing', gen_random_uuid())"))
        raise Full("No room at the site.", places=30)

    @blp.route("/broken")
    @public
    def broken() -> None:
        """Break."""
        raise ValueError(SECRET)

    @blp.route("/aborted")
    @public
    def aborted() -> None:
        """Give up as Flask does."""
        abort(418)

    @blp.route("/database")
    @public
    def database() -> dict[str, Any]:
        """Ask the database."""
        return {"one": session().scalar(text("SELECT 1"))}

    @blp.route("/trace")
    @public
    def traced() -> dict[str, Any]:
        """The trace id in force."""
        return {"trace_id": trace.current_trace_id()}

    @blp.route("/guarded")
    @allow(Role.PROVINCE)
    def guarded() -> dict[str, Any]:
        """For provinces."""
        return {}

    return blp


def make_app(settings: Settings) -> Flask:
    app = create_app("Things", Runtime.of(settings, AccessKey), [_doors()])
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    return app


@pytest.fixture
def creditbank(service: Callable[[str], Service]) -> Service:
    return service("creditbank")


@pytest.fixture
def web(creditbank: Service) -> WsgiClient:
    return WsgiClient(make_app(creditbank.settings), Response)


@pytest.fixture
def web_without_database(creditbank: Service) -> WsgiClient:
    """The same app, its database's address one where nobody listens."""
    away = "postgresql+psycopg://nobody:nothing@127.0.0.1:1/nowhere"
    return WsgiClient(make_app(dataclasses.replace(creditbank.settings, database_url=away)), Response)
