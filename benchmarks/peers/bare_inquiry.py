"""The least that answers an inquiry: a WSGI function with the one look-up, and nothing around it."""

import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

import orjson
import psycopg

FIND = """
    SELECT c.name_index, c.number, c.masked_name, c.type_code, t.name_zh, t.name_en, c.level, o.name_zh, o.name_en,
           c.issued_on, c.state
    FROM certificate c
    JOIN certificate_type t ON t.id = c.certificate_type_id
    JOIN teo o ON o.id = c.teo_id
    WHERE c.number = %s
"""
_own = threading.local()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Number in, certificate out; each thread keeps its connection and its prepared statement."""
    if not hasattr(_own, "connection"):
        _own.connection = psycopg.connect(os.environ["BENCH_DATABASE_URL"], autocommit=True)
    asked = orjson.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    row = _own.connection.execute(FIND, (asked["number"],), prepare=True).fetchone()
    body = orjson.dumps({"found": row is not None, "certificate": row[1:] if row else None})
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
