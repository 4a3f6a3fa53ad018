"""Ten thousand guesses, and not one of them tells a wrong name from a number that was never issued."""

import io
import random
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from onex.contracts.certificates import CertificateIssued
from services.certificates.inquiry.connections import Connections
from services.certificates.inquiry.door import PATH, InquiryDoor
from services.certificates.inquiry.lookup import Lookup
from services.certificates.issuing import numbers
from tests.certificates.given import Pilot

GUESSES = 10_000
NAMES = ("欧阳娜娜", "张三", "阿依古丽·买买提", "Anna Müller")
STATES = ("valid", "suspended", "revoked", "replaced")


class Watched(Connections):
    """The real connections, which note what they are asked for."""

    def __init__(self, dsn: str) -> None:
        super().__init__(dsn, "certificates", size=1)
        self.asked: list[tuple[str, tuple[int, ...]]] = []

    def fetch_one(self, statement: str, *values: bytes) -> tuple[Any, ...] | None:
        self.asked.append((statement, tuple(map(len, values[1:]))))
        return super().fetch_one(statement, *values)


@pytest.fixture
def issued(pilot: Pilot) -> dict[str, str]:
    """Names by number: a certificate of each name, each in another state."""
    results = [pilot.result(name, f"1101051949123{at:04d}X") for at, name in enumerate(NAMES)]
    pilot.certificates.hear(*results)
    of_result = {one.result_id: one.number for one in pilot.certificates.said(CertificateIssued)}  # type: ignore[attr-defined]
    found = {of_result[one.result_id]: name for one, name in zip(results, NAMES, strict=True)}
    with pilot.certificates.database.transaction() as session:
        for number, state in zip(found, STATES, strict=True):
            session.execute(text("UPDATE certificate SET state = :s WHERE number = :n"), {"s": state, "n": number})
    return found


def guess(chance: random.Random, issued: dict[str, str], absent: list[str]) -> tuple[str, str]:
    """A number with a name that is not its holder's: often nearly right."""
    number, name = chance.choice(list(issued.items()))
    wrong = chance.choice([one for one in NAMES if one != name] + [name[:-1], name + "一", name[::-1], "李" + name[1:]])
    slip = number[:-1] + chance.choice([one for one in numbers.ALPHABET if one != number[-1]])
    return chance.choice(
        [(number, wrong), (number, wrong), (chance.choice(absent), name), (chance.choice(absent), wrong), (slip, name)]
    )


@pytest.mark.rule("OP-32", "PP-44")
def test_no_guess_of_ten_thousand_is_told_from_another(pilot: Pilot, issued: dict[str, str]) -> None:
    chance, service = random.Random(20191118), pilot.certificates
    absent = numbers.draw_many(2_000, 2026, "004", 2)
    watched = Watched(service.database.dsn)
    door = InquiryDoor(Lookup(service.vault, watched), "certificates", service.settings.public_url)

    def answer(number: str, name: str) -> tuple[Any, ...]:
        body, head = orjson.dumps({"number": number, "name": name}), []
        environ = {
            "REQUEST_METHOD": "POST", "PATH_INFO": PATH, "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "REMOTE_ADDR": "203.0.113.7",
        }  # fmt: skip
        told = b"".join(door(environ, lambda *line: head.append(line)))
        return told, str(head)

    answers = {answer(*guess(chance, issued, absent)) for _ in range(GUESSES)}
    assert len(answers) == 1
    assert b'"found":false' in answers.pop()[0]
    # Nor is more or other work done for one: the same statement, once, with values of the same size.
    assert len(watched.asked) == GUESSES
    assert len(set(watched.asked)) == 1
    # And a right guess is told from them, or this would prove nothing.
    assert all(b'"found":true' in answer(*right)[0] for right in issued.items())


@pytest.mark.rule("OP-32", "PP-44")
def test_nor_does_the_page_tell_them_apart(pilot: Pilot, issued: dict[str, str]) -> None:
    pages = set()
    for asked in (*issued, *numbers.draw_many(20, 2026, "004", 2)):
        for name in ("王五", NAMES[0] if issued.get(asked) != NAMES[0] else NAMES[1]):
            page = pilot.certificates.call(
                "POST", "/certificates/inquiry", data={"number": asked, "name": name}, expect=200
            )
            told = page.get_data(as_text=True).replace(numbers.grouped(asked), "…").replace(asked, "…")
            pages.add((told, str(sorted(page.headers.items()))))
    assert len(pages) == 1
