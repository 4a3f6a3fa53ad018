"""What docker-compose.yml promises: every service runs, with all it needs and nothing more."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onex.chassis.settings import SERVICES, OutsideIssuer, Settings, read
from onex.local.postgres import SETTINGS as LOCAL_POSTGRES
from services.certificates.log import folder
from tests.deploy.conftest import CHECKOUT, DEPLOY, IN_CONTAINERS
from tests.deploy.test_settings_given import settings_of_the_code

Environment = Callable[[str], dict[str, str]]
OURS = [f"{service}-{kind}" for service in SERVICES for kind in ("worker", "web")]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", ["worker", "web"])
def test_each_service_has_a_worker_and_a_web_container_that_find_every_setting(
    service: str, kind: str, environment_of: Environment, compose: dict[str, Any]
) -> None:
    environment = environment_of(f"{service}-{kind}")
    settings = Settings.for_service(service, environment)
    assert settings.database_url.startswith(f"postgresql+psycopg://{service}:")
    assert settings.database_url.endswith(f"@postgres:5432/{service}")
    assert settings.amqp_url.startswith(f"amqp://{service}:")
    command = compose["services"][f"{service}-{kind}"]["command"]
    if kind == "worker":
        assert (command, settings.worker_port) == (["run", service], 8000)
    else:
        assert (command, environment["ONEX_WEB_SERVICES"]) == (["web"], service)


def test_the_migration_finds_the_settings_of_all_services_and_the_administrators_addresses(
    environment_of: Environment,
) -> None:
    environment = environment_of("migrate")
    for service in SERVICES:
        Settings.for_service(service, environment)
    assert read(environment, "ONEX_AMQP_ADMIN_URL", str, "").endswith("@rabbitmq:5672/onex")
    assert read(environment, "ONEX_AMQP_PARTNERS_ADMIN_URL", str, "").endswith("@rabbitmq:5672/partners")
    assert read(environment, "ONEX_BOOTSTRAP_OPERATOR_SECRET", str, "")


def test_only_notifications_reaches_the_partners_vhost(environment_of: Environment) -> None:
    reaching = {name for name in OURS if "ONEX_AMQP_PARTNERS_URL_FILE" in environment_of(name)}
    assert reaching == {"notifications-worker", "notifications-web"}
    partners = Settings.for_service("notifications", environment_of("notifications-worker")).partners_amqp_url
    assert partners is not None
    assert partners.endswith("/partners")


@pytest.mark.parametrize("name", OURS)
def test_a_container_is_given_the_secrets_of_its_own_service_and_no_others(name: str, compose: dict[str, Any]) -> None:
    service = name.split("-")[0]
    own = {f"database_url_{service}", f"amqp_url_{service}"}
    shared = {"pii_keys", "pii_index_key", "learner_id_key"}
    partners = {"amqp_partners_url"} if service == "notifications" else set()
    assert set(compose["services"][name]["secrets"]) == own | shared | partners


def test_the_log_is_written_where_nginx_looks_for_it(
    environment_of: Environment, compose: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = environment_of("certificates-worker")["ONEX_LOG_FOLDER"]
    monkeypatch.setenv("ONEX_LOG_FOLDER", written)
    assert folder.folder_in_force() == Path(written)
    nginx = (DEPLOY / "nginx" / "nginx.conf").read_text()
    served = re.findall(r"location (?:= )?(\S*/log/\S*) \{\s+root (\S+);", nginx)
    assert [root + path for path, root in served] == [f"{written}/checkpoint", f"{written}/tile/"]
    mounted = {name: container.get("volumes", []) for name, container in compose["services"].items()}
    assert f"log:{written}" in mounted["certificates-worker"]
    assert f"log:{written}:ro" in mounted["nginx"]
    assert {name for name, volumes in mounted.items() if any(one.startswith("log:") for one in volumes)} == {
        "certificates-worker",
        "nginx",
    }
    # A volume that is new has the owner of the folder in the image that it is mounted over.
    assert f"install --directory --owner=onex --group=onex {written}\n" in (DEPLOY / "Dockerfile").read_text()


def test_everything_of_ours_waits_until_the_migration_has_succeeded(compose: dict[str, Any]) -> None:
    for name in OURS:
        waits_for = compose["services"][name]["depends_on"]
        assert waits_for["migrate"] == {"condition": "service_completed_successfully"}, name
        assert waits_for["postgres"] == waits_for["rabbitmq"] == {"condition": "service_healthy"}, name


def test_no_container_is_root_or_can_become_it_or_write_outside_its_volumes(compose: dict[str, Any]) -> None:
    for name, container in compose["services"].items():
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", container["user"]), name
        assert container["read_only"] is True, name
        assert container["cap_drop"] == ["ALL"], name
        assert "cap_add" not in container, name
        assert "privileged" not in container, name
        assert container["security_opt"] == ["no-new-privileges:true"], name
        assert container["mem_limit"], name
        for volume in container.get("volumes", []):
            source = volume.split(":")[0]
            assert volume.endswith(":ro") or source in compose["volumes"], f"{name}: {volume}"


def test_every_container_is_started_again_and_says_how_it_is_except_the_migration(compose: dict[str, Any]) -> None:
    for name, container in compose["services"].items():
        if name == "migrate":
            assert container["restart"] == "no"
            assert container["healthcheck"] == {"disable": True}
            continue
        assert container["restart"] == "unless-stopped", name
        if name not in OURS:  # these have the image's own
            assert container["healthcheck"]["test"][0] == "CMD", name
    assert re.search(r"^HEALTHCHECK .*[\s\\]*CMD .*:8000/health/ready", (DEPLOY / "Dockerfile").read_text(), re.M)


def test_nothing_is_reachable_from_another_machine_unless_somebody_says_so(compose: dict[str, Any]) -> None:
    published = {name: container["ports"] for name, container in compose["services"].items() if "ports" in container}
    assert set(published) == {"nginx", "rabbitmq", "prometheus"}
    for ports in published.values():
        for port in ports:
            assert re.fullmatch(r"\$\{ONEX_\w+:-127\.0\.0\.1:\d+\}:\d+", port)
    assert compose["networks"]["inside"] == {"internal": True}
    outside = {name for name, container in compose["services"].items() if "outside" in container["networks"]}
    assert outside == {*published, "notifications-worker", "registry-web"}


def test_the_registry_is_told_of_an_outside_issuer_only_where_somebody_names_one(
    environment_of: Environment, compose: dict[str, Any]
) -> None:
    environment = environment_of("registry-web")
    assert OutsideIssuer.read(environment) is None
    given = {name for name in compose["services"]["registry-web"]["environment"] if name.startswith("ONEX_OIDC_")}
    asked = {name for name in settings_of_the_code() if name.startswith("ONEX_OIDC_")}
    assert given == asked
    named = {"ISSUER": "https://login.example.cn", "AUDIENCE": "onex", "ROLES": '{"ministry": "ministry"}'}
    trusted = OutsideIssuer.read(environment | {f"ONEX_OIDC_{name}": value for name, value in named.items()})
    assert trusted is not None
    assert (trusted.role_claim, trusted.jwks, trusted.jwks_url) == ("onex_role", None, None)


def test_every_secret_that_is_declared_is_made_and_used(compose: dict[str, Any], secrets_folder: Path) -> None:
    declared = {name: entry["file"] for name, entry in compose["secrets"].items()}
    assert declared == {name: f"deploy/secrets/{name}.txt" for name in declared}
    used = {secret for container in compose["services"].values() for secret in container.get("secrets", [])}
    assert used == set(declared)
    made = {file.stem for file in secrets_folder.iterdir()}
    assert set(declared) <= made
    # What is made besides are the passwords that others are made of, and the partner's, which is handed out.
    assert all(name.startswith("amqp_password_") for name in made - set(declared))


def test_no_secret_stands_in_a_committed_file(compose: dict[str, Any]) -> None:
    for name, container in compose["services"].items():
        for variable, value in container.get("environment", {}).items():
            if re.search(r"PASS|SECRET|KEY|_URL_|ADMIN_URL", variable):
                assert variable.endswith("_FILE"), f"{name}: {variable}"
                assert str(value).startswith(IN_CONTAINERS), f"{name}: {variable}"
    for file in [CHECKOUT / "docker-compose.yml", *DEPLOY.rglob("*")]:
        if file.is_file() and (DEPLOY / "secrets") not in file.parents and "__pycache__" not in file.parts:
            text = file.read_text()
            assert not re.search(r"://\w+:[\w-]{16,}@", text), file
            assert "PRIVATE KEY" not in text, file


def test_the_folder_of_secrets_is_kept_out_of_git_and_of_the_image() -> None:
    ignored = subprocess.run(
        ["git", "check-ignore", "-q", "--no-index", "deploy/secrets/pii_keys.txt"], cwd=CHECKOUT, capture_output=True
    )
    assert ignored.returncode == 0
    context = (CHECKOUT / ".dockerignore").read_text().split()
    assert "*" in context
    assert {line for line in context if line.startswith("!")} == {
        "!deploy/requirements.lock",
        "!onex",
        "!services",
        "!LICENSE",
    }


def test_the_database_server_keeps_people_out_of_its_log_here_as_on_one_machine() -> None:
    lines = (DEPLOY / "postgres" / "postgresql.conf").read_text().splitlines()
    settings = dict(re.findall(r"^(\w+) = '?(.*?)'?$", line)[0] for line in lines if re.match(r"\w", line))
    alike = ("fsync", "synchronous_commit", "password_encryption", "log_error_verbosity", "log_min_error_statement")
    assert {name: settings[name] for name in alike} == {name: LOCAL_POSTGRES[name] for name in alike}


def test_the_database_server_makes_a_role_for_each_service_and_is_given_its_password(compose: dict[str, Any]) -> None:
    script = (DEPLOY / "postgres" / "10-roles.sh").read_text()
    roles = re.findall(r"^for NAME in (.*); do$", script, re.M)[0].split()
    assert roles == [*SERVICES, "monitoring"]
    given = set(compose["services"]["postgres"]["secrets"])
    assert given == {f"database_password_{role}" for role in (*roles, "postgres")}
