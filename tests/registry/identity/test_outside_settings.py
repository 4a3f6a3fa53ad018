"""Trust in an outside issuer is set whole or not at all, and what is wrong with it is named at boot."""

import json
from pathlib import Path

import pytest

from onex.chassis.settings import OutsideIssuer, SettingError

KEYS = {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
ENVIRON = {
    "ONEX_OIDC_ISSUER": "https://login.example.cn/realms/edu",
    "ONEX_OIDC_AUDIENCE": "onex",
    "ONEX_OIDC_ROLES": json.dumps({"1x-ministry": "ministry"}),
}


def test_nothing_set_trusts_nobody() -> None:
    assert OutsideIssuer.read({}) is None
    assert OutsideIssuer.read({"ONEX_OIDC_ISSUER": "", "ONEX_OIDC_ROLES": ""}) is None


def test_the_least_that_must_be_set() -> None:
    trusted = OutsideIssuer.read(ENVIRON)
    assert trusted is not None
    assert (trusted.role_claim, trusted.organization_claim) == ("onex_role", "onex_organization")
    assert (trusted.jwks, trusted.jwks_url) == (None, None)


def test_keys_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text(json.dumps(KEYS))
    trusted = OutsideIssuer.read(ENVIRON | {"ONEX_OIDC_JWKS_FILE": str(tmp_path / "keys.json")})
    assert trusted is not None
    assert trusted.jwks == KEYS


@pytest.mark.parametrize("name", ENVIRON)
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(SettingError, match=f"^{name} is not set, but ONEX_OIDC_"):
        OutsideIssuer.read({key: value for key, value in ENVIRON.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ONEX_OIDC_ISSUER", "login.example.cn"),
        ("ONEX_OIDC_ISSUER", "http://login.example.cn"),
        ("ONEX_OIDC_ISSUER", "ftp://login.example.cn"),
        ("ONEX_OIDC_ISSUER", "https://"),
        ("ONEX_OIDC_JWKS_URL", "http://login.example.cn/keys"),
        ("ONEX_OIDC_JWKS_URL", "file:///etc/passwd"),
        ("ONEX_OIDC_JWKS", "no json"),
        ("ONEX_OIDC_JWKS", "[]"),
        ("ONEX_OIDC_JWKS", '{"keys": []}'),
        ("ONEX_OIDC_ROLES", "no json"),
        ("ONEX_OIDC_ROLES", "[]"),
        ("ONEX_OIDC_ROLES", "{}"),
        ("ONEX_OIDC_ROLES", '{"x": "emperor"}'),
        ("ONEX_OIDC_ROLES", '{"x": "learner"}'),
    ],
)
def test_what_cannot_be_read_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name} cannot be read"):
        OutsideIssuer.read(ENVIRON | {name: value})


def test_keys_in_two_places_are_refused() -> None:
    both = {"ONEX_OIDC_JWKS": json.dumps(KEYS), "ONEX_OIDC_JWKS_URL": "https://login.example.cn/keys"}
    with pytest.raises(SettingError, match="ONEX_OIDC_JWKS and ONEX_OIDC_JWKS_URL are both set"):
        OutsideIssuer.read(ENVIRON | both)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]:1/x"])
def test_an_issuer_on_this_very_machine_may_be_without_tls(address: str) -> None:
    trusted = OutsideIssuer.read(ENVIRON | {"ONEX_OIDC_ISSUER": address})
    assert trusted is not None
    assert trusted.issuer == address
