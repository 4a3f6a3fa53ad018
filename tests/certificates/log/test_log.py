"""The log takes what is issued, proves it, and is never anything but longer."""

import random
import threading
import uuid
from base64 import b64decode
from dataclasses import replace
from typing import Any

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from onex.transparency import notes, tiles, tree
from onex.transparency.notes import Checkpoint, VerifierKey
from onex.transparency.proofs import ProofFile, ProofFileWrong
from services.certificates.log import actions, entries
from tests.certificates.given import Pilot
from tests.harness.service import json_of

API = "/certificates/v1"


class Monitor:
    """Somebody who reads the log from its doors and believes nothing else."""

    def __init__(self, pilot: Pilot) -> None:
        self.service = pilot.certificates
        self.seen: list[Checkpoint] = []

    def get(self, path: str, expect: int = 200) -> bytes:
        return self.service.call("GET", API + path, expect=expect).get_data()

    @property
    def keys(self) -> list[VerifierKey]:
        told: dict[str, Any] = orjson.loads(self.get("/log/keys"))
        return [VerifierKey.parse(key["vkey"]) for key in told["keys"]]

    def head(self) -> Checkpoint:
        head = Checkpoint.parse(notes.open_note(self.get("/log/checkpoint"), self.keys))
        for old in self.seen:
            path = tree.proof(tree.consistency_nodes(old.size, head.size), lambda nodes: self.read(nodes, head.size))
            tree.check_consistency(old.size, old.root_hash, head.size, head.root_hash, path)
        self.seen.append(head)
        return head

    def read(self, nodes: Any, size: int) -> list[bytes]:
        return tiles.read_nodes(nodes, size, lambda name: self.get("/log/" + name.path))

    def entries(self, size: int) -> list[bytes]:
        names = list(tiles.grown_bundles(0, size))
        return [entry for name in names for entry in tiles.unbundle(self.get("/log/" + name.path))]


@pytest.fixture
def monitor(pilot: Pilot) -> Monitor:
    return Monitor(pilot)


def issue(pilot: Pilot, count: int) -> None:
    one = pilot.result()
    passes = [replace(one, result_id=uuid.uuid4()) for _ in range(count)]
    pilot.certificates.hear(*passes)


def sequence(pilot: Pilot) -> None:
    while pilot.certificates.fire("sequence_log"):
        pass


def rows(pilot: Pilot, statement: str) -> list[Any]:
    with pilot.certificates.database.session() as session:
        return list(session.execute(text(statement)))


@pytest.mark.rule("PP-29", "OP-32")
def test_every_certificate_is_in_the_log_once_and_a_monitor_sees_it_grow(pilot: Pilot, monitor: Monitor) -> None:
    for count in (1, 254, 1, 300, 2, 700):
        issue(pilot, count)
        sequence(pilot)
        head = monitor.head()
    assert head.size == 1258
    assert tree.root(head.size, lambda nodes: monitor.read(nodes, head.size)) == head.root_hash
    logged = [orjson.loads(entry) for entry in monitor.entries(head.size)]
    issued = {
        entries.digest_of(credential.encode()) for (credential,) in rows(pilot, "SELECT credential FROM certificate")
    }
    assert {one["credential"] for one in logged} == issued
    assert len(logged) == len(issued) == 1258
    assert {one["kind"] for one in logged} == {"issued"}


def test_the_root_is_that_of_the_entries_hashed_one_by_one(pilot: Pilot, monitor: Monitor) -> None:
    issue(pilot, 600)
    sequence(pilot)
    head = monitor.head()
    hashes = [tree.leaf_hash(entry) for entry in monitor.entries(head.size)]

    def plain(first: int, last: int) -> bytes:
        if last - first == 1:
            return hashes[first]
        k = 1 << ((last - first - 1).bit_length() - 1)
        return tree.node_hash(plain(first, first + k), plain(first + k, last))

    assert plain(0, 600) == head.root_hash


def test_an_entry_names_neither_person_nor_number(pilot: Pilot, monitor: Monitor) -> None:
    issue(pilot, 3)
    sequence(pilot)
    numbers = [number for (number,) in rows(pilot, "SELECT number FROM certificate")]
    for entry in monitor.entries(3):
        assert set(orjson.loads(entry)) == {"credential", "issuer", "kind", "row", "time", "version"}
        assert not any(number.encode() in entry for number in numbers)
        assert "张三".encode() not in entry


