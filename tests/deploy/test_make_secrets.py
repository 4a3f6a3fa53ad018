"""deploy/make-secrets: made once, kept, renewed on purpose, and never lost in silence."""

import base64
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onex.chassis.pii import Vault
from onex.chassis.settings import SERVICES
from onex.local.permissions import USERS, definitions, password_hash

MakeSecrets = Callable[..., Any]


def secret(folder: Path, name: str) -> str:
    return (folder / f"{name}.txt").read_text().strip()


def everything(folder: Path) -> dict[str, str]:
    return {file.stem: file.read_text() for file in folder.iterdir()}


def vault(folder: Path) -> Vault:
    keys = {key_id: base64.b64decode(key) for key_id, key in json.loads(secret(folder, "pii_keys")).items()}
    index, learner = (base64.b64decode(secret(folder, name)) for name in ("pii_index_key", "learner_id_key"))
    return Vault(keys, index, learner)


@pytest.fixture
def folder(tmp_path: Path, make_secrets: MakeSecrets) -> Path:
    assert make_secrets(tmp_path / "secrets").returncode == 0
    return tmp_path / "secrets"


def test_the_brokers_users_and_rights_are_those_of_the_one_table(secrets_folder: Path) -> None:
    made = json.loads(secret(secrets_folder, "rabbitmq_definitions"))
    passwords = {user: secret(secrets_folder, f"amqp_password_{user}") for user in USERS}
    expected = definitions(passwords)
    for user in made["users"]:
        salt = base64.b64decode(user["password_hash"])[:4]
        assert user["password_hash"] == password_hash(passwords[user["name"]], salt)
    for users in (made["users"], expected["users"]):  # salted, so never the same twice
        for user in users:
            del user["password_hash"]
    assert made == expected


def test_no_two_secrets_are_alike(secrets_folder: Path) -> None:
    made = everything(secrets_folder).values()
    assert len(set(made)) == len(made)


def test_the_folder_is_closed_and_what_is_in_it_can_be_read_by_the_containers_users(secrets_folder: Path) -> None:
    assert stat.S_IMODE(secrets_folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in secrets_folder.iterdir()} == {0o644}


def test_a_second_run_changes_no_password_and_no_key(folder: Path, make_secrets: MakeSecrets) -> None:
    before = everything(folder)
    assert make_secrets(folder).returncode == 0
    after = everything(folder)
    assert before.pop("rabbitmq_definitions") != after.pop("rabbitmq_definitions")  # hashed with new salts
    assert before == after


def test_a_renewed_password_is_in_the_address_too_and_in_the_same_file(folder: Path, make_secrets: MakeSecrets) -> None:
    before, file = everything(folder), folder / "database_url_registry.txt"
    inode = file.stat().st_ino
    assert make_secrets(folder, "--renew", "database_password_registry").returncode == 0
    after = everything(folder)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"database_password_registry", "database_url_registry", "rabbitmq_definitions"}
    assert f":{secret(folder, 'database_password_registry')}@" in after["database_url_registry"]
    assert file.stat().st_ino == inode  # a container that runs sees the file it was started with


@pytest.mark.parametrize("name", ["pii_index_key", "learner_id_key", "pii_keys", "nothing_known"])
def test_what_must_not_change_cannot_be_renewed(folder: Path, make_secrets: MakeSecrets, name: str) -> None:
    before = everything(folder)
    assert make_secrets(folder, "--renew", name).returncode == 2
    assert everything(folder) == before


@pytest.mark.parametrize("name", ["pii_index_key", "learner_id_key", "pii_keys"])
def test_a_lost_key_is_not_replaced_by_a_new_one(folder: Path, make_secrets: MakeSecrets, name: str) -> None:
    (folder / f"{name}.txt").unlink()
    refused = make_secrets(folder)
    assert refused.returncode == 1
    assert name in refused.stderr
    assert not (folder / f"{name}.txt").exists()


def test_a_first_run_that_was_interrupted_is_completed(folder: Path, make_secrets: MakeSecrets) -> None:
    kept = secret(folder, "database_password_registry")
    for name in ("learner_id_key", "database_url_registry", "rabbitmq_definitions"):
        (folder / f"{name}.txt").unlink()
    (folder / "pii_index_key.txt").write_text("")
    assert make_secrets(folder).returncode == 0
    assert secret(folder, "learner_id_key")
    assert secret(folder, "pii_index_key")
    assert kept in secret(folder, "database_url_registry")


def test_a_new_key_for_personal_data_is_known_everywhere_before_anyone_seals_with_it(
    folder: Path, make_secrets: MakeSecrets
) -> None:
    old = vault(folder)
    sealed_before = old.seal(b"of last year", "test")

    assert make_secrets(folder, "--pii-key", "add").returncode == 0
    knowing = vault(folder)
    assert knowing.open(sealed_before, "test") == b"of last year"
    assert old.open(knowing.seal(b"x", "test"), "test") == b"x"  # still sealed with the old one

    assert make_secrets(folder, "--pii-key", "use").returncode == 0
    using = vault(folder)
    assert list(json.loads(secret(folder, "pii_keys"))) == ["k1", "k2"]
    assert knowing.open(using.seal(b"x", "test"), "test") == b"x"
    assert using.open(sealed_before, "test") == b"of last year"


def test_the_addresses_are_each_services_own(secrets_folder: Path) -> None:
    for service in SERVICES:
        password = secret(secrets_folder, f"amqp_password_{service}")
        assert secret(secrets_folder, f"amqp_url_{service}") == f"amqp://{service}:{password}@rabbitmq:5672/onex"
    assert secret(secrets_folder, "amqp_admin_url").endswith("@rabbitmq:5672/onex")
