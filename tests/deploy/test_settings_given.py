"""No setting is forgotten: what the code asks for, the containers are given or the handbook names."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.conftest import CHECKOUT

# What runs in containers. The platform on one machine (onex/local, onex/demo) gives itself its settings.
IN_THE_IMAGE = ("onex/chassis", "onex/messaging", "onex/cli", "onex/audit", "services")


def pattern(node: ast.expr) -> str | None:
    """The variable that an expression names, with <SERVICE> for what is put in; None if it names none of ours."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        name = node.value
    elif isinstance(node, ast.JoinedStr):
        name = "".join(part.value if isinstance(part, ast.Constant) else "<SERVICE>" for part in node.values)
    else:
        return None
    return name if name.startswith("ONEX_") else None


def asked_for(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    """Each variable that the code reads by `read(environ, name, parse, meaning[, default])` or from an environment,
    and whether it must be set."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if function == "read" and len(node.args) >= 2 and (name := pattern(node.args[1])):
                yield name, len(node.args) < 5 and not any(word.arg == "default" for word in node.keywords)
            elif function in ("get", "getenv") and node.args and (name := pattern(node.args[0])):
                yield name, False
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and (name := pattern(node.slice)):
            yield name, True


def settings_of_the_code() -> dict[str, bool]:
    found: dict[str, bool] = {}
    for folder in IN_THE_IMAGE:
        for file in (CHECKOUT / folder).rglob("*.py"):
            for name, required in asked_for(ast.parse(file.read_text(), str(file))):
                found[name] = found.get(name, False) or required
    return found


def given_to_containers(compose: dict[str, Any]) -> set[str]:
    names = {name for container in compose["services"].values() for name in container.get("environment", {})}
    return {name.removesuffix("_FILE") for name in names}


def is_given(name: str, given: set[str]) -> bool:
    head, _, tail = name.partition("<SERVICE>")
    return name in given or ("<SERVICE>" in name and any(one.startswith(head) and one.endswith(tail) for one in given))


def test_the_search_finds_what_is_known_to_be_there() -> None:
    found = settings_of_the_code()
    assert found["ONEX_DATABASE_URL_<SERVICE>"] is True
    assert found["ONEX_PII_KEYS"] is True
    assert found["ONEX_DATABASE_POOL_SIZE"] is False


def test_every_setting_that_must_be_set_is_given_to_a_container(compose: dict[str, Any]) -> None:
    given = given_to_containers(compose)
    missing = [name for name, required in settings_of_the_code().items() if required and not is_given(name, given)]
    assert not missing, f"docker-compose.yml gives no container {missing}"


def test_every_setting_is_in_the_handbook() -> None:
    handbook = Path(CHECKOUT / "docs" / "deployment.md").read_text()
    missing = [name for name in settings_of_the_code() if f"`{name}`" not in handbook]
    assert not missing, f"docs/deployment.md, “Settings”, does not name {missing}"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("read(environ, f'ONEX_A_{upper}', str, 'meaning')", ("ONEX_A_<SERVICE>", True)),
        ("settings.read(environ, 'ONEX_A', int, 'meaning', 3)", ("ONEX_A", False)),
        ("read(environ, 'ONEX_A', int, 'meaning', default=None)", ("ONEX_A", False)),
        ("os.environ.get('ONEX_A', '')", ("ONEX_A", False)),
        ("environ['ONEX_A']", ("ONEX_A", True)),
    ],
)
def test_the_search_knows_each_way_of_asking(code: str, found: tuple[str, bool]) -> None:
    assert list(asked_for(ast.parse(code))) == [found]
