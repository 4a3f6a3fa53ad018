"""Every change of a record is written down with who made it, in a chain in which nothing is altered unseen."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from onex.chassis.acting import work_as
from onex.chassis.database import UnitOfWork
from services.registry.audit import INVARIANTS
from services.registry.history import queries, rules
from services.registry.history.rules import Broken, Chain, Entry
from services.registry.standards.models import CancelledQualification
from tests.harness.service import Service
from tests.registry.world import World

HISTORY = "/history"


class Undone(Exception):
    pass


@pytest.fixture
def registry(service: Callable[[str], Service]) -> Service:
    return service("registry")


def note(session: Session, name: str) -> CancelledQualification:
    """Any record will do."""
    one = CancelledQualification(normalized_name=name, name_zh=name, decision="Decision 1", added_by="c")
    session.add(one)
    return one


def entries(registry: Service) -> list[Entry]:
    with registry.database.session() as session:
        return list(queries._entries(session, 0, 2**62))


def verified(registry: Service, from_seq: int = 1, size: int = 1000) -> dict[str, Any]:
    with registry.database.session() as session:
        return queries.verification(session, from_seq, size)


def audited(registry: Service) -> list[str]:
    """What the audit finds."""
    import psycopg

    (held,) = (one for one in INVARIANTS if one.name == "history")
    with psycopg.connect(registry.database.dsn) as connection:
        return [f"{fault.record} {fault.kind}" for fault in held.faults(connection)]


@pytest.mark.rule("PP-02", "PP-37")
def test_a_change_says_who_when_what_before_and_after(world: World) -> None:
    teo = world.post("/organizations", world.teo_body())
    world.post("/agreements", world.agreement_body(teo["id"]))
    world.admit(teo["id"])
    made, *_, admitted = reversed(world.get(f"{HISTORY}?table=organization&record_id={teo['id']}")["items"])
    assert (made["actor"], made["role"], made["verb"]) == ("test-operator-", "operator", "organizations.register")
    assert made["before"] is None
    assert (made["after"]["status"], made["after"]["name_zh"]) == ("registered", "评价组织1")
    assert (admitted["before"]["status"], admitted["after"]["status"]) == ("registered", "admitted")
    assert set(admitted["after"]) == set(admitted["before"])
    assert "name_zh" not in admitted["after"]


def test_only_what_changed_is_written_down(registry: Service) -> None:
    with registry.database.transaction() as session:
        one = note(session, "甲")
    with registry.database.transaction() as session:
        found = session.get_one(CancelledQualification, one.normalized_name)
        found.name_zh = "甲"
    assert len(entries(registry)) == 1
    with registry.database.transaction() as session:
        session.get_one(CancelledQualification, one.normalized_name).name_zh = "乙"
    with registry.database.transaction() as session:
        session.delete(session.get_one(CancelledQualification, one.normalized_name))
    made, changed, removed = entries(registry)
    assert (changed.before, changed.after) == ({"name_zh": "甲"}, {"name_zh": "乙"})
    assert removed.after is None
    assert removed.before is not None
    assert removed.before["name_zh"] == "乙"
    assert {one.record_id for one in (made, changed, removed)} == {one.normalized_name}


def test_a_change_that_is_rolled_back_leaves_no_entry(registry: Service) -> None:
    def fail() -> None:
        with registry.database.transaction() as session:
            note(session, "甲")
            session.flush()
            raise Undone

    with pytest.raises(Undone):
        fail()
    assert entries(registry) == []
    session = registry.database.session()
    note(session, "甲")
    session.flush()
    session.rollback()
    note(session, "乙")
    session.commit()
    session.close()
    assert [one.after["name_zh"] for one in entries(registry) if one.after] == ["乙"]


def fail_in_a_flush(session: UnitOfWork) -> None:
    with session.begin_nested():
        note(session, "in a flush that fails")
        session.flush()
        session.add(CancelledQualification(normalized_name="x", name_zh=None, decision="x", added_by="c"))
        session.flush()


def test_what_a_savepoint_undid_leaves_no_entry_and_what_stood_beside_it_does(registry: Service) -> None:
    with registry.database.transaction() as session:
        note(session, "before")
        with session.begin_nested():
            note(session, "kept")
            with session.begin_nested():
                note(session, "kept inside")
            inner = session.begin_nested()
            note(session, "undone inside")
            session.flush()
            inner.rollback()
        outer = session.begin_nested()
        with session.begin_nested():
            note(session, "released and then undone with the outer one")
        outer.rollback()
        with pytest.raises(IntegrityError):
            fail_in_a_flush(session)
        note(session, "after")
    names = [one.after["name_zh"] for one in entries(registry) if one.after]
    assert names == ["before", "kept", "kept inside", "after"]
    assert verified(registry)["broken"] is None


def test_what_is_changed_without_a_flush_is_written_down_as_well(registry: Service) -> None:
    with registry.database.transaction() as session:
        one = note(session, "甲")
        session.flush()
        one.name_zh = "乙"
    assert [one.after for one in entries(registry)][1] == {"name_zh": "乙"}


def test_the_entry_names_whoever_the_transaction_worked_for(registry: Service) -> None:
    with registry.database.transaction() as session:
        note(session, "甲")
    with registry.database.transaction() as session:
        work_as(session, "timer", None, "every 60 s")
        note(session, "乙")
    told = [(one.actor, one.role, one.verb) for one in entries(registry)]
    assert told == [("system", None, "system"), ("timer", None, "every 60 s")]


@pytest.mark.rule("PP-02")
def test_what_is_sealed_hashed_or_secret_never_appears(world: World) -> None:
    teo = world.post("/organizations", world.teo_body())
    world.post("/clients", {"client_id": "a-client", "role": "teo", "organization_id": teo["id"]})
    shown = world.get(HISTORY + "?size=200")["items"]
    assert {"organization", "client"} <= {one["table"] for one in shown}
    with world.registry.database.session() as session:
        secret = session.scalars(text("SELECT secret_hash FROM client")).all()
        sealed = session.scalars(text("SELECT sealed_contacts FROM organization")).all()
    everything = str(shown) + str([(one.before, one.after) for one in entries(world.registry)])
    for value in [*secret, *sealed, "张三", "13900139000", "zhang@example.cn"]:
        assert value not in everything
    (made,) = (one for one in shown if one["table"] == "organization" and one["record_id"] == teo["id"])
    assert made["after"]["sealed_contacts"] == "changed"


@pytest.mark.parametrize(
    ("column", "hidden"),
    [
        ("sealed_contacts", True), ("secret_hash", True), ("password_hash", True), ("name_index", True),
        ("previous_secret_valid_until", True), ("sealed_private_jwk", True), ("refresh_token", True),
        ("name_zh", False), ("state", False), ("indexed_at", False), ("hash_tag", False), ("unsealed", False),
    ],
)  # fmt: skip
def test_a_columns_name_says_whether_it_is_shown(column: str, hidden: bool) -> None:
    assert rules.is_hidden(column) is hidden
    assert rules.shown(column, "x") == ("changed" if hidden else "x")
    assert rules.shown(column, None) is None
    assert rules.shown(column, b"x") == "changed"


@pytest.fixture
def long_chain(registry: Service) -> Service:
    """200 entries, of transactions of one to seven."""
    made = 0
    while made < 200:
        with registry.database.transaction() as session:
            for _ in range(min(1 + made % 7, 200 - made)):
                note(session, f"资格 {made}")
                made += 1
    return registry


def tampered(registry: Service, *statements: str, **values: Any) -> tuple[Broken | None, list[str]]:
    """What verification and audit find when the table's owner drops the trigger and alters the history; undone again."""
    session = registry.database.session()
    try:
        session.execute(text("ALTER TABLE change DISABLE TRIGGER change_is_never_altered"))
        for statement in statements:
            session.execute(text(statement), values)
        driver: Any = session.connection().connection.driver_connection
        audited = [f"{one.record} {one.kind}" for one in queries.faults(driver)]
        return queries.verification(session, values.get("from_seq", 1), 1000)["broken"], audited
    finally:
        session.rollback()
        session.close()


