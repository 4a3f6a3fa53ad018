"""The whole platform on one machine, as `onex up`, `onex demo` and the tests use it."""

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from onex.chassis.settings import SERVICES
from onex.local import environment as addresses
from onex.local import leftovers, ports, readiness, requirements, secrets, settings_file
from onex.local.errors import LocalError, NotReady
from onex.local.postgres import Postgres
from onex.local.programs import Program, onex_programs
from onex.local.rabbitmq import MANAGEMENT_SETTING, RabbitMQ
from onex.local.supervisor import POLL_S, Supervisor, tail

CHECKOUT = Path(__file__).resolve().parents[2]
DEFAULT_HOME = CHECKOUT / ".onex"
PORTS = ("postgres", "amqp", "erlang", "epmd", "management", "web", *SERVICES)
SERVER_WAIT_S = 180.0
SERVICE_WAIT_S = 120.0
# A program that has died this often before it was ever ready will not become so by waiting longer.
DEATHS_BEFORE_GIVING_UP = 3

ProgramsMaker = Callable[[Mapping[str, str], Sequence[str]], Sequence[Program]]


class Platform:
    """PostgreSQL, RabbitMQ, the workers and the web process of one home folder.

    `environment` stands in for this process's own; an ONEX_* setting in it wins over what is made here.
    With ONEX_AMQP_URL no broker is started, with all five ONEX_DATABASE_URL_<SERVICE> no database server.
    `programs` says what to run for the services; it is given the environment and the services' names.
    `postgres`: settings of its server, which win over ours.
    Everything ends with the thread that called `start_servers`, whatever becomes of it.
    """

    def __init__(
        self,
        home: Path = DEFAULT_HOME,
        *,
        services: Sequence[str] = SERVICES,
        environment: Mapping[str, str] | None = None,
        programs: ProgramsMaker = onex_programs,
        postgres: Mapping[str, str] | None = None,
    ) -> None:
        self.home = home.absolute()
        self._services = tuple(services)
        self._given = dict(os.environ if environment is None else environment)
        self._make_programs = programs
        self._postgres = dict(postgres or {})
        self._environment: dict[str, str] = {}
        self._supervisor: Supervisor | None = None
        self._service_programs: list[Program] = []
        self._lock: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # ---- up and down ------------------------------------------------------------------------------------------

    def start_servers(self) -> None:
        """Start PostgreSQL and RabbitMQ and wait until both can be used: databases, roles, vhosts and users are there.

        Raises LocalError when another process runs this home, RequirementMissing when there is no RabbitMQ to be had,
        NotReady with the tail of a log when a server does not come up.
        """
        self._take_home()
        try:
            self._start_servers()
        except BaseException:
            self.stop()
            raise

    def _start_servers(self) -> None:
        outside_broker = self._given.get("ONEX_AMQP_URL")
        outside_databases = all(self._given.get(f"ONEX_DATABASE_URL_{service.upper()}") for service in SERVICES)
        server = None if outside_broker else requirements.rabbitmq()
        leftovers.end(self.home)

        given = {name: value for name, value in self._given.items() if name.startswith("ONEX_")}
        port = ports.remembered(self.home / "ports.json", PORTS)
        port["web"] = int(given.get("ONEX_WEB_PORT", port["web"]))
        made = secrets.made_once(self.home / "secrets.env")
        postgres = Postgres(self.home, port["postgres"], made)
        broker = RabbitMQ(self.home, port, made, management=self._given.get(MANAGEMENT_SETTING) == "1")
        on_broker = (
            addresses.broker_addresses(outside_broker) if outside_broker else addresses.own_broker_addresses(broker)
        )
        settings = {**made, **addresses.database_addresses(postgres), **on_broker, **addresses.web_addresses(port)}
        self._environment = {**settings, **given}
        settings_file.write(self.home / "platform.env", self._environment)

        servers: list[Program] = []
        if not outside_databases:
            postgres.initialise()
            servers.append(postgres.program(self._postgres))
        if server is not None:
            broker.configure()
            servers += broker.programs(server)
        self._service_programs = list(self._make_programs(self._environment, self._services))
        self._supervisor = Supervisor(
            self.home, [*servers, *self._service_programs], {**self._given, **self._environment}
        )
        self._supervisor.start()
        for program in servers:
            self._supervisor.begin(program.name)
            if program.name == "epmd":
                self.wait_ready("epmd")  # else the broker would start one of its own, which nobody stops
        for program in servers:
            self.wait_ready(program.name, SERVER_WAIT_S)
        if not outside_databases:
            postgres.make_databases(SERVICES)
        if outside_broker:
            self._check_outside_broker()

    def _check_outside_broker(self) -> None:
        for name in ("ONEX_AMQP_ADMIN_URL", "ONEX_AMQP_PARTNERS_ADMIN_URL"):
            if not readiness.answers(self._environment[name]):
                vhost = self._environment[name].rsplit("/", 1)[-1]
                raise LocalError(
                    f"The broker of ONEX_AMQP_URL does not let us in to its vhost `{vhost}`. It must be running, have "
                    "the vhosts `onex` and `partners`, and give the user all rights on both."
                )

    def start_services(self) -> None:
        """Start the workers and the web process, after migrations, and wait until each says that it is ready.

        Raises NotReady with the tail of the log of the first that does not.
        """
        for program in self._service_programs:
            self._running().begin(program.name)
        for program in self._service_programs:
            self.wait_ready(program.name)

    def stop(self) -> None:
        """Stop everything, in order: web, workers, RabbitMQ, PostgreSQL. Leaves no process. May be called twice."""
        if self._lock is None:
            return
        try:
            if self._supervisor is not None:
                self._supervisor.stop()
            (self.home / "platform.env").unlink(missing_ok=True)
        finally:
            self._supervisor = None
            os.close(self._lock)
            self._lock = None

    def erase(self) -> None:
        """Stop, and remove the home folder with all its data, wherever that lies."""
        self.stop()
        self._take_home()
        try:
            leftovers.end(self.home)
            Postgres(self.home, 0, {}).erase()
            shutil.rmtree(self.home)
        finally:
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None

    def _take_home(self) -> None:
        """Make the home folder and hold its lock; the kernel lets go of it however this process ends."""
        if self._lock is not None:
            raise LocalError("This platform is running already.")
        # PostgreSQL's own user must be able to pass through, when we are root; the files inside are closed to it.
        self.home.mkdir(mode=0o711, parents=True, exist_ok=True)
        lock = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise LocalError(
                f"The platform of this checkout is running already ({self.home} is in use). Stop it with Ctrl-C where "
                "it was started, or work in another checkout: two run side by side."
            ) from None
        self._lock = lock

    # ---- while it runs ----------------------------------------------------------------------------------------

    @property
    def environment(self) -> dict[str, str]:
        """Every ONEX_* setting that a process of the platform needs. Filled by `start_servers`."""
        return dict(self._environment)

    @property
    def url(self) -> str:
        """The platform's address, such as http://127.0.0.1:20080."""
        return self._environment["ONEX_PUBLIC_URL"]

    @property
    def names(self) -> list[str]:
        """The programs under supervision: postgres, epmd, rabbitmq, the workers by service, web."""
        return list(self._running().programs)

    def log(self, name: str) -> Path:
        """The file with what the program `name` wrote."""
        return self._running().log(name)

    def pid(self, name: str) -> int | None:
        """The process id of `name`; None while it is not running."""
        return self._running().pid(name)

    def kill(self, name: str, signal: int = 9) -> int:
        """Send `signal` to `name`, which is restarted if it ends of it. Returns the process id that was hit."""
        pid = self.pid(name)
        if pid is None:
            raise LocalError(f"{name} is not running.")
        os.kill(pid, signal)
        return pid

    def restart(self, name: str) -> None:
        """Stop `name` in its own orderly way, start it again, and wait until it is ready."""
        self._running().end(name)
        self._running().begin(name)
        self.wait_ready(name)

    def wait_ready(self, name: str, wait_s: float = SERVICE_WAIT_S, *, replacing: int | None = None) -> None:
        """Wait until `name` does its work (see Program.ready_url). Raises NotReady with the tail of its log.

        `replacing`: the process id that `kill` returned; the wait is then for the process that comes after it.
        """
        supervisor = self._running()
        url = supervisor.programs[name].ready_url
        deadline = time.monotonic() + wait_s
        seen: set[int] = set()
        while True:
            pid = supervisor.pid(name)
            if pid is not None and pid != replacing:
                seen.add(pid)
                if readiness.answers(url) if url else supervisor.state(name) == "RUNNING":
                    return
            if len(seen) > DEATHS_BEFORE_GIVING_UP or time.monotonic() > deadline:
                why = "keeps dying" if len(seen) > DEATHS_BEFORE_GIVING_UP else f"was not ready after {wait_s:.0f} s"
                log = supervisor.log(name)
                raise NotReady(f"{name} {why}. The end of {log}:\n{tail(log)}")
            time.sleep(POLL_S)

    def _running(self) -> Supervisor:
        if self._supervisor is None:
            raise LocalError("The platform is not running; call start_servers first.")
        return self._supervisor
