"""Who may do what on the broker: the one table from which every definitions file is made.

RabbitMQ asks three rights of a user, each a regular expression over names: `configure` (make and delete),
`write` (publish to an exchange, or bind a queue), `read` (consume, or bind from an exchange).
"""

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onex.chassis.settings import SERVICES

PLATFORM_VHOST = "onex"
PARTNERS_VHOST = "partners"
ADMIN = "onex_admin"
PARTNER = "partner"
USERS: tuple[str, ...] = (ADMIN, *SERVICES, PARTNER)

NOTHING = "^$"
EVERYTHING = ".*"


@dataclass(frozen=True)
class Permission:
    """What one user may do on one vhost; each right is a regular expression over names on the broker."""

    user: str
    vhost: str
    configure: str
    write: str
    read: str


def _service(name: str) -> Permission:
    """A service says its own events, delays its own retries, and reads its own queues. It makes nothing."""
    write = rf"^({name}\.events|onex\.delay\..*|amq\.default)$"
    return Permission(name, PLATFORM_VHOST, configure=NOTHING, write=write, read=rf"^{name}\..*")


PERMISSIONS: tuple[Permission, ...] = (
    # Queues, exchanges and bindings are made by the administrator while migrating; nobody else makes any.
    Permission(ADMIN, PLATFORM_VHOST, EVERYTHING, EVERYTHING, EVERYTHING),
    Permission(ADMIN, PARTNERS_VHOST, EVERYTHING, EVERYTHING, EVERYTHING),
    *(_service(name) for name in SERVICES),
    # Partners live in a vhost of their own. Notifications feeds it and reads nothing there.
    Permission("notifications", PARTNERS_VHOST, NOTHING, r"^(.*\.events|amq\.default)$", NOTHING),
    # A partner reads the streams, and may make queues of its own name and bind them to the events.
    Permission(PARTNER, PARTNERS_VHOST, r"^partner\..*", r"^partner\..*", r"^(.*\.stream|.*\.events|partner\..*)$"),
)


def password_hash(password: str, salt: bytes | None = None) -> str:
    """The form in which RabbitMQ keeps a password: base64(salt + SHA-256(salt + password)), salt of 4 bytes."""
    salt = os.urandom(4) if salt is None else salt
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def definitions(passwords: Mapping[str, str]) -> dict[str, Any]:
    """RabbitMQ's definitions (users, vhosts, permissions) for these passwords by user name.

    Queues and exchanges are not here: the platform makes them when it migrates.
    Raises KeyError when a user of USERS has no password.
    """
    return {
        "users": [
            {
                "name": user,
                "password_hash": password_hash(passwords[user]),
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": "administrator" if user == ADMIN else "",
                "limits": {},
            }
            for user in USERS
        ],
        "vhosts": [{"name": PLATFORM_VHOST}, {"name": PARTNERS_VHOST}],
        "permissions": [
            {"user": p.user, "vhost": p.vhost, "configure": p.configure, "write": p.write, "read": p.read}
            for p in PERMISSIONS
        ],
        "topic_permissions": [],
        "parameters": [],
        "global_parameters": [],
        "policies": [],
        "queues": [],
        "exchanges": [],
        "bindings": [],
    }
