"""A token of the issuer we were told to trust is exchanged for one of ours; whatever looks like one is not."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import text

from onex.chassis.access import Role
from onex.chassis.settings import OutsideIssuer
from onex.cli.services import web_of
from services.registry.identity import outside_keys
from tests.fakes.issuer import Issuer
from tests.harness.service import json_of
from tests.registry.identity.desk import Desk
from tests.registry.world import API

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
ROLES = {"1x-ministry": "ministry", "1x-college": "college", "1x-teo": "teo", "1x-operator": "operator"}


@dataclass
class Trust:
    """The registry, told to trust a running issuer."""

    desk: Desk
    issuer: Issuer

    def exchange(self, token: str, expect: int = 200, **form: str) -> Any:
        given = {"grant_type": GRANT, "subject_token": token, "subject_token_type": ID_TOKEN} | form
        answer = self.desk.registry.call("POST", f"{API}/oauth/token", data=given, expect=expect)
        return json_of(answer)

    def refused(self, token: str, **form: str) -> str:
        answer = self.exchange(token, 400, **form)
        assert answer["error"] == "invalid_request"
        return str(answer["error_description"])

    def me(self, token: str, **form: str) -> Any:
        return self.desk.get("/me", self.exchange(token, **form)["access_token"])

    def told(self, **settings: Any) -> None:
        """The registry's web app starts anew with these settings."""
        trusted = {
            "issuer": self.issuer.url, "audience": "onex-registry", "jwks_url": None, "jwks": None,
            "role_claim": "groups", "organization_claim": "org_code", "roles": ROLES,
        }  # fmt: skip
        registry = self.desk.registry
        registry._web = web_of(
            "registry", replace(registry.settings, outside_issuer=OutsideIssuer(**trusted | settings))
        )


@pytest.fixture
def trust(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trust]:
    monkeypatch.setattr(outside_keys, "ASKED_AGAIN_AFTER_S", 0.0)
    issuer, before = Issuer(), desk.registry._web
    one = Trust(desk, issuer)
    one.told()
    yield one
    desk.registry._web = before
    issuer.close()


def test_a_token_of_the_trusted_issuer_is_exchanged_for_one_that_every_door_takes(trust: Trust) -> None:
    answer = trust.exchange(trust.issuer.token())
    assert answer["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 900)
    assert trust.desk.get("/me", answer["access_token"])["role"] == "ministry"
    assert len(trust.desk.get("/clients", answer["access_token"])["items"]) == 1
    assert trust.issuer.asked == ["/realms/edu/.well-known/openid-configuration", "/realms/edu/certs"]
    assert trust.me(trust.issuer.token("ec"))["role"] == "ministry"
    assert len(trust.issuer.asked) == 2  # the keys are kept


def test_without_such_a_setting_there_is_no_such_grant(desk: Desk) -> None:
    form = {"grant_type": GRANT, "subject_token": "x", "subject_token_type": ID_TOKEN}
    answer = desk.registry.call("POST", f"{API}/oauth/token", data=form, expect=400)
    assert json_of(answer)["error"] == "unsupported_grant_type"


@pytest.mark.rule("PP-37", "OP-01")
def test_the_token_says_for_whom_its_bearer_acts(trust: Trust) -> None:
    college = trust.desk.world.post("/organizations", trust.desk.world.college_body(7))
    teo = trust.desk.world.post("/organizations", trust.desk.world.teo_body(8))
    for named in (college["id"], college["code"]):
        me = trust.me(trust.issuer.token(groups="1x-college", org_code=named))
        assert (me["role"], me["organization_id"], me["province_code"]) == ("college", college["id"], "11")
    for named in (None, "", "nobody", teo["code"], teo["id"], "\x00", 7, [college["id"]]):
        assert trust.refused(trust.issuer.token(groups="1x-college", org_code=named))


def test_of_several_roles_one_is_asked_for(trust: Trust) -> None:
    token = trust.issuer.token(groups=["1x-ministry", "everybody", "1x-operator"])
    assert "ministry, operator" in trust.refused(token)
    assert trust.me(token, scope="operator")["role"] == "operator"
    assert trust.refused(token, scope="teo")
    assert trust.refused(token, scope="operator ministry")


def test_the_claims_may_lie_deeper(trust: Trust) -> None:
    trust.told(role_claim="realm_access.roles", organization_claim="https://edu.example/org")
    college = trust.desk.world.post("/organizations", trust.desk.world.college_body(7))
    claims = {"realm_access": {"roles": ["1x-college"]}, "https://edu.example/org": college["code"]}
    assert trust.me(trust.issuer.token(**claims))["organization_id"] == college["id"]
    for odd in (None, 1, [], {"roles": {}}, {"roles": None}, {"roles": [["1x-college"], {}]}):
        assert trust.refused(trust.issuer.token(**claims | {"realm_access": odd}))


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"}, {"iss": None}, {"aud": "another"}, {"aud": None}, {"aud": []}, {"exp": 1}, {"exp": None},
        {"exp": "never"}, {"iat": None}, {"iat": 99_999_999_999}, {"nbf": 99_999_999_999}, {"sub": None}, {"sub": ""},
        {"sub": 7}, {"sub": ["x"]}, {"sub": "x" * 2000}, {"groups": None}, {"groups": []}, {"groups": "everybody"},
        {"groups": {}},
        {"azp": "another"}, {"aud": ["onex-registry", "another"]},
    ],
)  # fmt: skip
def test_a_token_with_a_wrong_claim_is_refused(trust: Trust, changed: dict[str, Any]) -> None:
    assert trust.refused(trust.issuer.token(**changed))


