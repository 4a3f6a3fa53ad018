"""No table of the registry goes unrecorded without a reason, and nothing writes past the record."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Mapper

import services.registry.models  # noqa: F401  every table is mapped
from services.registry.history import rules
from services.registry.tables import Base

REGISTRY = Path(__file__).resolve().parents[3] / "services" / "registry"
MAPPERS: list[Mapper[object]] = sorted(Base.registry.mappers, key=lambda one: one.local_table.name)
# Files that write rows without the ORM, and why no history is lost by it.
PAST_THE_ORM = {
    "history/recording.py": "writes the history itself",
    "identity/actions.py": "the day on which a client was used last is no change of its record",
    "identity/attempts.py": "sign_in_guard is not recorded",
    "identity/sessions.py": "refresh_token is not recorded",
    "policies/actions.py": "policy_attachment_body is not recorded; the attachment is, with its SHA-256",
}


def test_every_table_of_the_registry_is_mapped_once() -> None:
    assert [one.local_table.name for one in MAPPERS] == sorted(Base.metadata.tables)


def test_what_is_not_recorded_exists_and_has_its_reason() -> None:
    assert set(rules.UNRECORDED) <= set(Base.metadata.tables)
    assert all(len(reason) > 10 for reason in rules.UNRECORDED.values())


@pytest.mark.parametrize("mapper", MAPPERS, ids=lambda one: one.local_table.name)
def test_a_recorded_table_has_a_key_that_can_be_shown(mapper: Mapper[object]) -> None:
    """A record is named by its key, so no recorded key may be what is sealed, hashed or secret."""
    if mapper.local_table.name not in rules.UNRECORDED:
        assert [one.name for one in mapper.primary_key if rules.is_hidden(one.name)] == []


def writers() -> Iterator[tuple[str, str]]:
    """Each file that calls SQLAlchemy's insert, update or delete, or COPY."""
    for file in sorted(REGISTRY.rglob("*.py")):
        if "migrations" in file.parts:
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        taken = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith(("sqlalchemy", "onex.chassis.database"))
            for alias in node.names
            if alias.name in ("insert", "update", "delete", "copy_in")
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in taken:
                yield str(file.relative_to(REGISTRY)), f"{node.func.id} in line {node.lineno}"


def test_nothing_is_written_past_the_orm_but_what_is_listed_with_its_reason() -> None:
    assert [(file, what) for file, what in writers() if file not in PAST_THE_ORM] == []
