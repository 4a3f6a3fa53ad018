"""What a certificate's QR code opens, and what everything else opens: nothing."""

import random
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from services.certificates.inquiry import tokens
from services.certificates.issuing import numbers
from tests.certificates.given import Pilot
from tests.harness.service import json_of

PATH = "/certificates/v1/inquiries"


def opened(pilot: Pilot, address: str, expect: int = 200) -> str:
    parts = urlsplit(address)
    return pilot.certificates.call("GET", f"{parts.path}?{parts.query}", expect=expect).get_data(as_text=True)


def qr(pilot: Pilot, number: str) -> str:
    return tokens.address(pilot.certificates.settings.public_url, pilot.certificates.vault, number)


@pytest.mark.rule("OP-32", "PP-44", "PP-45")
def test_the_qr_code_shows_the_masked_certificate_at_once(pilot: Pilot, number: str) -> None:
    page = opened(pilot, qr(pilot, number))
    for shown in ("证书有效", "欧**娜", numbers.grouped(number), "某某教育科技有限公司"):
        assert shown in page
    assert "欧阳娜娜" not in page
    token = qr(pilot, number).rpartition("=")[2]
    found = json_of(pilot.certificates.call("POST", PATH, json={"number": number, "token": token}, expect=200))
    by_name = json_of(pilot.certificates.call("POST", PATH, json={"number": number, "name": "欧阳娜娜"}, expect=200))
    assert found == by_name
    assert found["found"]


@pytest.mark.rule("PP-44")
def test_a_token_is_of_its_number_and_of_the_platforms_key_alone(pilot: Pilot, number: str) -> None:
    vault = pilot.certificates.vault
    token = tokens.token(vault, number)
    assert len(token) == tokens.LENGTH
    assert tokens.token(vault, number) == token  # printed once, and right for ever
    others = numbers.draw_many(1000, 2026, "004", 2)
    assert len({tokens.token(vault, other) for other in others}) == 1000
    assert not any(tokens.is_token_of(vault, number, tokens.token(vault, other)) for other in others)
    chance = random.Random(32)
    for _ in range(200):
        at = chance.randrange(tokens.LENGTH)
        wrong = token[:at] + chance.choice("abcXYZ019-_é\ud800") + token[at + 1 :]
        assert tokens.is_token_of(vault, number, wrong) == (wrong == token)


@pytest.mark.rule("OP-32", "PP-44")
def test_a_wrong_token_opens_nothing_whether_the_number_exists_or_not(pilot: Pilot, number: str) -> None:
    absent = numbers.draw(2026, "004", 2)
    pages, answers = set(), set()
    for asked in (number, absent):
        for token in (
            "",
            "x",
            "A" * 16,
            qr(pilot, absent if asked == number else number).rpartition("=")[2],
            "é" * 300,
        ):
            page = opened(pilot, f"/certificates/inquiry/{asked}?t={token}")
            pages.add(page.replace(numbers.grouped(asked), "…").replace(asked, "…"))
            if 0 < len(token) <= tokens.LENGTH:
                answer = pilot.certificates.call("POST", PATH, json={"number": asked, "token": token}, expect=200)
                answers.add((answer.get_data(), str(sorted(answer.headers.items()))))
    assert len(pages) == len(answers) == 1
    assert "未查到证书" in pages.pop()


@pytest.mark.rule("PP-44")
def test_a_guessed_number_without_a_token_shows_nothing(pilot: Pilot, number: str) -> None:
    shown = {
        opened(pilot, f"/certificates/inquiry/{asked}").replace(numbers.grouped(asked), "…").replace(asked, "…")
        for asked in (number, numbers.draw(2026, "004", 2))
    }
    assert len(shown) == 1
    assert "欧**娜" not in shown.pop()


@pytest.mark.rule("OP-32", "PP-44")
@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [
        ("suspended", "证书已暂停", "Suspended"),
        ("revoked", "证书已撤销", "Revoked"),
        ("replaced", "证书已更换", "Replaced"),
    ],
)
def test_a_certificate_that_is_not_in_force_is_shown_as_what_it_is(
    pilot: Pilot, number: str, state: str, zh: str, en: str
) -> None:
    with pilot.certificates.database.transaction() as session:
        session.execute(text("UPDATE certificate SET state = :state"), {"state": state})
    token = qr(pilot, number).rpartition("=")[2]
    for question in ({"name": "欧阳娜娜"}, {"token": token}):
        found = json_of(pilot.certificates.call("POST", PATH, json={"number": number} | question, expect=200))
        assert found["certificate"]["state"] == state
    page = opened(pilot, qr(pilot, number))
    assert zh in page
    assert en in page
    assert "证书有效" not in page


@pytest.mark.parametrize(
    "question", [{"token": ""}, {"token": 1}, {"token": "x" * 17}, {"token": "x", "name": "y"}, {"name": None}]
)
def test_a_question_has_either_a_name_or_a_token(pilot: Pilot, question: dict[str, object]) -> None:
    answer = pilot.certificates.call("POST", PATH, json={"number": "1"} | question, expect=422)
    assert json_of(answer)["code"] == "invalid"
