"""Every ONEX_* setting that the platform's processes are given on one machine."""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from onex.chassis.settings import SERVICES
from onex.local.permissions import ADMIN, PARTNER, PARTNERS_VHOST, PLATFORM_VHOST
from onex.local.ports import LOOPBACK
from onex.local.postgres import Postgres
from onex.local.rabbitmq import RabbitMQ


def database_addresses(postgres: Postgres) -> dict[str, str]:
    """ONEX_DATABASE_URL_<SERVICE> for our own PostgreSQL."""
    return {f"ONEX_DATABASE_URL_{service.upper()}": postgres.url(service) for service in SERVICES}


def own_broker_addresses(broker: RabbitMQ) -> dict[str, str]:
    """The addresses on our own RabbitMQ: each service its own user, the administrator for set-up only."""
    return {
        **{f"ONEX_AMQP_URL_{service.upper()}": broker.url(service) for service in SERVICES},
        "ONEX_AMQP_ADMIN_URL": broker.url(ADMIN, PLATFORM_VHOST),
        "ONEX_AMQP_PARTNERS_ADMIN_URL": broker.url(ADMIN, PARTNERS_VHOST),
        "ONEX_AMQP_PARTNERS_URL": broker.url("notifications", PARTNERS_VHOST),
        "ONEX_PARTNER_AMQP_URL": broker.url(PARTNER, PARTNERS_VHOST),
    }


def broker_addresses(url: str) -> dict[str, str]:
    """The same addresses on a broker that somebody else runs: one user for all, the vhost `partners` beside."""
    partners = urlunsplit(urlsplit(url)._replace(path="/" + PARTNERS_VHOST))
    return {
        **{f"ONEX_AMQP_URL_{service.upper()}": url for service in SERVICES},
        "ONEX_AMQP_ADMIN_URL": url,
        "ONEX_AMQP_PARTNERS_ADMIN_URL": partners,
        "ONEX_AMQP_PARTNERS_URL": partners,
        "ONEX_PARTNER_AMQP_URL": partners,
    }


def web_addresses(ports: Mapping[str, int]) -> dict[str, str]:
    """The platform's own address, and the ports of its web process and of each worker's health and metrics."""
    return {
        "ONEX_PUBLIC_URL": f"http://{LOOPBACK}:{ports['web']}",
        "ONEX_WEB_PORT": str(ports["web"]),
        **{f"ONEX_WORKER_PORT_{service.upper()}": str(ports[service]) for service in SERVICES},
    }
