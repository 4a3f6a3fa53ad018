"""What every command finds around it: a console, the settings in force, and errors a person can mend said plainly."""

import errno
import os
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import typer
from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError as BrokerAway
from psycopg import OperationalError as DatabaseError
from rich.console import Console
from sqlalchemy.exc import OperationalError

from onex.chassis import clock
from onex.chassis.database import Database
from onex.chassis.settings import SERVICES, SettingError, read
from onex.local import settings_file
from onex.local.errors import LocalError
from onex.local.platform import DEFAULT_HOME
from onex.messaging.publisher import NotConfirmed
from onex.messaging.streams import StreamSilent

console = Console()
_UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN)


def settings_in_force() -> Mapping[str, str]:
    """The environment, or, where it names no platform, the settings of the one that runs in this checkout."""
    if "ONEX_PUBLIC_URL" in os.environ:
        return os.environ
    return settings_file.read(DEFAULT_HOME / "platform.env") | dict(os.environ)


@contextmanager
def plain_errors() -> Iterator[None]:
    """What a person can mend is said in a sentence, not in a stack trace."""
    try:
        yield
    except (LocalError, SettingError) as error:
        _give_up(str(error))
    except (DatabaseError, OperationalError) as error:
        _give_up(f"PostgreSQL does not answer as it should: {str(error).splitlines()[0]}")
    except (BrokerAway, AMQPError, NotConfirmed, StreamSilent, OSError) as error:
        if isinstance(error, OSError) and not _is_of_network(error):
            raise  # a file that cannot be written, say: RabbitMQ has no part in it
        _give_up(f"RabbitMQ does not answer as it should: {type(error).__name__}: {error}")


def _is_of_network(error: OSError) -> bool:
    if isinstance(error, ConnectionError | TimeoutError | socket.gaierror | ssl.SSLError):
        return True
    # py-amqp says with a plain one that has no number that the server closed the connection.
    return error.errno in _UNREACHABLE or (type(error) is OSError and error.errno is None)


def _give_up(why: str) -> None:
    console.print(why, style="red", highlight=False, markup=False)
    raise typer.Exit(2) from None


def operator() -> str:
    """Who decides, for the record."""
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or "operator"


def admin_amqp_url() -> str:
    """RabbitMQ's address with the administrator's account."""
    return read(settings_in_force(), "ONEX_AMQP_ADMIN_URL", str, "RabbitMQ's address with the administrator's account")


def databases(service: str = "") -> Iterator[Database]:
    """The database of one service, or of each; raises SettingError for a service that is none."""
    if service and service not in SERVICES:
        raise SettingError(f"no service is called {service!r}: choose one of {', '.join(SERVICES)}")
    for name in [service] if service else SERVICES:
        url = read(settings_in_force(), f"ONEX_DATABASE_URL_{name.upper()}", str, "the address of its database")
        database = Database(url, name, pool_size=2)
        yield database
        database.engine.dispose()


def moment(text: str) -> datetime:
    """A time as people write it on a command line: ISO 8601; without a zone it is Beijing's."""
    try:
        read_as = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("a time such as 2026-11-21T08:00 (Beijing) or 2026-11-21T00:00Z is needed") from None
    return read_as if read_as.tzinfo else read_as.replace(tzinfo=clock.BEIJING)


def shown(when: datetime) -> str:
    """A time as the commands print it: Beijing, to the second."""
    return when.astimezone(clock.BEIJING).strftime("%Y-%m-%d %H:%M:%S")
