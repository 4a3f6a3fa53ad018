"""How much may be asked and how often missed: by address, by number, by both, and across processes."""

import random
import threading
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import text

from onex.chassis.settings import SettingError
from onex.chassis.web.clients import Clients
from services.certificates.inquiry.limits import HOUR_S, UNLIMITED, Allowed, Limits, TooManyRequests
from services.certificates.inquiry.sharing import Sharing
from services.certificates.inquiry.windows import SlidingCount
from services.certificates.issuing import numbers
from tests.certificates.given import Pilot
from tests.harness.service import json_of

PATH = "/certificates/v1/inquiries"
EMPLOYER, STRANGER = "198.51.100.1", "203.0.113.7"


class Watch:
    """The time, as a test sets it."""

    def __init__(self) -> None:
        self.at = 1_000_000 * HOUR_S + 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def watch() -> Watch:
    return Watch()


def limits(watch: Watch, told: Any = None, **allowed: int) -> Limits:
    return Limits(Allowed(**allowed), Clients(), told, watch)


def guesses_of(door: Limits, guess: Callable[[int], tuple[str, str]]) -> int:
    """How many guesses are let in before the first that is not."""
    for at in count():
        if waits(door, *guess(at)):
            return at
        door.missed(*guess(at))
    raise AssertionError


def waits(door: Limits, client: str, number: str | None = None) -> int:
    """How long one is told to wait; 0 for not at all."""
    try:
        door.enter(client, number)
    except TooManyRequests as refusal:
        return int(refusal.facts["retry_after_s"])
    return 0


@pytest.mark.rule("PP-44")
def test_a_window_slides(watch: Watch) -> None:
    count = SlidingCount(10, 60, watch)
    for _ in range(9):
        count.add("a")
    assert count.wait_s("a") == 0
    count.add("a")
    assert count.wait_s("a") == 61  # 60 s until the window is over, and a moment of the next
    assert count.wait_s("b") == 0
    watch.at += 60  # of the ten, all still count
    assert count.wait_s("a") == 1
    watch.at += 30  # of the ten, five still count
    assert count.wait_s("a") == 0
    count.add("a", 5)
    assert count.wait_s("a") == 1
    watch.at += 90  # of the ten none, of the five none
    assert count.wait_s("a") == 0


def test_who_waits_as_long_as_told_is_let_in(watch: Watch) -> None:
    chance = random.Random(44)
    for _ in range(300):
        count = SlidingCount(chance.randint(1, 50), 60, watch)
        for _ in range(chance.randint(1, 5)):
            count.add("a", chance.randint(1, 40))
            watch.at += chance.random() * 70
        watch.at += wait if (wait := count.wait_s("a")) else 0
        assert count.wait_s("a") == 0


def test_no_more_is_remembered_than_there_is_room_for(watch: Watch) -> None:
    count = SlidingCount(1, 60, watch, capacity=100)
    for one in range(1000):
        count.add(str(one))
    assert len(count._now) == 100
    assert count.wait_s("999") > 0
    assert count.wait_s("0") == 0


@pytest.mark.rule("PP-44")
def test_an_address_asks_so_often_a_minute_and_is_told_when_to_come_back(watch: Watch) -> None:
    door = limits(watch, requests_a_minute=5)
    for _ in range(5):
        door.enter(EMPLOYER)
    wait = waits(door, EMPLOYER)
    assert 0 < wait <= 61
    door.enter(STRANGER)
    watch.at += wait
    door.enter(EMPLOYER)


@pytest.mark.rule("OP-32", "PP-44")
def test_finding_is_never_counted_against_a_certificate(watch: Watch) -> None:
    door = limits(watch, requests_a_minute=0)
    for _ in range(10_000):
        door.enter(EMPLOYER, "26004")  # and found
    door.enter(EMPLOYER, "26004")


@pytest.mark.rule("OP-32", "PP-44")
def test_one_stranger_who_guesses_is_stopped_and_an_employer_is_not(watch: Watch) -> None:
    door = limits(watch)
    assert guesses_of(door, lambda _: (STRANGER, "26004")) == Allowed().misses_of_a_pair
    door.enter(EMPLOYER, "26004")
    door.enter(STRANGER, "26005")
    watch.at += 2 * HOUR_S
    door.enter(STRANGER, "26004")


