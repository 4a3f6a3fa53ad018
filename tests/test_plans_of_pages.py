"""No request reads a table that grows from end to end, skips by OFFSET, or counts all of it.

The reads are those of the growth measure, on tables of a few thousand rows of which one owner has the oldest: PostgreSQL is kept
from reading a small table whole, so what it still reads whole has no index.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text

from benchmarks import plans
from benchmarks.growth import PARTS
from benchmarks.growth_notifications import Notifications
from benchmarks.large import Large
from onex.chassis.ids import new_id
from onex.chassis.web.paging import page
from onex.local.platform import Platform
from services.notifications.deliveries.models import Delivery
from services.notifications.deliveries.queries import deliveries_of
from tests.harness.databases import empty_database

ROWS = 2_000
CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture
def database_url(servers: Platform) -> Iterator[str]:
    with empty_database(servers, "plans_of_pages") as url:
        yield url


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.service)
def test_every_read_of_a_large_table_goes_by_an_index(part: type[Large], database_url: str, servers: Platform) -> None:
    large = part(database_url, servers.environment, ROWS)
    found = plans.plans_of(large, without_seqscan=True)
    large.database.engine.dispose()
    assert [(plan.read, plan.faults) for plan in found if plan.faults] == []
    assert {plan.read for plan in found if plan.scans} >= set(large.reads()) - _OF_SMALL_TABLES


# These read counts that are kept, in tables as small as there are TEOs and plans.
_OF_SMALL_TABLES = {"timeliness of all TEOs", "timeliness of one TEO", "summary of a plan's results"}


def test_a_page_of_an_owner_who_was_quiet_for_long_is_as_short(database_url: str, servers: Platform) -> None:
    """Half of all deliveries are one subscription's and the newer half another's: its page does not walk through them."""
    large = Notifications(database_url, servers.environment, ROWS)
    other = new_id()
    with large.database.transaction() as session:
        session.execute(
            text(
                "INSERT INTO subscription (id, client_id, url, events, sealed_secret, state) VALUES"
                " (:id, 'x', 'https://x.example', '{certificate_issued}', '-', 'active')"
            ),
            {"id": other},
        )
        session.execute(text("UPDATE delivery SET subscription_id = :id WHERE id > (SELECT percentile_disc(0.5)"
                             " WITHIN GROUP (ORDER BY id) FROM delivery)"), {"id": other})  # fmt: skip
        quiet = session.scalars(select(Delivery.subscription_id).order_by(Delivery.id).limit(1)).one()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE delivery")
    read = {"page": lambda session: page(session, deliveries_of(quiet), Delivery.id, None, None)}
    found = plans.plans_of_reads(large, read)
    large.database.engine.dispose()
    assert [scan for plan in found for scan in plan.scans if "of delivery" in scan] == [
        "Index Scan of delivery by ix_delivery_subscription_id: 51 rows"
    ]


def test_no_source_skips_by_offset() -> None:
    """OFFSET 0 skips nothing: it keeps PostgreSQL from turning a query inside out."""
    skips = re.compile(r"\.offset\((?!literal_column\(\"0\"\))|\bOFFSET\s+(?!0\b)[\d:%]")
    sources = [file for folder in ("services", "onex") for file in (CHECKOUT / folder).rglob("*.py")]
    assert [file.name for file in sources if skips.search(file.read_text(encoding="utf-8"))] == []