def test_a_token_for_several_parties_must_be_issued_to_us(trust: Trust) -> None:
    several = {"aud": ["another", "onex-registry"]}
    assert trust.refused(trust.issuer.token(**several, azp="another"))
    assert trust.me(trust.issuer.token(**several, azp="onex-registry"))["role"] == "ministry"


def test_a_token_that_somebody_else_signed_is_refused(trust: Trust) -> None:
    good = trust.issuer.token()
    head, body, signature = good.split(".")
    mine = RSAKey.generate_key(2048)
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    forged = jwt.encode({"alg": "RS256", "kid": "rsa"}, claims, mine, algorithms=["RS256"])
    public = trust.issuer.keys["rsa"].as_pem(private=False)
    by_hmac = _part({"alg": "HS256", "kid": "rsa"}) + "." + body
    confused = f"{by_hmac}.{_encoded(hmac.digest(public, by_hmac.encode(), hashlib.sha256))}"
    unsigned = _part({"alg": "none", "kid": "rsa"}) + "." + body + "."
    own = {"jwk": mine.as_dict(private=False), "jku": "http://127.0.0.1:9/keys"}
    carried = jwt.encode({"alg": "RS256", "kid": "rsa"} | own, claims, mine, algorithms=["RS256"])
    swapped = _part({"alg": "RS256", "kid": "ec"}) + "." + body + "." + signature
    for token in (
        forged,
        confused,
        unsigned,
        swapped,
        carried,
        f"{head}.{body}.",
        f"{head}.{body}.{signature[::-1]}",
        f"{head}.{body}",
    ):
        assert trust.refused(token), token
    assert trust.refused(_part({"alg": "RS256", "kid": "unknown"}) + f".{body}.{signature}")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\x00", "..", "A" * 20_000, "é", "e30.e30.e30", "[]"])
def test_what_is_no_token_is_refused(trust: Trust, token: str) -> None:
    assert trust.refused(token)
    assert trust.refused(trust.issuer.token(), subject_token_type="urn:ietf:params:oauth:token-type:saml2")
    assert trust.refused(trust.issuer.token(), requested_token_type="urn:ietf:params:oauth:token-type:refresh_token")


def test_our_own_tokens_are_none_of_the_issuers(trust: Trust) -> None:
    assert trust.refused(trust.desk.registry.token(Role.OPERATOR))


