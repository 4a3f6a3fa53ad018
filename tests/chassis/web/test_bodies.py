"""What is read into objects may be 8 MiB large, a file may be larger; a door may say less."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import request
from flask_smorest.fields import Upload
from marshmallow import Schema, fields
from werkzeug.test import Client as WsgiClient
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from onex.chassis import access
from onex.chassis.access import Role
from onex.chassis.database import new_base
from onex.chassis.web import Blueprint, Runtime, create_app, public
from onex.chassis.web.bodies import MAX_PARSED_BYTES
from tests.harness.service import Service, json_of

AccessKey = access.access_key_table(new_base())
Send = Callable[..., TestResponse]


class TextSchema(Schema):
    text = fields.String(required=True)


class FileSchema(Schema):
    file = Upload(required=True)


def _doors() -> Blueprint:
    blp = Blueprint("bodies", "bodies", url_prefix="/bodies")

    @blp.route("/json", methods=["POST"])
    @public
    @blp.arguments(TextSchema)
    @blp.response(200)
    def as_json(body: dict[str, Any]) -> dict[str, Any]:
        """How much came."""
        return {"length": len(body["text"])}

    @blp.route("/form", methods=["POST"])
    @public
    @blp.response(200)
    def as_form() -> dict[str, Any]:
        """How much came."""
        return {"length": len(request.form["text"])}

    @blp.route("/small-form", methods=["POST"])
    @public
    @blp.response(200)
    def as_small_form() -> dict[str, Any]:
        """How much came, of 100 bytes at most."""
        request.max_content_length = 100
        return {"length": len(request.form["text"])}

    @blp.route("/file", methods=["POST"])
    @public
    @blp.arguments(FileSchema, location="files")
    @blp.response(200)
    def as_file(files: dict[str, Any]) -> dict[str, Any]:
        """How much came."""
        return {"length": len(files["file"].read())}

    return blp


@pytest.fixture(params=[False, True], ids=["once", "with an Idempotency-Key"])
def send(request: pytest.FixtureRequest, service: Callable[[str], Service]) -> Send:
    creditbank = service("creditbank")
    web = WsgiClient(create_app("Bodies", Runtime.of(creditbank.settings, AccessKey), [_doors()]), Response)
    key = {"Authorization": f"Bearer {creditbank.token(Role.OPERATOR)}", "Idempotency-Key": "1"}

    def post(door: str, **options: Any) -> TestResponse:
        return web.post(f"/creditbank/v1/bodies/{door}", headers=key if request.param else {}, **options)

    return post


def is_too_large(answer: TestResponse) -> bool:
    return (answer.status_code, answer.mimetype, json_of(answer)["code"]) == (
        413,
        "application/problem+json",
        "too_large",
    )


def json_of_length(length: int) -> dict[str, Any]:
    return {"data": b'{"text": "%s"}' % (b"x" * (length - 12)), "content_type": "application/json"}


def test_json_may_be_so_large_and_no_larger(send: Send) -> None:
    assert is_too_large(send("json", **json_of_length(MAX_PARSED_BYTES + 1)))
    answer = send("json", **json_of_length(MAX_PARSED_BYTES))
    assert json_of(answer) == {"length": MAX_PARSED_BYTES - 12}


def test_json_whose_length_is_not_told_may_be_no_larger(send: Send) -> None:
    body = io.BytesIO(json_of_length(MAX_PARSED_BYTES + 1)["data"])
    chunked = {"environ_overrides": {"wsgi.input_terminated": True}, "content_type": "application/json"}
    assert is_too_large(send("json", input_stream=body, **chunked))


def test_a_form_may_be_so_large_and_no_larger(send: Send) -> None:
    text = "x" * (MAX_PARSED_BYTES - len("text="))
    assert is_too_large(send("form", data={"text": text + "x"}))
    assert json_of(send("form", data={"text": text})) == {"length": len(text)}


def test_a_door_may_allow_less(send: Send) -> None:
    assert is_too_large(send("small-form", data={"text": "x" * 100}))
    assert json_of(send("small-form", data={"text": "x" * 90})) == {"length": 90}


def test_a_file_may_be_larger(send: Send) -> None:
    data = b"x" * (2 * MAX_PARSED_BYTES)
    assert json_of(send("file", data={"file": (io.BytesIO(data), "a.csv")})) == {"length": len(data)}


def test_a_form_with_files_has_no_larger_fields_for_that(send: Send) -> None:
    file = (io.BytesIO(b"x"), "a.csv")
    assert is_too_large(send("form", data={"text": "x" * (MAX_PARSED_BYTES + 1), "file": file}))


def test_what_is_no_file_is_not_read_as_one(send: Send) -> None:
    assert is_too_large(send("file", **json_of_length(MAX_PARSED_BYTES + 1)))
