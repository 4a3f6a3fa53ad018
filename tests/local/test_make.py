"""The Makefile's list of targets, and what the set-up script says when there is nothing to set up with."""

import re
import shutil
import subprocess
from pathlib import Path

from onex.local.platform import CHECKOUT

TOOLS = ("sh", "dirname", "cat", "cksum", "env")


def test_make_lists_every_target_with_what_it_does() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    listed = subprocess.run(["make", "--no-print-directory"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    words = {line.split()[0] for line in listed.stdout.splitlines() if line.startswith("  ") and len(line.split()) > 2}
    assert words == set(phony.group(1).split()) - {"setup"}


def checkout(folder: Path) -> Path:
    """A checkout with what the set-up script reads, and a PATH with hardly anything on it."""
    (folder / "bin").mkdir()
    for name in ("bin/setup", "requirements.lock", "pyproject.toml"):
        shutil.copy(CHECKOUT / name, folder / name)
    (folder / "path").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (folder / "path" / tool).symlink_to(found)
    return folder


def setup(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(folder / "path"), **environment}
    return subprocess.run([str(folder / "bin/setup")], env=environment, capture_output=True, text=True)


def test_without_python_the_ways_to_get_it_are_named(tmp_path: Path) -> None:
    done = setup(checkout(tmp_path))
    assert done.returncode != 0
    assert "Python 3.11 or newer is missing" in done.stderr
    assert "apt-get install python3" in done.stderr
    assert "PYTHON=" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_a_python_that_is_named_but_is_none_is_refused(tmp_path: Path) -> None:
    done = setup(checkout(tmp_path), PYTHON="/bin/false")
    assert done.returncode != 0
    assert "PYTHON=/bin/false is not a Python 3.11 or newer" in done.stderr


def test_a_python_that_cannot_make_environments_is_refused_with_the_package_it_lacks(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    # Debian's python3 without python3-venv: everything works but for these modules.
    bare = folder / "path" / "python3"
    bare.write_text(
        '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; *%d.%d*) echo 3.11 ;; *split*) echo 3.11.2 ;; esac\n'
    )
    bare.chmod(0o755)
    (folder / "path" / "id").write_text("#!/bin/sh\necho 1000\n")
    (folder / "path" / "id").chmod(0o755)
    done = setup(folder)
    assert done.returncode != 0
    assert "apt-get install python3.11-venv" in done.stderr
    assert not (folder / ".venv").exists()
