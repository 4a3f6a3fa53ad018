"""Every secret the platform needs on this machine: made once at random, then kept in `.onex/secrets.env`."""

import base64
import json
import secrets
from collections.abc import Callable
from pathlib import Path

from onex.chassis.settings import SERVICES
from onex.local import settings_file
from onex.local.permissions import USERS


def _key_256_bit() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _password() -> str:
    # Url-safe, because passwords stand in addresses such as amqp://user:password@host.
    return secrets.token_urlsafe(32)


MAKERS: dict[str, Callable[[], str]] = {
    "ONEX_PII_KEYS": lambda: json.dumps({"k1": _key_256_bit()}),
    "ONEX_PII_INDEX_KEY": _key_256_bit,
    "ONEX_LEARNER_ID_KEY": _key_256_bit,
    "ONEX_BOOTSTRAP_OPERATOR_SECRET": _password,
    "ONEX_DATABASE_PASSWORD": _password,
    **{f"ONEX_DATABASE_PASSWORD_{service.upper()}": _password for service in SERVICES},
    **{f"ONEX_AMQP_PASSWORD_{user.upper()}": _password for user in USERS},
}


def made_once(file: Path) -> dict[str, str]:
    """The secrets in `file`; those it does not have yet are made and added. The file has mode 0600."""
    kept = settings_file.read(file)
    missing = {name: make() for name, make in MAKERS.items() if name not in kept}
    if missing:
        kept |= missing
        settings_file.write(file, kept)
    return kept
