"""The page that `--report` writes of a run."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.report import CHECKOUT

BROKEN = """
    import pytest

    pytestmark = pytest.mark.fault

    @pytest.mark.parametrize("wait_s", [1.0, 2.5])
    def test_nothing_is_lost(found, wait_s):
        found(size="both", seed=7, broken="a cable", lost=1, longest_wait_s=wait_s, deaths={"killed": {"4.1-read": 1}})

    def test_it_fails(found):
        found(lost=3)
        assert False
"""


def run(folder: Path, tests: str, *arguments: str) -> tuple[int, Path]:
    """How pytest ends on these tests, and where their page would be."""
    (folder / "test_some.py").write_text("\n".join(line.removeprefix("    ") for line in tests.splitlines()))
    page = folder / "pages" / "run.md"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.harness.report", "-p", "no:cacheprovider"]
    command += ["--rootdir", str(folder), "-o", "markers=fault", "-o", "addopts=", "--report", str(page), *arguments]
    done = subprocess.run([*command, str(folder / "test_some.py")], cwd=CHECKOUT, capture_output=True, text=True)
    return done.returncode, page


def test_cases_of_one_size_are_one_row_with_their_figures_together(tmp_path: Path) -> None:
    ended, page = run(tmp_path, BROKEN)
    assert ended == pytest.ExitCode.TESTS_FAILED
    lines = page.read_text().splitlines()
    row = next(line for line in lines if line.startswith("| nothing is lost"))
    assert "| both | 7 | a cable | lost 2, longest wait 2.5 s | 2 cases: passed |" in row
    assert any(line.startswith("| it fails") and "lost 3 | failed |" in line for line in lines)
    assert any(line == "| `4.1-read` | 2 |" for line in lines)
    assert "| result | 2 passed, 0 skipped, 1 failed |" in lines
    assert "- failed: `test_some.py::test_it_fails`: assert False" in lines


def test_the_command_that_was_typed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEX_COMMAND", "make fault")
    _, page = run(tmp_path, "def test_it(): pass")
    assert page.read_text().startswith("# What `make fault` found\n")


@pytest.mark.parametrize(("tests", "arguments"), [("def test_it(): raise KeyboardInterrupt", []), (BROKEN, ["-x"])])
def test_a_run_that_was_broken_off_overwrites_no_page(tmp_path: Path, tests: str, arguments: list[str]) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "run.md").write_text("kept")
    _, page = run(tmp_path, tests, *arguments)
    assert page.read_text() == "kept"


def test_a_list_of_tests_is_no_run(tmp_path: Path) -> None:
    _, page = run(tmp_path, BROKEN, "--collect-only")
    assert not page.exists()
