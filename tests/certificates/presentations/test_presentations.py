"""A learner shows a chosen part of some certificates by a link: what is seen, for how long, and by whom."""

import logging
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import text

from onex.chassis import clock
from onex.chassis.access import Role
from onex.chassis.ids import new_id
from services.certificates.inquiry import pages
from services.certificates.presentations import rules, tokens
from tests.certificates.given import Pilot
from tests.certificates.presentations.conftest import DOOR, SHOWN, Learner
from tests.harness.service import json_of

ALL = [field for field in rules.FIELDS if field != "masked_name"]


@pytest.mark.rule("PP-45")
def test_a_link_shows_what_was_chosen_and_the_state_and_nothing_else(learner: Learner) -> None:
    one, other = learner.numbers
    made = learner.make(
        certificates=[
            {"number": other, "fields": ["level", "certificate_type"]},
            {"number": one, "fields": ["certificate_type", "teo", "issued_on", "number", "masked_name"]},
        ],
        label="某公司",
    )
    assert made["url"].startswith(f"{learner.pilot.certificates.settings.public_url}{tokens.PATH}?t=")
    kind = {"code": "004", "name_zh": "Web前端开发", "name_en": "Web Front-end Development"}
    shown = learner.shown(made)
    assert shown["certificates"] == [
        {"state": "valid", "certificate_type": kind, "level": "advanced"},
        {
            "state": "valid", "certificate_type": kind, "issued_on": "2026-03-02", "number": one, "masked_name": "欧**娜",
            "teo": {"name_zh": "某某教育科技有限公司", "name_en": "Moumou Education Technology Co., Ltd."},
        },
    ]  # fmt: skip
    assert shown["expires_at"] == made["expires_at"]
    page = learner.pilot.certificates.call("GET", _path(made), expect=200)
    seen = page.get_data(as_text=True)
    assert "高级" in seen
    assert "欧**娜" in seen
    assert "某公司" not in seen  # the label is the holder's own
    assert other not in seen.replace("-", "")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def _path(made: Any) -> str:
    return f"{tokens.PATH}?{made['url'].partition('?')[2]}"


@pytest.mark.rule("PP-45")
def test_the_name_is_opened_only_where_its_holder_chose_so(learner: Learner) -> None:
    assert learner.shown(learner.make("certificate_type", "name"))["certificates"][0]["name"] == "欧阳娜娜"
    for fields in (("certificate_type",), ("certificate_type", "masked_name", "number")):
        assert "欧阳娜娜" not in str(learner.shown(learner.make(*fields)))


@pytest.mark.rule("PP-45")
def test_the_signed_credential_is_shown_only_with_everything_else(learner: Learner) -> None:
    number = learner.numbers[0]
    shown = learner.shown(learner.make(*ALL))["certificates"][0]
    stored = json_of(learner.pilot.certificates.call("GET", f"/certificates/v1/credentials/{number}"))
    assert shown["credential"] == stored
    refused = learner.make(*[field for field in ALL if field != "name"], expect=422)
    assert refused["code"] == "wrong_choice"
    # And nothing that only the credential holds is shown without it.
    assert "proof" not in str(learner.shown(learner.make(*[field for field in ALL if field != "credential"])))


@pytest.mark.rule("PP-45", "OP-32")
@pytest.mark.parametrize("state", ["suspended", "revoked", "replaced"])
def test_a_link_shows_the_state_of_the_moment_it_is_looked_at(learner: Learner, state: str) -> None:
    made = learner.make("certificate_type")
    with learner.pilot.certificates.database.transaction() as session:
        session.execute(text("UPDATE certificate SET state = :state"), {"state": state})
    assert learner.shown(made)["certificates"][0]["state"] == state
    page = learner.pilot.certificates.call("GET", _path(made), expect=200).get_data(as_text=True)
    assert {"suspended": "证书已暂停", "revoked": "证书已撤销", "replaced": "证书已更换"}[state] in page
    assert "证书有效" not in page


@pytest.mark.rule("PP-45")
def test_its_holder_sees_how_often_it_was_looked_at(learner: Learner) -> None:
    made = learner.make("certificate_type", label="某公司")
    assert (made["views"], made["last_viewed_at"], made["state"]) == (0, None, "in_force")
    before = clock.now()
    learner.shown(made)
    learner.pilot.certificates.call("GET", _path(made), expect=200)
    listed = json_of(learner.call("GET", DOOR, 200))["items"]
    assert [(one["id"], one["views"], one["label"]) for one in listed] == [(made["id"], 2, "某公司")]
    assert before <= datetime.fromisoformat(listed[0]["last_viewed_at"]) <= clock.now()
    assert listed[0]["certificates"] == [{"number": learner.numbers[0], "fields": ["certificate_type"]}]
    assert "url" not in listed[0]


@pytest.mark.rule("PP-45")
def test_a_withdrawn_an_expired_and_an_invented_link_get_the_very_same_answer(learner: Learner) -> None:
    withdrawn, expired = learner.make("certificate_type"), learner.make("certificate_type")
    assert learner.shown(withdrawn)
    assert json_of(learner.call("POST", f"{DOOR}/{withdrawn['id']}/withdrawal", 200))["state"] == "withdrawn"
    with learner.pilot.certificates.database.transaction() as session:
        session.execute(text("UPDATE presentation SET expires_at = now() WHERE id = :id"), {"id": expired["id"]})
    invented = {"url": f"?t={tokens.new()}"}
    answers = set()
    for made in (withdrawn, expired, invented):
        page = learner.pilot.certificates.call("GET", _path(made), expect=404)
        problem = learner.shown(made, expect=404)
        problem.pop("trace_id")
        answers.add((page.get_data(), str(sorted(page.headers.items())), orjson.dumps(problem)))
    assert len(answers) == 1
    # What shows nothing is not counted as looked at either.
    views = {one["id"]: one["views"] for one in json_of(learner.call("GET", DOOR, 200))["items"]}
    assert views == {withdrawn["id"]: 1, expired["id"]: 0}


