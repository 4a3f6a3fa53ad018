"""Every door says who may enter: `@allow(Role.TEO)` or `@public`. A door that says neither keeps the app from starting."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import current_app, g, request

from onex.chassis import access
from onex.chassis.access import Caller, Role
from onex.chassis.problems import Unauthorized

View = TypeVar("View", bound=Callable[..., Any])


def caller_or_none() -> Caller | None:
    """Who sent the request, None without a token; a token that is sent must be good."""
    if "caller" not in g:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            g.caller = None
        elif scheme.lower() != "bearer":
            raise Unauthorized("The Authorization header must be: Bearer <token>.")
        else:
            runtime = current_app.extensions["onex"]
            g.caller = access.verify(token.strip(), runtime.keys, runtime.settings.public_url)
    return g.caller


def caller() -> Caller:
    """Who sent the request; raise Unauthorized without a token."""
    who = caller_or_none()
    if who is None:
        raise Unauthorized()
    return who


def recognized(who: Caller) -> None:
    """A door that reads no token found out by itself who sent the request: by a password, say. The history names them."""
    g.caller = who


def allow(*roles: Role) -> Callable[[View], View]:
    """Open a door to these roles; operators enter wherever they are named, nobody enters by default."""
    allowed = frozenset(roles)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            caller().must_have(allowed)
            return view(*args, **kwargs)

        guarded.onex_roles = allowed  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """Open a door to anyone."""
    view.onex_roles = frozenset()  # type: ignore[attr-defined]
    documented = getattr(view, "_apidoc", {})  # where flask-smorest keeps what its `doc` decorator is given
    manual = documented.get("manual_doc", {}) | {"security": []}
    view._apidoc = documented | {"manual_doc": manual}  # type: ignore[attr-defined]
    return view
