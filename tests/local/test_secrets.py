"""Secrets: made once, kept, closed to others."""

import base64
import json
import stat
from pathlib import Path

from onex.local import secrets, settings_file


def test_secrets_are_made_once_and_then_kept(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    first = secrets.made_once(file)
    assert secrets.made_once(file) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(set(first.values())) == len(first)


def test_two_platforms_have_different_secrets(tmp_path: Path) -> None:
    one, other = secrets.made_once(tmp_path / "one"), secrets.made_once(tmp_path / "other")
    assert not set(one.values()) & set(other.values())


def test_a_secret_that_is_new_in_a_later_version_is_added_and_the_old_stay(tmp_path: Path) -> None:
    file = tmp_path / "secrets.env"
    settings_file.write(file, {"ONEX_PII_INDEX_KEY": "as it was"})
    made = secrets.made_once(file)
    assert made["ONEX_PII_INDEX_KEY"] == "as it was"
    assert made.keys() == secrets.MAKERS.keys()


def test_keys_have_256_bits(tmp_path: Path) -> None:
    made = secrets.made_once(tmp_path / "secrets.env")
    keys = [made["ONEX_PII_INDEX_KEY"], made["ONEX_LEARNER_ID_KEY"], *json.loads(made["ONEX_PII_KEYS"]).values()]
    assert [len(base64.b64decode(key)) for key in keys] == [32, 32, 32]


def test_a_settings_file_reads_back_whatever_is_written(tmp_path: Path) -> None:
    settings = {
        "A": '{"k1": "x="}',
        "B": "it's",
        "C": "",
        "D": "two words # not a comment",
        "E": "$HOME `id`",
        "F": "是",
    }
    settings_file.write(tmp_path / "some.env", settings)
    assert settings_file.read(tmp_path / "some.env") == settings
    assert settings_file.read(tmp_path / "none.env") == {}