@pytest.mark.rule("PP-02", "PP-37")
def test_every_single_entry_that_is_altered_missing_or_swapped_is_found(long_chain: Service) -> None:
    assert verified(long_chain)["broken"] is None
    assert audited(long_chain) == []
    chain = entries(long_chain)
    assert len(chain) == 200
    head = (200, chain[-1].hash)

    def first_broken(found: list[Entry]) -> Broken | None:
        follow = Chain()
        for entry in found:
            if broken := follow.take(entry):
                return broken
        return follow.end(head)

    assert first_broken(chain) is None
    for at in range(200):
        entry = chain[at]
        without = [*chain[:at], *chain[at + 1 :]]
        assert first_broken(without) == Broken(at + 1, "missing")
        after = dict(entry.after or {}) | {"decision": "Decision 2"}
        for change in ({"actor": "somebody"}, {"after": after}, {"before": {}}, {"at": entry.at.replace(year=2001)},
                       {"role": "operator"}, {"verb": "x"}, {"table_name": "x"}, {"record_id": "x"},
                       {"hash": bytes(32)}, {"prev_hash": bytes(range(32))}):  # fmt: skip
            values = {name: getattr(entry, name) for name in Entry.__slots__} | change
            broken = first_broken([*chain[:at], Entry(**values), *chain[at + 1 :]])
            assert broken is not None
            assert broken.seq in (at + 1, at + 2 if "hash" in change else at + 1), change
        other = chain[(at + 7) % 200]
        swapped = list(chain)
        for here, there in ((entry, other), (other, entry)):
            values = {name: getattr(there, name) for name in Entry.__slots__} | {"seq": here.seq}
            swapped[here.seq - 1] = Entry(**values)
        assert first_broken(swapped) is not None
        assert first_broken(swapped).seq == min(entry.seq, other.seq)  # type: ignore[union-attr]


