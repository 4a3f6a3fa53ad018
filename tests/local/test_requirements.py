"""What is missing is named, with each way to get it."""

import stat
from pathlib import Path

import pytest

from onex.local import apt, chromium, requirements
from onex.local.errors import RequirementMissing

NOWHERE = Path("/nonexistent/rabbitmq-server")


def program(folder: Path, name: str) -> Path:
    file = folder / name
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


def test_without_rabbitmq_and_without_root_each_way_to_get_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(RequirementMissing) as refusal:
        requirements.rabbitmq(str(tmp_path), is_root=False, debian_script=NOWHERE)
    for way in ("RabbitMQ is missing", "apt-get install rabbitmq-server", "ONEX_AMQP_URL", "docker run", "rabbitmq:4"):
        assert way in str(refusal.value)


def test_as_root_without_apt_it_is_the_same(tmp_path: Path) -> None:
    with pytest.raises(RequirementMissing, match="RabbitMQ is missing"):
        requirements.rabbitmq(str(tmp_path), is_root=True, debian_script=NOWHERE)


def test_without_root_nothing_is_installed(tmp_path: Path) -> None:
    program(tmp_path, "apt-get")
    assert apt.available(str(tmp_path), is_root=True)
    assert not apt.available(str(tmp_path), is_root=False)


def test_a_server_on_path_is_found(tmp_path: Path) -> None:
    server, epmd = program(tmp_path, "rabbitmq-server"), program(tmp_path, "epmd")
    assert requirements.rabbitmq(str(tmp_path), debian_script=NOWHERE) == requirements.RabbitServer(server, epmd)


def test_debians_script_that_does_not_change_user_is_preferred(tmp_path: Path) -> None:
    program(tmp_path, "rabbitmq-server"), program(tmp_path, "epmd")
    inner = program(tmp_path, "inner-script")
    assert requirements.rabbitmq(str(tmp_path), debian_script=inner).script == inner


def test_the_port_mapper_is_found_beside_the_erlang_machine(tmp_path: Path) -> None:
    program(tmp_path, "rabbitmq-server")
    erlang = tmp_path / "erlang"
    for folder in ("bin", "erts-13.1.5/bin"):
        (erlang / folder).mkdir(parents=True)
    epmd = program(erlang / "erts-13.1.5/bin", "epmd")
    (tmp_path / "erl").symlink_to(program(erlang / "bin", "erl"))
    assert requirements.rabbitmq(str(tmp_path), debian_script=NOWHERE).epmd == epmd


def test_a_server_without_its_erlang_is_refused(tmp_path: Path) -> None:
    program(tmp_path, "rabbitmq-server")
    with pytest.raises(RequirementMissing, match="epmd"):
        requirements.rabbitmq(str(tmp_path), is_root=False, debian_script=NOWHERE)


def test_a_failing_install_shows_what_apt_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "apt-get").write_text("#!/bin/sh\necho E: Unable to locate package; exit 100\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RequirementMissing, match="Unable to locate package"):
        apt.install(["rabbitmq-server"], why="a test")


def test_services_are_held_back_while_a_package_is_installed(tmp_path: Path) -> None:
    policy = tmp_path / "policy-rc.d"
    with apt.no_services_started(policy):
        assert "exit 101" in policy.read_text()
        assert stat.S_IMODE(policy.stat().st_mode) == 0o755
    assert not policy.exists()


def test_a_policy_that_is_there_already_stays_as_it_is(tmp_path: Path) -> None:
    policy = program(tmp_path, "policy-rc.d")
    with apt.no_services_started(policy):
        assert policy.read_text() == "#!/bin/sh\n"
    assert policy.read_text() == "#!/bin/sh\n"


def test_without_a_browser_each_way_to_get_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONEX_CHROMIUM", raising=False)
    with pytest.raises(RequirementMissing, match=r"apt-get install chromium(.|\n)*ONEX_CHROMIUM"):
        chromium.ensure(str(tmp_path), is_root=False)


def test_a_browser_that_is_named_is_used_before_one_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path, named = program(tmp_path, "chromium"), program(tmp_path, "mine")
    monkeypatch.delenv("ONEX_CHROMIUM", raising=False)
    assert chromium.ensure(str(tmp_path)) == on_path
    monkeypatch.setenv("ONEX_CHROMIUM", str(named))
    assert chromium.ensure(str(tmp_path)) == named
    monkeypatch.setenv("ONEX_CHROMIUM", str(tmp_path / "not there"))
    with pytest.raises(RequirementMissing, match="not there"):
        chromium.ensure(str(tmp_path))
