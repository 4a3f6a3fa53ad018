"""The HTTP side of a service: one Flask app with its doors, its OpenAPI document and its refusals."""

from onex.chassis.web.app import Runtime, create_app, runtime
from onex.chassis.web.arguments import Blueprint
from onex.chassis.web.callers import allow, caller, public
from onex.chassis.web.limits import limited
from onex.chassis.web.paging import PageQuery, page
from onex.chassis.web.unit import session

__all__ = [
    "Blueprint",
    "PageQuery",
    "Runtime",
    "allow",
    "caller",
    "create_app",
    "limited",
    "page",
    "public",
    "runtime",
    "session",
]
