"""A setting may be given as a file that holds it, as containers are given their secrets."""

from pathlib import Path

import pytest

from onex.chassis.settings import SettingError, read

MEANING = "a whole number"


def number(environ: dict[str, str], default: int | None = None) -> int:
    return read(environ, "ONEX_NUMBER", int, MEANING, default)


def test_the_value_is_what_the_file_holds_without_its_last_line_end(tmp_path: Path) -> None:
    (tmp_path / "number.txt").write_text(" 42\n")
    assert number({"ONEX_NUMBER_FILE": str(tmp_path / "number.txt")}) == 42


def test_without_a_file_the_variable_itself_counts() -> None:
    assert number({"ONEX_NUMBER": "7", "ONEX_NUMBER_FILE": ""}) == 7


def test_both_at_once_is_refused_because_nobody_could_say_which_counts(tmp_path: Path) -> None:
    (tmp_path / "number.txt").write_text("42")
    with pytest.raises(SettingError, match="ONEX_NUMBER and ONEX_NUMBER_FILE are both set"):
        number({"ONEX_NUMBER": "7", "ONEX_NUMBER_FILE": str(tmp_path / "number.txt")})


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe", b"forty-two"])
def test_a_file_that_is_missing_empty_or_unreadable_stops_the_boot_and_is_named(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "number.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingError, match="ONEX_NUMBER") as refused:
        number({"ONEX_NUMBER_FILE": str(file)}, default=1)
    assert MEANING in str(refused.value)
    assert "forty-two" not in str(refused.value)
