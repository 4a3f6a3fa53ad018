"""What a request carries, read strictly before any door sees it: JSON as RFC 8259 has it, and text a database can keep."""

from collections.abc import Iterator, Mapping
from typing import Any

import flask
import flask_smorest
import orjson
from marshmallow import Schema, ValidationError
from webargs import missing
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import UnsupportedMediaType

from onex.chassis.web.bodies import small_body

NUL = "\x00"


class StrictParser(FlaskParser):
    """webargs' parser, stricter in three things that no door should have to think of.

    JSON is read by orjson: no NaN, no half surrogate pairs, no nesting that ends the stack, all of which Python's own
    reader lets through or breaks on. NUL, which PostgreSQL keeps in no text, is refused wherever it stands. Of a file
    that is sent twice nobody knows which one is meant.
    """

    def load_json(self, req: flask.Request, schema: Schema) -> Any:
        body = small_body(req)
        if not body:
            return missing
        if not req.is_json:
            raise UnsupportedMediaType("The body must be JSON, sent as application/json.")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            self._handle_invalid_json_error(error, req)

    def load_files(self, req: flask.Request, schema: Schema) -> Any:
        if req.mimetype != "multipart/form-data" and small_body(req):
            raise UnsupportedMediaType("The file must be sent as multipart/form-data.")
        return super().load_files(req, schema)

    def pre_load(self, location_data: Any, *, schema: Schema, req: flask.Request, location: str) -> Any:
        wrong = dict(_what_is_wrong(location_data, location))
        if wrong:
            error = ValidationError({location: wrong})
            self.handle_error(error, req, schema, error_status_code=None, error_headers=None)
        return location_data


def _what_is_wrong(data: Any, location: str) -> Iterator[tuple[str, list[str]]]:
    if not isinstance(data, Mapping):
        if _has_nul(data):
            yield "_schema", ["There is a NUL character in it."]
        return
    for field in data:
        values = data.getlist(field) if hasattr(data, "getlist") else data[field]
        if _has_nul(values) or _has_nul(field):
            yield str(field).replace(NUL, ""), ["There is a NUL character in it."]
        elif location == "files" and len(values) > 1:
            yield field, ["One file is expected, not several."]


def _has_nul(value: Any) -> bool:
    waiting = [value]  # a list of what is still to be looked at: the nesting is the sender's choice
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if NUL in one:
                return True
        elif isinstance(one, FileStorage):
            waiting.append(one.filename or "")
        elif isinstance(one, Mapping):
            waiting.extend(one.keys())
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)
    return False


class Blueprint(flask_smorest.Blueprint):
    """flask-smorest's, with the strict parser. A service's app takes no other kind."""

    ARGUMENTS_PARSER = StrictParser()
