"""What the registry says of TEOs and types is kept, the newest only, in whatever order and however often it comes."""

import itertools
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from onex.contracts.event import Event
from tests.certificates.given import admitted, published
from tests.harness.service import Service, envelope

TEO, TYPE = uuid.UUID(int=1), uuid.UUID(int=2)
TEOS = [admitted(TEO, organization_version=version, name_zh=f"名称{version}") for version in (1, 2, 3)]
TYPES = [
    replace(published(TYPE, TEO), type_version=version, name_zh=f"证书{version}", levels=published(TYPE, TEO).levels[:version])
    for version in (1, 2, 3)
]  # fmt: skip


def known(service: Service) -> dict[str, Any]:
    """What the doors keep, but for the keys' secrets, which are new each time."""
    with service.database.session() as session:
        return {
            "teo": session.execute(text("SELECT * FROM teo ORDER BY id")).all(),
            "type": session.execute(text("SELECT * FROM certificate_type ORDER BY id")).all(),
            "keys of": session.scalars(text("SELECT teo_id FROM issuer_key ORDER BY 1")).all(),
            "said": service.said(),
        }


@pytest.mark.parametrize("events", [TEOS, TYPES], ids=["teos", "types"])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one by one"])
def test_only_the_newest_version_stays(
    service: Callable[[str], Service], events: list[Event], order: tuple[int, ...], together: bool
) -> None:
    certificates = service("certificates")
    heard = [envelope(events[at]) for at in order]
    for batch in [heard] if together else [[one] for one in heard]:
        certificates.hear(*batch)
    after = known(certificates)
    (row,) = after["teo"] or after["type"]
    assert (row.version, row.name_zh[-1]) == (3, "3")
    certificates.hear(*reversed(heard))
    assert known(certificates) == after


def test_each_teo_gets_one_key_and_nobody_else_gets_one(service: Callable[[str], Service]) -> None:
    certificates = service("certificates")
    college = admitted(uuid.UUID(int=3), kind="college")
    heard = certificates.hear(*TEOS, college, admitted(uuid.UUID(int=4), kind="province"), admitted(uuid.UUID(int=5)))
    certificates.hear(admitted(TEO, organization_version=4))
    certificates.hear(*heard)
    after = known(certificates)
    assert after["keys of"] == [TEO, uuid.UUID(int=5)] == [row.id for row in after["teo"]]


def test_colleges_alone_change_nothing(service: Callable[[str], Service]) -> None:
    certificates = service("certificates")
    certificates.hear(admitted(uuid.UUID(int=3), kind="college"))
    assert known(certificates) == {"teo": [], "type": [], "keys of": [], "said": []}
