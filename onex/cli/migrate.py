"""Databases first, then the names on the broker, then what a service plants in its fresh database."""

from collections.abc import Mapping

import kombu

from onex.chassis import migrating
from onex.chassis.database import Database
from onex.chassis.settings import SERVICES, Settings, read
from onex.cli.services import consumers, seeds_of
from onex.messaging import topology


def migrate_everything(environ: Mapping[str, str]) -> None:
    """Bring the five databases and the broker's topology to this version; raises what the servers raise."""
    for service in SERVICES:
        settings = Settings.for_service(service, environ)
        migrating.upgrade(service, settings.database_url)
    declare_topology(environ)
    for service in SERVICES:
        if plant := seeds_of(service):
            settings = Settings.for_service(service, environ)
            database = Database(settings.database_url, service, pool_size=1)
            with database.transaction() as session:
                plant(session, settings, environ)
            database.engine.dispose()


def declare_topology(environ: Mapping[str, str]) -> None:
    """Declare every exchange, queue and stream with the administrator's account."""
    url = read(environ, "ONEX_AMQP_ADMIN_URL", str, "RabbitMQ's address with an account that may configure")
    partners_url = read(environ, "ONEX_AMQP_PARTNERS_ADMIN_URL", str, "the same for the partners' vhost")
    with kombu.Connection(url) as connection:
        topology.declare_platform(connection.default_channel, consumers())
    with kombu.Connection(partners_url) as connection:
        topology.declare_partners(connection.default_channel)