def test_withdrawing_again_changes_nothing(learner: Learner) -> None:
    made = learner.make("certificate_type")
    first = json_of(learner.call("POST", f"{DOOR}/{made['id']}/withdrawal", 200))
    assert json_of(learner.call("POST", f"{DOOR}/{made['id']}/withdrawal", 200)) == first


@pytest.mark.rule("PP-45")
def test_a_learner_shows_only_own_certificates_and_rules_only_over_own_links(learner: Learner, pilot: Pilot) -> None:
    made = learner.make("certificate_type")
    stranger = Learner(pilot, new_id(), learner.numbers)
    assert stranger.make("certificate_type", expect=404)["code"] == "not_found"
    stranger.call("GET", f"{DOOR}/{made['id']}", 404)
    stranger.call("POST", f"{DOOR}/{made['id']}/withdrawal", 404)
    assert json_of(stranger.call("GET", DOOR, 200))["items"] == []
    for role in (Role.TEO, Role.OPERATOR, Role.PARTNER):
        pilot.certificates.call("GET", DOOR, role=role, organization_id=pilot.teo_id, expect=403)
    assert learner.shown(made)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"certificates": []}, "invalid"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "invalid"),
        ({"expires_at": (clock.now() + timedelta(days=366)).isoformat()}, "invalid"),
        ({"expires_at": "2999-01-01T00:00:00"}, "invalid"),
        ({"label": ""}, "invalid"),
        ({"label": "x" * 101}, "invalid"),
        ({"more": 1}, "invalid"),
    ],
)
def test_a_link_that_cannot_be_made_is_refused(learner: Learner, changes: dict[str, Any], code: str) -> None:
    assert learner.make("certificate_type", expect=422, **changes)["code"] == code


def test_a_certificate_named_twice_is_refused(learner: Learner) -> None:
    twice = [{"number": learner.numbers[0], "fields": ["certificate_type"]}] * 2
    assert learner.make(certificates=twice, expect=422)["code"] == "wrong_choice"


def test_only_so_many_links_are_in_force_at_once(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_IN_FORCE", 2)
    first = learner.make("certificate_type")
    learner.make("certificate_type")
    assert learner.make("certificate_type", expect=409)["code"] == "too_many_presentations"
    learner.call("POST", f"{DOOR}/{first['id']}/withdrawal", 200)
    learner.make("certificate_type")


@pytest.mark.rule("PP-45")
def test_neither_token_nor_name_nor_label_is_in_the_database_or_a_log(
    learner: Learner, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    made = learner.make("certificate_type", "name", label="秘密公司")
    token = made["url"].rpartition("=")[2]
    assert learner.shown(made)["certificates"][0]["name"] == "欧阳娜娜"
    learner.pilot.certificates.call("GET", _path(made), expect=200)
    with learner.pilot.certificates.database.session() as session:
        kept = "".join(
            session.scalars(
                text(
                    "SELECT CAST(p AS text) FROM presentation p UNION ALL SELECT CAST(c AS text) FROM presented_certificate c"
                )
            )
        )
    written = kept + caplog.text + "".join(capfd.readouterr())
    assert str(made["id"]) in kept
    for secret in (token, "欧阳娜娜", "秘密公司"):
        assert secret not in written
    assert tokens.hashed(token).hex() in kept


def test_a_token_is_of_256_random_bits() -> None:
    some = {tokens.new() for _ in range(1000)}
    assert len(some) == 1000
    assert {len(one) for one in some} == {43}


@pytest.mark.rule("PP-44")
def test_guessing_at_links_is_limited(learner: Learner) -> None:
    made = learner.make("certificate_type")
    limits = learner.pilot.certificates._web.routes["/certificates"].extensions[pages._LIMITS]
    for _ in range(limits.misses["address"].limit):
        limits.missed("203.0.113.7")
    there = {"environ_base": {"REMOTE_ADDR": "203.0.113.7"}}
    answer = learner.pilot.certificates.call("GET", f"{SHOWN}?t=x", expect=429, **there)
    assert json_of(answer)["code"] == "too_many_requests"
    page = learner.pilot.certificates.call("GET", f"{tokens.PATH}?t=x", expect=429, **there)
    for one in (answer, page):
        assert 0 < int(one.headers["Retry-After"]) <= 7201
    assert learner.shown(made)  # for others


@pytest.mark.parametrize("query", ["", "?t=", "?t=%00", "?t=%FF", "?t=" + "x" * 5000, "?t=a&t=b"])
def test_whatever_is_sent_instead_of_a_token_shows_nothing(learner: Learner, query: str) -> None:
    page = learner.pilot.certificates.call("GET", f"{tokens.PATH}{query}", expect=404)
    assert "This link shows nothing" in page.get_data(as_text=True)
    assert learner.pilot.certificates.call("GET", f"{SHOWN}{query}").status_code in (404, 422)