@pytest.mark.parametrize("seq", [1, 2, 100, 199, 200])
def test_what_is_altered_in_the_database_is_found_there(long_chain: Service, seq: int) -> None:
    missing = tampered(long_chain, "DELETE FROM change WHERE seq = :seq", seq=seq)
    assert missing == (Broken(seq, "missing"), [f"entry {seq} missing"])
    altered = tampered(long_chain, 'UPDATE change SET after = after || \'{"decision": "x"}\' WHERE seq = :seq', seq=seq)
    assert altered == (Broken(seq, "altered"), [f"entry {seq} altered"])
    other = 201 - seq if seq != 100 else 7
    broken, faults = tampered(
        long_chain,
        "UPDATE change SET seq = 1000 WHERE seq = :seq",
        "UPDATE change SET seq = :seq WHERE seq = :other",
        "UPDATE change SET seq = :other WHERE seq = 1000",
        seq=seq,
        other=other,
    )
    assert broken is not None
    assert broken.seq == min(seq, other)
    assert len(faults) >= 2


def test_a_head_that_does_not_fit_the_chain_is_found(long_chain: Service) -> None:
    assert tampered(long_chain, "DELETE FROM change_head")[0] == Broken(1, "unknown")
    assert tampered(
        long_chain, "UPDATE change_head SET seq = 150, hash = (SELECT hash FROM change WHERE seq = 150)"
    ) == (
        Broken(151, "unknown"),
        ["entry 151 orphaned"],
    )
    assert tampered(long_chain, "UPDATE change_head SET hash = decode(repeat('00', 32), 'hex')")[0] == Broken(
        200, "altered"
    )
    assert tampered(long_chain, "UPDATE change_head SET seq = 201")[0] == Broken(201, "missing")
    assert tampered(long_chain, "DELETE FROM change")[0] == Broken(1, "missing")


def test_the_chain_is_verified_part_by_part(long_chain: Service) -> None:
    from_seq: int | None = 1
    steps = []
    while from_seq:
        found = verified(long_chain, from_seq, 60)
        assert (found["broken"], found["length"]) == (None, 200)
        steps.append((found["verified_from"], found["verified_to"]))
        from_seq = found["next"]
    assert steps == [(1, 60), (61, 120), (121, 180), (181, 200)]
    assert verified(long_chain, 5_000)["broken"] is None


def test_a_part_that_begins_behind_a_broken_place_tells_of_it(long_chain: Service) -> None:
    assert tampered(long_chain, "DELETE FROM change WHERE seq = 60", from_seq=61)[0] == Broken(60, "missing")


@pytest.mark.parametrize(
    "statement", ["UPDATE change SET actor = 'x'", "DELETE FROM change", "DELETE FROM change WHERE seq = 0"]
)
def test_the_database_refuses_to_alter_the_history(registry: Service, statement: str) -> None:
    with registry.database.transaction() as session:
        note(session, "甲")
    with pytest.raises(ProgrammingError, match="never altered"), registry.database.transaction() as session:
        session.execute(text(statement))
    assert len(entries(registry)) == 1


def test_two_who_write_at_once_make_one_unbroken_chain(registry: Service) -> None:
    rounds, errors = 40, []

    def write(name: str) -> None:
        try:
            for number in range(rounds):
                with registry.database.transaction() as session:
                    note(session, f"{name} {number}")
                    if number % 3 == 0:
                        note(session, f"{name} {number} again")
        except Exception as error:
            errors.append(error)

    writers = [threading.Thread(target=write, args=(name,)) for name in ("甲", "乙", "丙")]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert errors == []
    found = entries(registry)
    assert [one.seq for one in found] == list(range(1, 3 * (rounds + 14) + 1))
    assert verified(registry)["broken"] is None
    assert len({one.hash for one in found}) == len(found)


def test_values_of_every_kind_come_back_as_they_were_hashed(registry: Service) -> None:
    odd = {
        "floats": [1e22, 1.0, -0.0, 1e-7], "large": 10**30, "small": -(2**53) + 1, "text": "“é”\u2028\\\n", "empty": {},
        "nested": {"2": 1, "1": [None, True, False]}, "id": uuid.UUID(int=1),
    }  # fmt: skip
    with registry.database.transaction() as session:
        from services.registry.history import recording

        plain = rules.plain(odd)
        recording._append(session, [recording.Collected((), "t", "1", plain, plain)])
    (entry,) = entries(registry)
    assert entry.before == plain
    assert rules.hash_of(entry) == entry.hash


def test_an_empty_history_is_whole(registry: Service) -> None:
    found = verified(registry)
    assert (found["length"], found["head"], found["broken"], found["next"]) == (0, rules.START, None, None)
    assert audited(registry) == []
