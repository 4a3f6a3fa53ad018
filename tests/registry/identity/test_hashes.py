"""What a kept secret costs whoever would guess it, and that this costs nobody else anything."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from argon2 import extract_parameters, profiles

from services.registry.identity import hashing
from services.registry.identity.errors import Busy
from tests.harness.service import json_of
from tests.registry.identity.desk import Desk
from tests.registry.world import API


@contextmanager
def one_too_many(attempt: Callable[[], Any]) -> Iterator[tuple[Future[Any], list[Future[Any]]]]:
    """While every place is held, as many attempts as may wait and one more: the one that did not, and those that do."""
    with ThreadPoolExecutor(hashing.MAY_WAIT + 1) as pool, ExitStack() as places:
        for _ in range(hashing.AT_ONCE):
            places.enter_context(hashing._place())
        done, waiting = wait(
            [pool.submit(attempt) for _ in range(hashing.MAY_WAIT + 1)], timeout=60, return_when=FIRST_COMPLETED
        )
        (refused,) = done
        yield refused, list(waiting)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is refused within the test was refused at once."""
    monkeypatch.setattr(hashing, "WAIT_AT_MOST_S", 600.0)


def test_a_kept_secret_costs_what_the_standard_recommends() -> None:
    """In a process of its own: in this one hashes are made cheap."""
    program = "from services.registry.identity.hashing import hashed; print(hashed('x'))"
    kept = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    assert kept.startswith("$argon2id$")
    assert extract_parameters(kept) == profiles.RFC_9106_LOW_MEMORY


def test_few_wait_for_their_turn_and_the_next_is_refused_at_once(endless: None) -> None:
    kept = hashing.hashed("x")
    with one_too_many(lambda: hashing.is_right(kept, "x")) as (refused, waiting):
        assert isinstance(refused.exception(), Busy)
        assert len(waiting) == hashing.MAY_WAIT
    assert [one.result(60) for one in waiting] == [True] * hashing.MAY_WAIT
    assert hashing.is_right(kept, "x"), "there is room again"


def test_nobody_who_waits_keeps_a_connection(desk: Desk, endless: None) -> None:
    form = {"grant_type": "client_credentials", "client_id": "operator", "client_secret": "first-secret"}

    def ask() -> Any:
        return desk.registry.call("POST", f"{API}/oauth/token", data=form)

    assert ask().status_code == 200
    connections = desk.registry._web.routes["/registry"].extensions["onex"].database.engine.pool
    with one_too_many(ask) as (refused, waiting):
        assert (refused.result().status_code, json_of(refused.result())["code"]) == (503, "sign_in_busy")
        assert connections.checkedout() == 0
    assert [one.result(60).status_code for one in waiting] == [200] * hashing.MAY_WAIT
