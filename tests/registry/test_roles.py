"""The roles that each door of the registry is open to stand in services/registry/doors.md, and change there on purpose (PP-37).

That each door keeps to it, as every role and on whose records, is shown by test_matrix.py.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from onex.chassis.access import Role
from onex.cli.services import web_of
from services import registry
from tests.registry.world import API, World

WRITTEN = Path(registry.__file__).with_name("doors.md")
HEAD = """# The registry's doors, under `/registry/v1`, and who may enter

What a role may do behind a door ends at its own territory, organization or account. Written by the test that compares it with the
code: `ONEX_WRITE_DOORS=1 make test ARGS=tests/registry/test_roles.py`.

| door | open to |
|---|---|
"""


def doors(app: Flask) -> Iterator[tuple[str, str]]:
    """Each door, `<path> <method>`, and who may enter."""
    for rule in app.url_map.iter_rules():
        if (
            rule.endpoint in ("docs", "static")
            or rule.endpoint.startswith("api-docs.")
            or not rule.rule.startswith(API)
        ):
            continue
        roles = app.view_functions[rule.endpoint]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            allowed = getattr(_view(roles, method), "onex_roles")  # noqa: B009
            who = (
                "anyone" if not allowed else "every role" if allowed == frozenset(Role) else ", ".join(sorted(allowed))
            )
            path = "/".join("<id>" if part.startswith("<") else part for part in rule.rule.split("/")).removeprefix(API)
            yield f"{path} {method}", who


def _view(view: object, method: str) -> object:
    """The function behind a rule: of a class of views the one for the method."""
    of_class = getattr(view, "view_class", None)
    return getattr(of_class, method.lower()) if of_class else view


@pytest.mark.rule("PP-37")
def test_the_doors_and_their_roles_are_those_that_are_written_down(world: World) -> None:
    app = web_of("registry", world.registry.settings).routes["/registry"]
    assert isinstance(app, Flask)
    lines = [f"| `{door.split()[1]} {door.split()[0]}` | {who} |" for door, who in sorted(set(doors(app)))]
    table = HEAD + "\n".join(lines) + "\n"
    if os.environ.get("ONEX_WRITE_DOORS"):
        WRITTEN.write_text(table)
    assert WRITTEN.read_text() == table