@pytest.mark.rule("PP-45")
def test_a_certificate_and_its_proof_file_are_enough_to_know_that_it_was_logged(pilot: Pilot, monitor: Monitor) -> None:
    issue(pilot, 400)
    sequence(pilot)
    keys = monitor.keys
    for number, credential in rows(pilot, "SELECT number, credential FROM certificate ORDER BY random() LIMIT 20"):
        file = ProofFile.parse(monitor.get(f"/credentials/{number}/log-proof").decode())
        assert file.check(keys).size == 400
        document = json_of(pilot.certificates.call("GET", f"{API}/credentials/{number}", expect=200))
        assert orjson.loads(file.extra)["credential"] == entries.digest_of_document(document)
        assert entries.digest_of_document(document) == entries.digest_of(credential.encode())


def test_a_proof_file_with_anything_altered_proves_nothing(pilot: Pilot, monitor: Monitor) -> None:
    issue(pilot, 300)
    sequence(pilot)
    ((number,),) = rows(pilot, "SELECT number FROM certificate LIMIT 1")
    whole = monitor.get(f"/credentials/{number}/log-proof")
    keys = monitor.keys
    places = random.Random(7)
    for _ in range(300):
        altered = bytearray(whole)
        altered[places.randrange(len(altered))] ^= 1 << places.randrange(8)
        with pytest.raises((ProofFileWrong, notes.NoteWrong, UnicodeDecodeError)):
            ProofFile.parse(altered.decode()).check(keys)


def test_what_is_committed_but_not_sequenced_is_told_so(pilot: Pilot, monitor: Monitor) -> None:
    assert b"not_logged_yet" in monitor.get("/log/checkpoint", expect=404)
    issue(pilot, 1)
    ((number,),) = rows(pilot, "SELECT number FROM certificate")
    assert b"not_logged_yet" in monitor.get(f"/credentials/{number}/log-proof", expect=404)
    sequence(pilot)
    monitor.get(f"/credentials/{number}/log-proof")


def test_sequencing_twice_at_once_gives_every_entry_one_number(pilot: Pilot, monitor: Monitor) -> None:
    issue(pilot, 900)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            with pilot.certificates.database.transaction() as session:
                actions.sequence(session, pilot.certificates.vault, pilot.certificates.settings.public_url)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert monitor.head().size == 900
    assert len(monitor.entries(900)) == 900


def test_a_batch_that_is_rolled_back_waits_on_and_its_head_was_never_seen(pilot: Pilot, monitor: Monitor) -> None:
    issue(pilot, 10)
    with pilot.certificates.database.session() as session, session.begin():
        actions.sequence(session, pilot.certificates.vault, pilot.certificates.settings.public_url)
        session.rollback()
    assert b"not_logged_yet" in monitor.get("/log/checkpoint", expect=404)
    issue(pilot, 5)
    sequence(pilot)
    assert monitor.head().size == 15


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_entry SET entry = 'x'",
        "DELETE FROM log_entry",
        "UPDATE log_head SET size = 1",
        "DELETE FROM log_head",
    ],
)
def test_what_is_logged_can_be_neither_altered_nor_removed(pilot: Pilot, statement: str) -> None:
    issue(pilot, 2)
    sequence(pilot)
    with pytest.raises(DBAPIError, match="append-only"), pilot.certificates.database.transaction() as session:
        session.execute(text(statement))


def test_a_narrower_tile_of_an_earlier_head_is_still_given(pilot: Pilot, monitor: Monitor) -> None:
    issue(pilot, 10)
    sequence(pilot)
    before = monitor.get("/log/tile/0/000.p/10")
    issue(pilot, 300)
    sequence(pilot)
    assert monitor.get("/log/tile/0/000.p/10") == before == monitor.get("/log/tile/0/000")[: 10 * 32]
    assert len(tiles.unbundle(monitor.get("/log/tile/entries/000.p/10"))) == 10


@pytest.mark.parametrize(
    "path",
    ["0/001", "1/000", "entries/001", "0/000.p/11", "entries/000.p/11", "0/999", "zero/000", "0/../0/000", "63/000"],
)
def test_a_tile_that_is_not_there_is_a_404(pilot: Pilot, monitor: Monitor, path: str) -> None:
    issue(pilot, 10)
    sequence(pilot)
    monitor.get(f"/log/tile/{path}", expect=404)


def test_the_log_proves_that_it_was_only_appended_to(pilot: Pilot, monitor: Monitor) -> None:
    issue(pilot, 20)
    sequence(pilot)
    old = monitor.head()
    issue(pilot, 300)
    sequence(pilot)
    new = monitor.head()
    told = orjson.loads(monitor.get(f"/log/consistency?size={old.size}"))
    path = [b64decode(one) for one in told["proof"]]
    tree.check_consistency(old.size, old.root_hash, new.size, new.root_hash, path)
    for wrong in (0, -1, 321):
        assert b"log_size_wrong" in monitor.get(f"/log/consistency?size={wrong}", expect=422)
