"""Tokens that look right: of another key, another algorithm, another issuer, another time (RFC 8725)."""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from onex.chassis import access
from onex.chassis.access import Caller, Role
from tests.harness.service import KEY, KEY_ID, Service

PATH = "/creditbank/v1/proposals"
NOW = int(time.time())  # when the tests were collected: a run that takes long comes here half an hour later
LIFETIME_S = 86_400
CLAIMS: dict[str, Any] = {"aud": "onex", "sub": "a", "role": "operator", "iat": NOW, "exp": NOW + LIFETIME_S}


def _piece(part: Any) -> str:
    return base64.urlsafe_b64encode(part if isinstance(part, bytes) else orjson.dumps(part)).decode().rstrip("=")


def _signed_by_hmac(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    head = f"{_piece(header)}.{_piece(claims)}"
    return f"{head}.{_piece(hmac.digest(secret, head.encode(), hashlib.sha256))}"


@pytest.fixture
def creditbank(service: Callable[[str], Service]) -> Service:
    return service("creditbank")


def refused(creditbank: Service, token: str) -> str:
    answer = creditbank.call("GET", PATH, token=token, expect=401)
    return str(orjson.loads(answer.get_data())["code"])


def ours(creditbank: Service, key: OKPKey = KEY, key_id: str = KEY_ID, **changed: Any) -> str:
    claims = {"iss": creditbank.settings.public_url} | CLAIMS | changed
    header = {"alg": "Ed25519", "kid": key_id, "typ": "at+jwt"}
    return jwt.encode(header, {k: v for k, v in claims.items() if v is not None}, key, algorithms=["Ed25519"])


def test_the_token_that_all_others_are_made_from_is_accepted(creditbank: Service) -> None:
    creditbank.call("GET", PATH, token=ours(creditbank), expect=200)


def test_an_unsigned_token_is_refused(creditbank: Service) -> None:
    claims = CLAIMS | {"iss": creditbank.settings.public_url}
    for name in ("none", "None", "NONE", ""):
        assert refused(creditbank, f"{_piece({'alg': name, 'kid': KEY_ID})}.{_piece(claims)}.") == "token_invalid"


def test_a_token_signed_with_the_public_key_as_if_it_were_a_secret_is_refused(creditbank: Service) -> None:
    claims = CLAIMS | {"iss": creditbank.settings.public_url}
    x = str(KEY.as_dict(private=False)["x"])
    for secret in (x.encode(), base64.urlsafe_b64decode(x + "=="), KEY.as_pem(private=False), b""):
        token = _signed_by_hmac({"alg": "HS256", "kid": KEY_ID}, claims, secret)
        assert refused(creditbank, token) == "token_invalid"


def test_a_token_that_brings_its_own_key_is_refused(creditbank: Service) -> None:
    mine = OKPKey.generate_key("Ed25519")
    header = {"alg": "Ed25519", "kid": KEY_ID, "jwk": mine.as_dict(private=False), "jku": "http://127.0.0.1/keys"}
    claims = CLAIMS | {"iss": creditbank.settings.public_url}
    head = f"{_piece(header)}.{_piece(claims)}"
    signature = mine.private_key.sign(head.encode())  # type: ignore[union-attr]
    assert refused(creditbank, f"{head}.{_piece(signature)}") == "token_invalid"
    assert refused(creditbank, ours(creditbank, key=mine)) == "token_invalid"
    assert refused(creditbank, ours(creditbank, key=mine, key_id="other")) == "token_invalid"
    assert refused(creditbank, ours(creditbank, key_id="' OR 1=1 --\x00")) == "token_invalid"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"iss": "https://evil.example"}, "token_invalid"),
        ({"iss": None}, "token_invalid"),
        ({"aud": "another"}, "token_invalid"),
        ({"aud": ["another"]}, "token_invalid"),
        ({"aud": None}, "token_invalid"),
        ({"exp": NOW - 3600}, "token_expired"),
        ({"exp": None}, "token_invalid"),
        ({"exp": "never"}, "token_invalid"),
        ({"iat": NOW + LIFETIME_S}, "token_invalid"),
        ({"nbf": NOW + LIFETIME_S}, "token_invalid"),
        ({"sub": None}, "token_invalid"),
        ({"role": "god"}, "token_invalid"),
        ({"role": None}, "token_invalid"),
        ({"role": ["operator"]}, "token_invalid"),
        ({"org": "1"}, "token_invalid"),
        ({"org": 1}, "token_invalid"),
        ({"org": ["x"]}, "token_invalid"),
        ({"learner": "\x00"}, "token_invalid"),
    ],
)  # fmt: skip
def test_a_token_with_a_wrong_claim_is_refused(creditbank: Service, changed: dict[str, Any], code: str) -> None:
    assert refused(creditbank, ours(creditbank, **changed)) == code


def test_a_token_of_one_role_is_no_token_of_another(creditbank: Service) -> None:
    who = Caller("a", Role.LEARNER)
    token = access.sign(who, KEY, KEY_ID, creditbank.settings.public_url, NOW, LIFETIME_S)
    head, claims, signature = token.split(".")
    changed = orjson.loads(base64.urlsafe_b64decode(claims + "==")) | {"role": "operator"}
    assert refused(creditbank, f"{head}.{_piece(changed)}.{signature}") == "token_invalid"
    creditbank.call("GET", PATH, token=token, expect=403)
