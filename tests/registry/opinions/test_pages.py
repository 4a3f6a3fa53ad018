"""The page on which anyone sends an opinion and finds its answer, in both languages and without a script (OP-40, PP-30)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response

from onex.chassis.web import Runtime, create_app
from services.registry.opinions import api, pages
from services.registry.opinions.rules import GROUNDS
from services.registry.policies import pages as policy_pages
from services.registry.tables import AccessKey
from tests.registry.world import World

Ask = Callable[..., TestResponse]
WRITTEN = "<script>王老师</script>要求购买软件"


@pytest.fixture
def ask(world: World) -> Ask:
    """The pages, as a browser without a token gets them."""
    runtime = Runtime.of(world.registry.settings, AccessKey)
    app = create_app("registry", runtime, [api.blp], pages=[pages.blp, policy_pages.blp])

    def call(path: str = "", form: dict[str, str] | None = None, expect: int = 200) -> TestResponse:
        options: dict[str, Any] = {} if form is None else {"data": form}
        answer = Client(app, Response).open(
            f"/registry/opinions{path}", method="GET" if form is None else "POST", **options
        )
        assert answer.status_code == expect
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "<script" not in answer.text
        return answer

    return call


@pytest.mark.rule("OP-40", "PP-30")
def test_an_opinion_is_sent_and_its_answer_found_on_the_page(world: World, ask: Ask) -> None:
    empty = ask().text
    assert all(f'value="{ground}"' in empty for ground in GROUNDS)
    assert 'lang="zh-CN"' in empty
    assert 'lang="en"' in empty
    received = ask(
        "", {"ground": "forced_purchase", "text": WRITTEN, "province_code": "11", "phone": "13987654321"}, 201
    ).text
    found = re.search(r'id="reference">([0-9A-Z-]{23})<', received)
    assert found
    assert "13987654321" not in received
    (kept,) = world.get("/opinions")["items"]
    shown = world.get(f"/opinions/{kept['id']}")
    assert (shown["text"], shown["province_code"], shown["has_contact"]) == (WRITTEN, "11", True)
    assert "Received" in ask("/answer", {"reference": found[1]}).text
    world.post(f"/opinions/{kept['id']}/answer", {"text": "已责令改正 <b>。"}, expect=200)
    answered = ask("/answer", {"reference": found[1].lower()}).text
    assert "已责令改正 &lt;b&gt;。" in answered
    assert "王老师" not in answered
    assert "已责令改正" not in ask().text
    words = {"public_text": "被要求购买软件。", "public_answer": "已责令改正。"}
    world.post(f"/opinions/{kept['id']}/release", words, expect=200)
    assert "被要求购买软件。" in ask().text


@pytest.mark.rule("PP-30")
@pytest.mark.parametrize(
    "form",
    [
        {},
        {"ground": "envy", "text": "x"},
        {"ground": "other", "text": "  "},
        {"ground": "other", "text": "x" * 5_001},
        {"ground": "other", "text": "\u0000"},
        {"ground": "other", "text": "x", "province_code": "99"},
    ],
)
def test_what_cannot_be_taken_is_shown_again(world: World, ask: Ask, form: dict[str, str]) -> None:
    again = ask("", form, 422).text
    assert 'id="wrong"' in again
    assert world.get("/opinions")["items"] == []


def test_what_was_written_stays_in_a_form_that_is_shown_again(ask: Ask) -> None:
    again = ask("", {"ground": "envy", "text": WRITTEN, "name": '"><img>'}, 422).text
    assert "&lt;script&gt;王老师&lt;/script&gt;要求购买软件</textarea>" in again
    assert 'value="&#34;&gt;&lt;img&gt;"' in again


@pytest.mark.rule("OP-40")
@pytest.mark.parametrize("reference", ["", "x", "0" * 20, "y" * 61, "\u0000"])
def test_a_reference_that_was_not_given_finds_nothing_on_the_page(ask: Ask, reference: str) -> None:
    assert 'id="unknown"' in ask("/answer", {"reference": reference}, 404).text
