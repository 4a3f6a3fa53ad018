"""Keeping programs running with supervisord: started by us, asked over its socket, ended with us."""

import hashlib
import os
import resource
import shlex
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from onex.local import leftovers
from onex.local.errors import LocalError
from onex.local.programs import Program
from onex.local.tether import tied

# Supervisord adds its process id to the name while it starts, and the kernel allows 107 bytes.
LONGEST_SOCKET_PATH = 90
MOST_OPEN_FILES = 65536
START_WAIT_S = 30.0
POLL_S = 0.1


class Supervisor:
    """supervisord for the programs of one home; when the thread that started it ends, it stops them in order."""

    def __init__(self, home: Path, programs: Sequence[Program], environment: Mapping[str, str]) -> None:
        self.home = home
        self.programs = {program.name: program for program in programs}
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._configuration = home / "supervisord.conf"
        self.logs = home / "logs"
        self._socket = self._socket_path()

    def _socket_path(self) -> Path:
        beside = self.home / "supervisor.sock"
        if len(os.fsencode(beside)) <= LONGEST_SOCKET_PATH:
            return beside
        # A folder that only we can enter, the same each time so that an earlier run's is used again.
        folder = Path(tempfile.gettempdir()) / f"onex-{os.getuid()}-{hashlib.sha256(bytes(self.home)).hexdigest()[:12]}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != os.getuid() or folder.is_symlink():
            raise LocalError(f"{folder} belongs to somebody else; set TMPDIR to a folder of your own.")
        return folder / "supervisor.sock"

    # ---- its configuration ------------------------------------------------------------------------------------

    def _write_configuration(self) -> None:
        self.logs.mkdir(mode=0o700, exist_ok=True)
        hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        files = MOST_OPEN_FILES if hard_limit == resource.RLIM_INFINITY else min(hard_limit, MOST_OPEN_FILES)
        lines = [
            "[unix_http_server]",
            f"file={_plain(self._socket)}",
            "chmod=0700",
            "[supervisord]",
            f"logfile={_plain(self.logs / 'supervisord.log')}",
            f"pidfile={_plain(self.home / 'supervisord.pid')}",
            "nodaemon=true",
            f"minfds={files}",
            f"childlogdir={_plain(self.logs)}",
            "[rpcinterface:supervisor]",
            "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
        ]
        for program in self.programs.values():
            lines += self._section(program)
        groups = {program.group: program.priority for program in self.programs.values() if program.group}
        for group, priority in groups.items():
            members = ",".join(program.name for program in self.programs.values() if program.group == group)
            lines += [f"[group:{group}]", f"programs={members}", f"priority={priority}"]
        self._configuration.touch(mode=0o600)
        self._configuration.write_text("\n".join(lines) + "\n")

    def _section(self, program: Program) -> list[str]:
        only = None if program.environment is None else {**program.environment, leftovers.MARK: str(self.home)}
        # Each is tied to supervisord as that is to us: if it is killed itself, they end all the same.
        argv = tied(program.argv, death_signal=program.stop_signal, as_user=program.as_user, environment=only)
        return [
            f"[program:{program.name}]",
            f"command={_plain(shlex.join(argv))}",
            f"directory={_plain(program.folder or self.home)}",
            f"priority={program.priority}",
            "autostart=false",
            "autorestart=true",
            # A program that is killed again and again must still come back: there is no number of times too many.
            "startsecs=1",
            "startretries=1000000",
            f"stopsignal={program.stop_signal}",
            f"stopwaitsecs={program.stop_wait_s}",
            "killasgroup=true",
            "redirect_stderr=true",
            f"stdout_logfile={_plain(self.log(program.name))}",
            "stdout_logfile_maxbytes=20MB",
            "stdout_logfile_backups=2",
        ]

    # ---- its life ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start supervisord with no program running yet. Raises LocalError when it does not come up."""
        self._write_configuration()
        environment = {
            **self._environment,
            leftovers.MARK: str(self.home),
            # setproctitle writes a long title over the environment that leftovers are known by, unless told not to.
            "SPT_NOENV": "1",
        }
        argv = [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(self._configuration)]
        output = self.logs / "supervisord.out"
        with open(output, "wb") as out:
            self._process = subprocess.Popen(
                tied(argv),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                # Ctrl-C in the terminal is for us: we stop things in order.
                start_new_session=True,
            )
        deadline = time.monotonic() + START_WAIT_S
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise LocalError(f"supervisord did not start:\n{tail(output)}")
            time.sleep(POLL_S)

    def stop(self, wait_s: float = 180.0) -> None:
        """Stop every program in order, then supervisord. What is left after `wait_s` seconds is killed."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(wait_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        leftovers.end(self.home, grace_s=5.0)
        if self._socket.parent != self.home and self._socket.parent.exists():
            self._socket.unlink(missing_ok=True)
            self._socket.parent.rmdir()

    @property
    def running(self) -> bool:
        """Whether supervisord is there."""
        return self._process is not None and self._process.poll() is None

    # ---- its programs -----------------------------------------------------------------------------------------

    def log(self, name: str) -> Path:
        """The file that holds what the program `name` wrote."""
        return self.logs / f"{name}.log"

    def begin(self, name: str) -> None:
        """Have the program `name` started; does not wait until it is ready."""
        if self.pid(name) is None:
            self._rpc().startProcess(self._address(name), False)

    def end(self, name: str) -> None:
        """Stop the program `name` and wait until it has gone."""
        self._rpc().stopProcess(self._address(name), True)

    def pid(self, name: str) -> int | None:
        """The process id of the program `name`; None while it is not running."""
        return int(self._rpc().getProcessInfo(self._address(name))["pid"]) or None

    def state(self, name: str) -> str:
        """supervisord's word for the state of `name`: STOPPED, STARTING, RUNNING, BACKOFF, …"""
        return str(self._rpc().getProcessInfo(self._address(name))["statename"])

    def _address(self, name: str) -> str:
        group = self.programs[name].group
        return f"{group}:{name}" if group else name

    def _rpc(self) -> Any:
        transport = SupervisorTransport(None, None, serverurl=f"unix://{self._socket}")
        return xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor

    def _answers(self) -> bool:
        try:
            return self._rpc().getPID() == (self._process.pid if self._process else None)
        except (OSError, xmlrpc.client.Error):
            return False


def _plain(value: object) -> str:
    """A value for supervisord's configuration, where % begins an expansion."""
    return str(value).replace("%", "%%")


def tail(file: Path, lines: int = 25) -> str:
    """The last lines of a log."""
    try:
        return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return f"({file} is not there)"