def test_a_key_that_the_issuer_added_is_found_and_keys_are_asked_for_now_and_then_only(
    trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust.exchange(trust.issuer.token())
    trust.issuer.add_key()
    assert trust.me(trust.issuer.token("okp"))["role"] == "ministry"
    monkeypatch.setattr(outside_keys, "ASKED_AGAIN_AFTER_S", 30.0)
    asked = len(trust.issuer.asked)
    for number in range(20):
        assert trust.refused(trust.issuer.token(header={"kid": f"guess-{number}"}))
    assert len(trust.issuer.asked) <= asked + 2


@pytest.mark.parametrize("broken", ["status", "redirect", "huge", "not json", "other issuer"])
def test_an_issuer_that_answers_nonsense_is_away(trust: Trust, broken: str) -> None:
    trust.issuer.broken = broken
    refused = trust.exchange(trust.issuer.token(), 503)
    assert refused["code"] == "outside_issuer_away"
    trust.issuer.broken = None
    assert trust.me(trust.issuer.token())["role"] == "ministry"
    trust.issuer.broken = broken
    assert trust.me(trust.issuer.token())["role"] == "ministry"  # with the keys it has


def test_an_issuer_that_is_not_there_is_away_and_everything_else_works(trust: Trust) -> None:
    token = trust.issuer.token()
    trust.told(issuer="http://127.0.0.1:9/realms/edu")
    assert trust.exchange(token, 503)["code"] == "outside_issuer_away"
    form = {"grant_type": "client_credentials", "client_id": "operator", "client_secret": "first-secret"}
    trust.desk.registry.call("POST", f"{API}/oauth/token", data=form, expect=200)


def test_keys_may_be_given_by_address_or_as_a_file(trust: Trust) -> None:
    trust.told(jwks_url=f"{trust.issuer.url}/certs")
    assert trust.me(trust.issuer.token())["role"] == "ministry"
    assert trust.issuer.asked == ["/realms/edu/certs"]
    trust.told(jwks=trust.issuer.jwks())
    assert trust.me(trust.issuer.token())["role"] == "ministry"
    assert trust.refused(trust.issuer.token(header={"kid": "unknown"}))
    assert trust.issuer.asked == ["/realms/edu/certs"]


def test_who_was_vouched_for_is_known_again_sealed_and_may_be_shut_out(trust: Trust) -> None:
    first, again = trust.me(trust.issuer.token()), trust.me(trust.issuer.token(groups="1x-operator"))
    other = trust.me(trust.issuer.token(sub="f:1:wang.wu"))
    assert first["subject"] == again["subject"] != other["subject"]
    (seen, _) = sorted(trust.desk.world.get("/outside-people", Role.MINISTRY)["items"], key=lambda one: one["role"])[
        ::-1
    ]
    assert f"outside:{seen['id']}" == first["subject"]
    assert seen["role"] == "operator"
    with trust.desk.registry.database.session() as session:
        assert "ang.wu" not in str(session.execute(text("SELECT * FROM outside_person")).all()).lower()
        actors = session.scalars(text("SELECT DISTINCT actor FROM change WHERE table_name = 'outside_person'")).all()
    assert set(actors) == {first["subject"], other["subject"]}
    token, path = trust.exchange(trust.issuer.token())["access_token"], f"{API}/clients/{seen['id']}/secrets"
    trust.desk.registry.call("POST", path, token=token, json={}, expect=404)
    trust.desk.world.post(f"/outside-people/{seen['id']}/disabling", expect=200)
    trust.desk.registry.call("POST", path, token=token, json={}, expect=403)
    assert trust.refused(trust.issuer.token()) == "The subject may not sign in here."
    trust.exchange(trust.issuer.token(sub="f:1:wang.wu"))
    trust.desk.world.post(f"/outside-people/{seen['id']}/enabling", expect=200)
    trust.exchange(trust.issuer.token())


def test_the_same_person_for_the_first_time_twice_at_once_is_one_person(trust: Trust) -> None:
    token = trust.issuer.token()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: trust.exchange(token)["access_token"], range(8)))
    assert len({trust.desk.get("/me", one)["subject"] for one in answers}) == 1
    assert len(trust.desk.world.get("/outside-people")["items"]) == 1


def _part(value: Any) -> str:
    return _encoded(json.dumps(value).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
