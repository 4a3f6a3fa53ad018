"""docker-compose.yml as the tests read it, and secrets made by the very program that makes them."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
DEPLOY = CHECKOUT / "deploy"
IN_CONTAINERS = "/run/secrets/"


def with_defaults(value: Any) -> str:
    """A value of the compose file where nobody has set its variables: `${NAME:-default}` becomes `default`."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value))


@pytest.fixture(scope="session")
def compose() -> dict[str, Any]:
    """docker-compose.yml."""
    document: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
    return document


@pytest.fixture(scope="session")
def make_secrets() -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Runs deploy/make-secrets on a folder; the answer has its exit status and what it said."""

    def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, str(DEPLOY / "make-secrets"), "--folder", str(folder), *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    return run


@pytest.fixture(scope="session")
def secrets_folder(
    tmp_path_factory: pytest.TempPathFactory, make_secrets: Callable[..., "subprocess.CompletedProcess[str]"]
) -> Path:
    """The secrets of a fresh deployment."""
    folder = tmp_path_factory.mktemp("deployed") / "secrets"
    made = make_secrets(folder)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="session")
def environment_of(compose: dict[str, Any], secrets_folder: Path) -> Callable[[str], dict[str, str]]:
    """The environment of a container, its secrets where they lie here; one it is not given is a missing file."""

    def of(container: str) -> dict[str, str]:
        described = compose["services"][container]
        environment = {name: with_defaults(value) for name, value in described.get("environment", {}).items()}
        for name, value in environment.items():
            if value.startswith(IN_CONTAINERS):
                secret = value.removeprefix(IN_CONTAINERS)
                folder = secrets_folder if secret in described["secrets"] else secrets_folder / "not-given"
                environment[name] = str(folder / f"{secret}.txt")
        return environment

    return of
