"""What `onex verify` refuses, both examples refuse, and what it accepts, they accept: whatever a file was made of.

Most of these files are signed throughout with keys that count, so that each is refused for what is wrong with it, and not for a
signature that happens to break.
"""

import json
import runpy
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from onex.cli.main import app
from tests.certificates.log.altering import TEOS, of_entries, put, written
from tests.certificates.log.forging import (
    LOG_KEY,
    NOW,
    ORIGIN,
    OTHER_LOG_KEY,
    TEO_KEY,
    bundle,
    entry,
    log_proofs,
    signed,
    vkey,
)
from tests.certificates.log.hostile import GOOD, HOSTILE
from tests.harness.npm import NODE

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def onex(file: Path, keys: Sequence[str]) -> str | None:
    words = [word for key in keys for word in ("--log-key", key)]
    done = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["verify", *words, str(file)], catch_exceptions=False)
    assert done.exit_code in (0, 1)
    return None if done.exit_code == 0 else done.output


def python(file: Path, keys: Sequence[str]) -> str | None:
    example = runpy.run_path(str(EXAMPLES / "verify.py"))
    try:
        example["verify"](example["read"](file), keys)
    except Exception as error:  # as the program itself
        return str(error) or type(error).__name__
    return None


def node(files: Sequence[tuple[Path, Sequence[str]]]) -> list[str | None]:
    script = Path(__file__).with_name("examples.mjs")
    asked = json.dumps([(str(file), list(keys)) for file, keys in files])
    done = subprocess.run(
        [str(NODE), str(script), str(EXAMPLES / "verify.mjs")],
        input=asked, capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said: list[str | None] = json.loads(done.stdout)
    return said


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str | None, str | None, str | None]]:
    """By file: why `onex verify`, verify.py and verify.mjs refuse it; None where one does not."""
    folder, answers = tmp_path_factory.mktemp("bundles"), {}
    files = {name: folder / f"{at}.json" for at, name in enumerate(GOOD | HOSTILE)}
    for name, make in (GOOD | HOSTILE).items():
        files[name].write_bytes(written(make()))
    in_node = node([(file, [vkey()]) for file in files.values()])
    for (name, file), third in zip(files.items(), in_node, strict=True):
        answers[name] = onex(file, [vkey()]), python(file, [vkey()]), third
        file.unlink()
    return answers


@pytest.mark.rule("PP-45", "OP-32")
@pytest.mark.parametrize("name", GOOD)
def test_what_is_good_is_accepted_by_all_three(name: str, said: dict[str, Any]) -> None:
    assert said[name] == (None, None, None)


@pytest.mark.rule("PP-29", "PP-45")
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_good_is_refused_by_all_three(name: str, said: dict[str, Any]) -> None:
    assert all(said[name]), said[name]


def test_a_further_proof_that_is_wrong_is_refused_by_who_can_tell(tmp_path: Path) -> None:
    """The one thing in which they differ: the examples make no statements of a document, and say that they did not look."""
    made = bundle()
    made["credential"] = TEO_KEY.sign_statements(made["credential"], NOW)
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_bytes(written(made))
    made["credential"]["proof"][1]["created"] = "2026-01-01T00:00:00Z"
    bad.write_bytes(written(made))
    assert onex(good, [vkey()]) is None
    assert onex(bad, [vkey()]) is not None
    for file in (good, bad):
        example = runpy.run_path(str(EXAMPLES / "verify.py"))
        found = example["verify"](example["read"](file), [vkey()])
        assert any(line.startswith("not checked: the further proofs") for line in found)
    assert node([(good, [vkey()]), (bad, [vkey()])]) == [None, None]


def test_without_the_logs_key_a_forgers_bundle_agrees_with_itself_and_with_it_does_not(tmp_path: Path) -> None:
    """What a bundle alone can prove and what not: it is said, and the log's key makes the difference."""
    file = tmp_path / "forged.json"
    credential = signed()
    forged = bundle(credential, keys=[vkey(OTHER_LOG_KEY)], proofs=log_proofs([entry(credential)], key=OTHER_LOG_KEY))
    file.write_bytes(written(forged))
    assert (onex(file, []), python(file, []), *node([(file, [])])) == (None, None, None)
    assert all((onex(file, [vkey()]), python(file, [vkey()]), *node([(file, [vkey()])])))
    done = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["verify", str(file)])
    assert "whoever made the files could have made the keys" in done.output


def test_a_log_that_is_trusted_does_not_speak_for_another(tmp_path: Path) -> None:
    """Whoever trusts two logs does not let the one sign the heads of the other."""
    other = vkey(OTHER_LOG_KEY, "other.example/log")
    file = tmp_path / "bundle.json"
    for name, key, holds in ((ORIGIN, LOG_KEY, True), ("other.example/log", OTHER_LOG_KEY, False)):
        file.write_bytes(written(of_entries("issued", name=name, key=key)))
        keys = [vkey(), other]
        answers = onex(file, keys), python(file, keys), *node([(file, keys)])
        assert [one is None for one in answers] == [holds] * 3, answers


def test_a_name_cannot_write_lines_of_its_own_into_what_is_said(tmp_path: Path) -> None:
    """A forger signs what it likes with keys of its own; the terminal shows what is said, and nothing that a name says."""
    trick = "x\r\n  ✓ Everything that was checked holds.\x1b[2J\u202e\u2028"
    made = bundle(signed(put("issuer.name", trick)))
    made["credential"]["id"] = f"https://onex.example/{trick}"
    file = tmp_path / "trick.json"
    file.write_bytes(written(made))
    good = tmp_path / "good.json"
    good.write_bytes(written(bundle(signed(put("issuer.name", trick)))))
    for path in (file, good):
        output = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["verify", str(path)]).output
        for one in "\r\x1b\u202e\u2028":
            assert one not in output
        assert output.count("\n  ✓ Everything") == 0
    for command in ([sys.executable, str(EXAMPLES / "verify.py")], [str(NODE), str(EXAMPLES / "verify.mjs")]):
        done = subprocess.run([*command, str(good)], capture_output=True, encoding="utf-8", timeout=60)
        assert done.returncode == 0, done.stderr
        assert not any(one in done.stdout for one in "\r\x1b\u202e\u2028")
        assert "\n  ✓" not in done.stdout


def test_half_a_character_in_an_address_is_refused_and_not_stumbled_over(tmp_path: Path) -> None:
    file = tmp_path / "half.json"
    file.write_bytes(written(bundle()).replace(b"260042F40ZR1ANEEBA66", b"\\ud800"))
    done = subprocess.run(
        [sys.executable, "-m", "onex", "verify", str(file)], capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 1
    assert "Do not accept" in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("context", ["https://elsewhere.example/context", {"name": "https://schema.org/x"}])
def test_a_context_added_is_refused_even_where_the_log_is_not_looked_at(tmp_path: Path, context: Any) -> None:
    """The suite's own check lets further contexts pass, which are not under the signature: ours does not."""
    credential = signed()
    credential["@context"].append(context)
    files = {"credential.json": credential, "did.json": TEOS}
    for name, made in files.items():
        (tmp_path / name).write_bytes(orjson.dumps(made))
    words = ["verify", "--partial", *(str(tmp_path / name) for name in files)]
    done = CliRunner(env={"COLUMNS": "300"}).invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 1
    assert "wrong_context" in done.output


def test_this_table_is_not_of_one_case() -> None:
    """The good bundle differs from the hostile ones: each of those is another file."""
    made = [written(make()) for name, make in HOSTILE.items() if "100 MB" not in name]
    assert len({bytes(one) for one in made}) == len(made)
    assert written(bundle()) not in made
