"""The platform while it runs: who can reach what, and what comes back after it was killed."""

import http.client
import json
import os
import signal
import stat
from urllib.parse import urlsplit

import amqp
import psycopg
import pytest

from onex.chassis.settings import SERVICES
from onex.local import settings_file
from onex.local.errors import LocalError, NotReady
from onex.local.platform import Platform
from onex.local.programs import Program
from tests.local.conftest import until


def database(platform: Platform, service: str, name: str | None = None) -> psycopg.Connection:
    url = platform.environment[f"ONEX_DATABASE_URL_{service.upper()}"].replace("+psycopg", "")
    return psycopg.connect(url if name is None else url.rsplit("/", 1)[0] + "/" + name)


def broker(url: str) -> amqp.Connection:
    parts = urlsplit(url)
    connection = amqp.Connection(
        f"{parts.hostname}:{parts.port}",
        userid=parts.username,
        password=parts.password,
        virtual_host=parts.path[1:],
        connect_timeout=10,
    )
    connection.connect()
    return connection


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_a_database_of_its_own(platform: Platform, service: str) -> None:
    with database(platform, service) as connection:
        row = connection.execute("SELECT current_user, current_database(), current_setting('fsync')").fetchone()
        connection.execute("CREATE TABLE made_by_owner (id int)")
        connection.rollback()
    assert row == (service, service, "on")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_cannot_enter_any_other_database(platform: Platform, service: str) -> None:
    for other in [*(name for name in SERVICES if name != service), "postgres", "template1"]:
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            database(platform, service, other)


def test_a_database_wants_the_password(platform: Platform) -> None:
    parts = urlsplit(platform.environment["ONEX_DATABASE_URL_REGISTRY"])
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://registry:guess@127.0.0.1:{parts.port}/registry")


def test_a_service_says_its_own_events_and_nobody_elses(platform: Platform) -> None:
    admin = broker(platform.environment["ONEX_AMQP_ADMIN_URL"]).channel()
    admin.exchange_declare("registry.events", "topic", durable=True, auto_delete=False)
    admin.exchange_declare("assessment.events", "topic", durable=True, auto_delete=False)
    connection = broker(platform.environment["ONEX_AMQP_URL_REGISTRY"])
    connection.channel().basic_publish_confirm(amqp.Message("{}"), "registry.events", "organization_admitted")
    channel = connection.channel()
    with pytest.raises(amqp.AccessRefused):
        channel.basic_publish_confirm(amqp.Message("{}"), "assessment.events", "result_published")
    with pytest.raises(amqp.AccessRefused):
        connection.channel().queue_declare("registry.assessment.result_published")
    admin.connection.close()
    connection.close()


def test_a_service_reads_its_own_queues_and_nobody_elses(platform: Platform) -> None:
    admin = broker(platform.environment["ONEX_AMQP_ADMIN_URL"]).channel()
    for queue in ("creditbank.certificates.certificate_issued", "notifications.certificates.certificate_issued"):
        admin.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
    connection = broker(platform.environment["ONEX_AMQP_URL_CREDITBANK"])
    connection.channel().basic_get("creditbank.certificates.certificate_issued")
    with pytest.raises(amqp.AccessRefused):
        connection.channel().basic_get("notifications.certificates.certificate_issued")
    admin.connection.close()
    connection.close()


def test_a_partner_reads_streams_in_its_own_vhost_only(platform: Platform) -> None:
    admin = broker(platform.environment["ONEX_AMQP_PARTNERS_ADMIN_URL"]).channel()
    stream = {"x-queue-type": "stream"}
    admin.queue_declare("certificates.stream", durable=True, auto_delete=False, arguments=stream)
    partner_url = platform.environment["ONEX_PARTNER_AMQP_URL"]
    connection = broker(partner_url)
    channel = connection.channel()
    channel.basic_qos(0, 10, False)
    channel.basic_consume("certificates.stream", arguments={"x-stream-offset": "first"})
    connection.channel().queue_declare("partner.mine", exclusive=True)
    with pytest.raises(amqp.AccessRefused):
        connection.channel().queue_delete("certificates.stream")
    connection.close()
    with pytest.raises(amqp.exceptions.NotAllowed):
        broker(partner_url.removesuffix("partners") + "onex")
    admin.connection.close()


def test_there_is_no_guest(platform: Platform) -> None:
    port = urlsplit(platform.environment["ONEX_AMQP_ADMIN_URL"]).port
    with pytest.raises(amqp.AccessRefused):
        broker(f"amqp://guest:guest@127.0.0.1:{port}/onex")


