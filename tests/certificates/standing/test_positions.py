"""Which bit of a status list is a certificate's: nobody else's, and nobody can tell the order of issue from it."""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from sqlalchemy import text

from onex.chassis.database import Database
from onex.chassis.pii import Vault
from services.certificates.standing import positions
from services.certificates.standing.positions import LIST_SIZE, Position
from tests.certificates.given import Pilot
from tests.harness.service import Service

DRAWERS, BATCHES, BATCH = 4, 25, 200


@pytest.fixture
def vault() -> Vault:
    return Vault({"k1": bytes(range(32))}, b"index key" * 4, b"learner key" * 3)


@pytest.mark.parametrize("which", [0, 1, 76])
def test_every_place_of_a_list_is_given_once(vault: Vault, which: int) -> None:
    first = which * LIST_SIZE
    places = [positions.position(vault, number) for number in range(first, first + LIST_SIZE)]
    assert {one.list for one in places} == {which}
    assert sorted(one.index for one in places) == list(range(LIST_SIZE))


def test_each_list_and_each_key_has_an_order_of_its_own(vault: Vault) -> None:
    other = Vault({"k1": bytes(range(32))}, b"another key" * 3, b"learner key" * 3)
    orders = [
        [positions.position(vault, number).index for number in range(1000)],
        [positions.position(vault, LIST_SIZE + number).index for number in range(1000)],
        [positions.position(other, number).index for number in range(1000)],
    ]
    # Two orders that have nothing to do with each other agree in a place once in 131,072 times.
    for one, another in ((0, 1), (0, 2), (1, 2)):
        assert sum(a == b for a, b in zip(orders[one], orders[another], strict=True)) <= 3


def test_a_vault_with_the_same_keys_finds_the_same_places(vault: Vault) -> None:
    again = Vault({"k9": bytes(32)}, b"index key" * 4, b"other" * 7)
    assert [positions.position(vault, n) for n in range(99)] == [positions.position(again, n) for n in range(99)]


def test_places_are_spread_evenly_from_the_first_on(vault: Vault) -> None:
    """Chi-square over 64 parts of the list: beyond 125 an even spread goes once in 200,000 times."""
    for start in (0, LIST_SIZE, 5 * LIST_SIZE):
        counts = Counter(positions.position(vault, start + n).index * 64 // LIST_SIZE for n in range(6_400))
        assert sum((counts[part] - 100) ** 2 / 100 for part in range(64)) < 125


def test_a_place_tells_nothing_of_its_neighbour_in_time(vault: Vault) -> None:
    """The steps from one place to the next are as wide as if each place were drawn: a third of the list in the mean."""
    places = [positions.position(vault, number).index for number in range(20_000)]
    steps = [abs(b - a) for a, b in pairwise(places)]
    assert abs(sum(steps) / len(steps) / LIST_SIZE - 1 / 3) < 0.01
    for bit in range(17):
        assert abs(sum((a ^ b) >> bit & 1 for a, b in pairwise(places)) / 19_999 - 0.5) < 0.03


def test_as_many_positions_are_drawn_as_asked_for(pilot: Pilot) -> None:
    service = pilot.certificates
    with service.database.transaction() as session:
        assert positions.draw(session, service.vault, 0) == []
        assert len(set(positions.draw(session, service.vault, 500))) == 500
        with pytest.raises(ValueError, match="cannot draw"):
            positions.draw(session, service.vault, -1)


def test_what_is_drawn_and_undone_is_not_given_again(pilot: Pilot) -> None:
    service = pilot.certificates
    with service.database.session() as session:
        undone = positions.draw(session, service.vault, 10)
        session.rollback()
        assert not set(undone) & set(positions.draw(session, service.vault, 1000))


def _draw(url: str, keys: tuple[dict[str, bytes], bytes, bytes], begin: object, queue: object) -> None:
    database, vault = Database(url, "certificates", pool_size=1), Vault(*keys)
    begin.wait(60)  # type: ignore[attr-defined]
    drawn: list[Position] = []
    for _ in range(BATCHES):
        with database.transaction() as session:
            drawn += positions.draw(session, vault, BATCH)
    queue.put([(one.list, one.index) for one in drawn])  # type: ignore[attr-defined]


def test_four_processes_at_once_never_draw_the_same(pilot: Pilot) -> None:
    service: Service = pilot.certificates
    settings = service.settings
    keys = (dict(settings.pii_keys), settings.pii_index_key, settings.learner_id_key)
    context = multiprocessing.get_context("spawn")
    begin, queue = context.Barrier(DRAWERS), context.Queue()
    processes = [
        context.Process(target=_draw, args=(settings.database_url, keys, begin, queue)) for _ in range(DRAWERS)
    ]
    for process in processes:
        process.start()
    drawn = [place for _ in processes for place in queue.get(timeout=120)]
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    assert len(drawn) == len(set(drawn)) == DRAWERS * BATCHES * BATCH


def test_each_certificate_has_a_place_that_its_credential_names(pilot: Pilot) -> None:
    pilot.certificates.hear(*(pilot.result(f"考生{at}") for at in range(50)))
    with pilot.certificates.database.session() as session:
        rows = session.execute(
            text(
                "SELECT status_list, status_index, CAST(credential AS jsonb) -> 'credentialStatus' AS said FROM certificate"
            )
        ).all()
    assert len({(row.status_list, row.status_index) for row in rows}) == 50
    for row in rows:
        lists = f"{pilot.certificates.settings.public_url}/certificates/v1/status-lists/{row.status_list}"
        assert row.said == {
            "id": f"{lists}/suspension#{row.status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "suspension",
            "statusListIndex": str(row.status_index),
            "statusListCredential": f"{lists}/suspension",
            "statusReference": f"{lists}/revocation",
        }


def test_a_position_that_was_taken_is_drawn_again(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a restored backup whose sequence stands too low: the table itself refuses the second owner of a bit."""
    pilot.certificates.hear(pilot.result())
    with pilot.certificates.database.session() as session:
        taken = Position(*session.execute(text("SELECT status_list, status_index FROM certificate")).one())
    draws, honest = [[taken]], positions.draw
    again: Callable[..., list[Position]] = lambda *asked: draws.pop() if draws else honest(*asked)  # noqa: E731
    monkeypatch.setattr(positions, "draw", again)
    pilot.certificates.hear(pilot.result("李四"))
    assert not draws
    with pilot.certificates.database.session() as session:
        places = session.execute(text("SELECT status_list, status_index FROM certificate")).all()
    assert len(places) == len(set(places)) == 2
