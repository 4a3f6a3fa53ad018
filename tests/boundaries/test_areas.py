"""Every area keeps the plan of docs/architecture.md: what lives in which file, and what that file may not do."""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SERVICES = CHECKOUT / "services"
# Doors to the world: what a pure decision has no business with. A module of the standard library not named here is fine.
INPUT_OUTPUT = {
    "asyncio", "http", "io", "logging", "multiprocessing", "os", "pathlib", "queue", "random", "secrets", "select",
    "shutil", "smtplib", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib.request",
}  # fmt: skip
PURE_LIBRARIES = {"chinese_calendar", "stdnum"}
VALUE_TYPES = {"onex.chassis.access", "onex.chassis.problems", "onex.chassis.states", "onex.chassis.working_days"}
CLOCKS = {"now", "today", "utcnow", "monotonic", "perf_counter"}


def files(name: str) -> list[Path]:
    return sorted(SERVICES.glob(f"*/*/{name}"))


def each(name: str) -> pytest.MarkDecorator:
    found = files(name)
    return pytest.mark.parametrize("file", found, ids=[str(one.relative_to(SERVICES)) for one in found])


def imports(file: Path) -> Iterator[tuple[str, str]]:
    """Every imported module, and the name taken from it (empty for a whole module)."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports are absolute"
            yield from ((node.module or "", alias.name) for alias in node.names)


def of_ours(module: str, name: str) -> Path | None:
    """The file of a module of ours, whether it was imported itself or a name from it."""
    for candidate in (f"{module}.{name}", module):
        file = CHECKOUT / (candidate.replace(".", "/") + ".py")
        if name != "" and file.exists():
            return file
    return None


def impurities(file: Path, seen: set[Path]) -> list[str]:
    """What the file, or a module of its own service that it stands on, imports beyond values and the standard library."""
    seen.add(file)
    found: list[str] = []
    for module, name in imports(file):
        top = module.split(".")[0]
        if module in VALUE_TYPES or top in PURE_LIBRARIES:
            continue
        if top == "services":
            inner = of_ours(module, name)
            if inner is not None and inner not in seen:
                found += impurities(inner, seen)
        elif top not in sys.stdlib_module_names or top in INPUT_OUTPUT or module in INPUT_OUTPUT:
            found.append(f"{file.relative_to(CHECKOUT)} imports {module}")
    return found


def attributes(file: Path) -> set[str]:
    return {node.attr for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Attribute)}


def calls(file: Path) -> set[str]:
    """The names that are called, without what they are called on."""
    called = (node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))
    return {f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "") for f in called}


def imported(file: Path) -> set[str]:
    return {module.split(".")[0] for module, _ in imports(file)} | {module for module, _ in imports(file)}


@each("rules.py")
def test_rules_decide_on_plain_values_with_no_input_or_output(file: Path) -> None:
    assert impurities(file, set()) == []


@each("rules.py")
def test_rules_are_told_the_time_and_never_ask(file: Path) -> None:
    assert calls(file) & CLOCKS == set()


@each("errors.py")
def test_errors_are_refusals_with_a_code_of_their_own(file: Path) -> None:
    spec = importlib.util.spec_from_file_location(f"errors_of_{file.parent.name}", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    from onex.chassis.problems import Refusal

    own = [one for one in vars(module).values() if isinstance(one, type) and one.__module__ == module.__name__]
    refusals = [one for one in own if issubclass(one, Refusal) and not one.__name__.startswith("_")]
    for refusal in refusals:
        assert refusal.code.replace("_", "").isalnum(), refusal
        assert refusal.code == refusal.code.lower(), refusal
    codes = [refusal.code for refusal in refusals if "code" in vars(refusal)]
    assert len(codes) == len(set(codes))


@each("actions.py")
def test_actions_neither_commit_nor_know_of_http_or_the_broker(file: Path) -> None:
    assert attributes(file) & {"commit", "rollback", "begin"} == set()
    assert imported(file) & {"flask", "flask_smorest", "werkzeug", "kombu", "amqp", "nameko", "requests"} == set()


@each("queries.py")
def test_queries_only_read(file: Path) -> None:
    assert calls(file) & {"commit", "rollback", "insert", "update", "delete", "add_all", "merge", "copy_in"} == set()
    assert "onex.messaging" not in {".".join(module.split(".")[:2]) for module, _ in imports(file)}


@each("api.py")
def test_doors_of_http_neither_query_nor_publish_nor_commit(file: Path) -> None:
    assert attributes(file) & {"commit", "rollback", "execute", "scalar", "scalars"} == set()
    assert imported(file) & {"kombu", "amqp", "nameko", "psycopg"} == set()
    assert not [module for module, name in imports(file) if name == "outbox"]


@each("bus.py")
def test_doors_of_the_bus_neither_query_nor_commit(file: Path) -> None:
    assert attributes(file) & {"commit", "rollback", "execute", "scalar", "scalars"} == set()


def test_no_file_is_longer_than_400_lines() -> None:
    tracked = (
        file for folder in ("onex", "services", "tests", "examples", "deploy", "benchmarks")
        for file in (CHECKOUT / folder).rglob("*.py")
    )  # fmt: skip
    assert {str(file): lines for file in tracked if (lines := len(file.read_text().splitlines())) > 400} == {}


def test_no_file_is_named_after_nothing() -> None:
    vague = {"utils", "util", "common", "helpers", "helper", "manager", "misc"}
    assert [
        file for folder in ("onex", "services") for file in (CHECKOUT / folder).rglob("*.py") if file.stem in vague
    ] == []


def test_imports_between_packages_run_one_way() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    kept = subprocess.run(
        [lint_imports, "--no-cache", "--no-logo"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert kept.returncode == 0, kept.stdout