def test_every_secret_is_kept_from_other_users(platform: Platform) -> None:
    for name in ("secrets.env", "platform.env", "supervisord.conf", "rabbitmq/definitions.json"):
        assert stat.S_IMODE((platform.home / name).stat().st_mode) & 0o077 == 0, name
    assert stat.S_IMODE((platform.home / "logs").stat().st_mode) == 0o700


def test_another_terminal_finds_the_settings_of_the_running_platform(platform: Platform) -> None:
    assert settings_file.read(platform.home / "platform.env") == platform.environment
    assert json.loads(platform.environment["ONEX_PII_KEYS"]).keys() == {"k1"}


def test_the_web_process_answers_at_the_platforms_address(platform: Platform) -> None:
    parts = urlsplit(platform.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("GET", "/health/ready")
    assert connection.getresponse().status == 200


@pytest.mark.parametrize("name", ["postgres", "rabbitmq", "registry", "web"])
def test_what_is_killed_comes_back(platform: Platform, name: str) -> None:
    for _ in range(2):
        old = platform.kill(name)
        platform.wait_ready(name, replacing=old)
        assert platform.pid(name) not in (None, old)


def test_a_worker_killed_again_and_again_still_comes_back(platform: Platform) -> None:
    for _ in range(5):
        platform.wait_ready("assessment", replacing=platform.kill("assessment"))
    assert platform.pid("assessment") is not None


def test_a_restart_is_a_new_process_that_is_ready(platform: Platform) -> None:
    old = platform.pid("creditbank")
    platform.restart("creditbank")
    assert platform.pid("creditbank") not in (None, old)


def test_the_same_home_cannot_be_brought_up_twice(platform: Platform) -> None:
    with pytest.raises(LocalError, match="running already"):
        Platform(platform.home).start_servers()
    assert platform.pid("postgres") is not None


def outside(platform: Platform) -> dict[str, str]:
    """The settings of somebody who brings the servers of `platform` along."""
    databases = {name: url for name, url in platform.environment.items() if name.startswith("ONEX_DATABASE_URL_")}
    return {**os.environ, **databases, "ONEX_AMQP_URL": platform.environment["ONEX_AMQP_ADMIN_URL"]}


def test_servers_that_are_named_in_the_environment_are_used(platform: Platform) -> None:
    environment = outside(platform)
    with Platform(platform.home.with_name("guest"), environment=environment, programs=lambda *_: []) as guest:
        guest.start_servers()
        assert guest.names == []
        assert guest.environment["ONEX_AMQP_URL_REGISTRY"] == environment["ONEX_AMQP_URL"]
        assert guest.environment["ONEX_PARTNER_AMQP_URL"].endswith("/partners")
        assert guest.environment["ONEX_DATABASE_URL_REGISTRY"] == platform.environment["ONEX_DATABASE_URL_REGISTRY"]


def test_a_broker_that_does_not_let_us_in_is_named(platform: Platform) -> None:
    environment = outside(platform) | {"ONEX_AMQP_URL": platform.environment["ONEX_AMQP_URL_REGISTRY"]}
    guest = Platform(platform.home.with_name("guest"), environment=environment, programs=lambda *_: [])
    with pytest.raises(LocalError, match="vhost `partners`"):
        guest.start_servers()


def test_a_program_that_keeps_dying_is_reported_with_the_end_of_its_log(platform: Platform) -> None:
    argv = ("/bin/sh", "-c", "echo ONEX_PII_KEYS is not set; exit 1")
    program = Program("web", argv, ready_url="http://127.0.0.1:1/")
    with Platform(
        platform.home.with_name("guest"), environment=outside(platform), programs=lambda *_: [program]
    ) as guest:
        guest.start_servers()
        with pytest.raises(NotReady, match=r"web keeps dying(.|\n)*ONEX_PII_KEYS is not set"):
            guest.start_services()


def test_a_program_that_does_not_stop_when_asked_is_killed(platform: Platform) -> None:
    program = Program("web", ("/bin/sh", "-c", "trap '' TERM; while :; do read line </dev/null; done"), stop_wait_s=1)
    guest = Platform(platform.home.with_name("guest"), environment=outside(platform), programs=lambda *_: [program])
    guest.start_servers()
    guest.start_services()
    pid = guest.pid("web")
    assert pid is not None
    guest.stop()
    assert until(lambda: not _exists(pid))


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        return False
    return True