@pytest.mark.rule("OP-32", "PP-44")
def test_a_crowd_that_guesses_is_stopped_and_the_qr_code_still_opens_the_certificate(watch: Watch) -> None:
    door = limits(watch)
    assert guesses_of(door, lambda at: (f"2001:db8:{at:x}::/64", "26004")) == Allowed().misses_of_a_number
    assert waits(door, EMPLOYER, "26004") > 0
    door.enter(EMPLOYER)  # by the token: no number is guessed at
    door.enter(EMPLOYER, "26005")


@pytest.mark.rule("PP-44")
def test_one_who_guesses_at_number_after_number_is_stopped(watch: Watch) -> None:
    door = limits(watch)
    assert guesses_of(door, lambda at: (STRANGER, str(at))) == Allowed().misses_an_hour
    assert waits(door, STRANGER) > 0


def test_strangers_whose_address_nobody_knows_share_no_fate(watch: Watch) -> None:
    door = limits(watch, misses_an_hour=1, requests_a_minute=1, misses_of_a_pair=1)
    for _ in range(5):
        door.enter("", "26004")
        door.missed("", "26004")


def test_without_limits_nothing_is_refused() -> None:
    for _ in range(10_000):
        UNLIMITED.enter(STRANGER, "26004")
        UNLIMITED.missed(STRANGER, "26004")


def test_limits_are_set_by_the_environment() -> None:
    assert Allowed.read({}) == Allowed()
    given = {
        "ONEX_INQUIRY_REQUESTS_A_MINUTE": "1", "ONEX_INQUIRY_MISSES_AN_HOUR": "2", "ONEX_INQUIRY_MISSES_OF_A_PAIR": "3",
        "ONEX_INQUIRY_MISSES_OF_A_NUMBER": "0",
    }  # fmt: skip
    assert Allowed.read(given) == Allowed(1, 2, 3, 0)
    for wrong in ("-1", "many"):
        with pytest.raises(SettingError, match="ONEX_INQUIRY_MISSES_AN_HOUR"):
            Allowed.read({"ONEX_INQUIRY_MISSES_AN_HOUR": wrong})
    with pytest.raises(SettingError, match="ONEX_TRUSTED_PROXIES"):
        Clients.read({"ONEX_TRUSTED_PROXIES": "10.0.0.0/33"})


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.1", "", "198.51.100.1"),
        ("198.51.100.1", "203.0.113.7", "198.51.100.1"),  # no proxy of ours: what it says counts for nothing
        ("10.0.0.2", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.2", "203.0.113.7, 10.0.0.9", "203.0.113.7"),
        ("10.0.0.2", "1.2.3.4, 203.0.113.7", "203.0.113.7"),  # 1.2.3.4 is what the stranger said
        ("10.0.0.2", "1.2.3.4, nonsense", "10.0.0.2"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "10.0.0.3,10.0.0.4", "10.0.0.3"),
        ("::ffff:10.0.0.2", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fd00::1", "::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::9", "", "2001:db8:1:2::/64"),
        ("", "203.0.113.7", ""),
        ("unix:", "", ""),
    ],
)
def test_the_client_is_known_through_the_proxies_that_are_trusted(peer: str, forwarded: str, client: str) -> None:
    given = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}
    assert Clients("10.0.0.0/8, fd00::/8").of(given) == client


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("172.18.0.3", "203.0.113.7", ""),
        ("127.0.0.1", "203.0.113.7", ""),
        ("::1", "203.0.113.7", ""),
        ("127.0.0.1", "", "127.0.0.1"),
        ("198.51.100.1", "203.0.113.7", "198.51.100.1"),  # a stranger's word counts for nothing here either
    ],
)
def test_who_comes_through_a_proxy_that_nobody_named_is_not_taken_for_the_proxy(
    peer: str, forwarded: str, client: str
) -> None:
    assert Clients().of({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}) == client


@pytest.fixture
def process(pilot: Pilot, watch: Watch) -> Callable[[], tuple[Limits, Sharing]]:
    """A process's limits, told to the others when the test says."""

    def make() -> tuple[Limits, Sharing]:
        service = pilot.certificates
        sharing = Sharing(service.database.dsn, "certificates", service.vault, watch)
        sharing._thread = sharing  # type: ignore[assignment]  # the test tells, no thread does
        made = limits(watch, sharing, misses_of_a_number=10, misses_of_a_pair=0)
        sharing.attach(made)
        return made, sharing

    return make


