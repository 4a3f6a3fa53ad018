"""Structured logs: one JSON object a line, with the service, the trace id, and never a whole identity number."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

from onex.chassis.trace import current_trace_id

# 18 characters as in GB 11643, or 15 as before 1999, not inside a longer word.
_IDENTITY_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{6})(?:\d{8}\d{3}[\dXx]|\d{9})(?![0-9A-Za-z])")


def redact(value: Any) -> Any:
    """The value with every identity number in it cut to its division; the last guard, not the first."""
    if isinstance(value, str):
        return _IDENTITY_NUMBER.sub(r"\1************", value)
    if isinstance(value, dict):
        return {key: redact(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redact(item) for item in value]
    return value


def _redact_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = redact(value)
    return event


def _add_trace(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if "trace_id" not in event and (trace := current_trace_id()):
        event["trace_id"] = trace
    return event


def configure(service: str, process: str, level: int = logging.INFO) -> None:
    """Send this process's logs, the libraries' included, to standard output as JSON lines."""
    source = {"service": service, "process": process}

    def add_source(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.update(source)  # not a context variable: those do not reach other threads, green ones included
        return event

    shared: list[Any] = [
        add_source,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        _add_trace,
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=lambda v, **_: orjson.dumps(v, default=str).decode()),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("amqp", "kombu", "nameko", "alembic", "urllib3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Our entrypoints judge and log every error of a door; nameko would log it again, with a driver's own text.
    logging.getLogger("nameko.containers").setLevel(logging.CRITICAL)


def get(name: str) -> Any:
    """A logger whose messages are event names and whose values are key words."""
    return structlog.get_logger(name)