@pytest.mark.rule("PP-44")
def test_a_limit_holds_for_all_processes_together(
    process: Callable[[], tuple[Limits, Sharing]], pilot: Pilot, watch: Watch
) -> None:
    processes = [process() for _ in range(4)]
    guesses = 0
    for turn in range(100):
        door, sharing = processes[turn % 4]
        if not waits(door, f"192.0.2.{turn}", "26004"):
            door.missed(f"192.0.2.{turn}", "26004")
            guesses += 1
        sharing.tell()
    assert 10 <= guesses <= 10 + 3  # each of the others may let one by until it hears
    newcomer, sharing = process()
    newcomer.missed("192.0.2.200", "26004")
    sharing.tell()
    assert waits(newcomer, EMPLOYER, "26004") > 0
    watch.at += HOUR_S  # and what was missed an hour ago is heard of as well
    late, sharing = process()
    late.missed("192.0.2.201", "26004")
    sharing.tell()
    assert waits(late, EMPLOYER, "26004") > 0
    with pilot.certificates.database.session() as session:
        kept = "".join(session.scalars(text("SELECT CAST(m AS text) FROM inquiry_miss m")))
    assert kept
    assert "26004" not in kept
    assert "192.0.2" not in kept


def test_a_miss_is_told_without_anyone_waiting_for_it(pilot: Pilot, number: str) -> None:
    guess(pilot, number, "李四", STRANGER)
    subject = Sharing("", "certificates", pilot.certificates.vault)._subject("pair", f"{STRANGER} {number}")
    told = text("SELECT count(*) FROM inquiry_miss WHERE subject = :subject")
    deadline = time.monotonic() + 30
    with pilot.certificates.database.session() as session:
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        while not session.execute(told, {"subject": subject}).scalar_one():
            assert time.monotonic() < deadline
            threading.Event().wait(0.02)


def test_without_the_database_a_process_goes_on_with_its_own_counts(pilot: Pilot, watch: Watch) -> None:
    nowhere = Sharing("postgresql://127.0.0.1:1/none", "certificates", pilot.certificates.vault, watch)
    door = limits(watch, nowhere, misses_of_a_pair=3)
    nowhere.attach(door)
    for _ in range(3):
        door.enter(STRANGER, "26004")
        door.missed(STRANGER, "26004")
    assert waits(door, STRANGER, "26004") > 0


def test_what_was_missed_long_ago_is_dropped(process: Callable[[], tuple[Limits, Sharing]], pilot: Pilot) -> None:
    door, sharing = process()
    door.missed(STRANGER, "26004")
    sharing.tell()
    with pilot.certificates.database.transaction() as session:
        session.execute(text("UPDATE inquiry_miss SET hour = 0"))
    pilot.certificates.fire("forget_spent_inquiries")
    with pilot.certificates.database.session() as session:
        assert session.execute(text("SELECT count(*) FROM inquiry_miss")).scalar_one() == 0


def guess(pilot: Pilot, number: str, name: str, address: str, **told: str) -> Any:
    return pilot.certificates.call(
        "POST", PATH, json={"number": number, "name": name} | told, environ_base={"REMOTE_ADDR": address}
    )


@pytest.mark.rule("OP-32", "PP-44")
def test_the_door_says_429_and_when_to_come_back_whether_the_number_exists_or_not(pilot: Pilot, number: str) -> None:
    answers = []
    for at, asked in enumerate((number, numbers.draw(2026, "004", 2))):
        address = f"192.0.2.{at}"
        statuses = [guess(pilot, asked, "李四", address).status_code for _ in range(Allowed().misses_of_a_pair + 1)]
        assert statuses == [200] * Allowed().misses_of_a_pair + [429]
        answer = guess(pilot, asked, "欧阳娜娜", address)  # even the right name
        problem = json_of(answer)
        assert (problem["code"], problem["clause"]) == ("too_many_requests", "OP-32")
        assert problem.pop("retry_after_s") == int(answer.headers.pop("Retry-After")) > 0
        problem.pop("trace_id")
        answer.headers.pop("Content-Length")
        answers.append((str(problem), str(sorted(answer.headers.items()))))
    assert answers[0] == answers[1]
    assert json_of(guess(pilot, number, "欧阳娜娜", EMPLOYER))["found"]


@pytest.mark.rule("PP-44")
def test_the_page_says_so_too(pilot: Pilot, number: str) -> None:
    for _ in range(Allowed().misses_of_a_pair):
        guess(pilot, number, "李四", STRANGER)
    answer = pilot.certificates.call(
        "POST", "/certificates/inquiry", data={"number": number, "name": "欧阳娜娜"}, expect=429,
        environ_base={"REMOTE_ADDR": STRANGER},
    )  # fmt: skip
    assert int(answer.headers["Retry-After"]) > 0
    assert "Too many inquiries" in answer.get_data(as_text=True)
