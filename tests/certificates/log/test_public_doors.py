"""What is public is what a verifier expects of its kind, for programs and for pages of any site."""

import gzip
from typing import Any

import orjson
import pytest

from services.certificates.standing import lists
from tests.certificates.given import Pilot
from tests.certificates.log.test_log import API, issue, rows, sequence

FOR_EVER = "public, max-age=31536000, immutable"
A_MINUTE = f"public, max-age={lists.KEPT_FOR_S}"
DOORS = {
    "/credentials/{number}": ("application/vc", "no-cache"),
    "/credentials/{number}?proof=eddsa-rdfc-2022": ("application/vc", "no-cache"),
    "/credentials/{number}/bundle": ("application/json", "no-cache"),
    "/credentials/{number}/log-proof": ("text/plain; charset=utf-8", "no-cache"),
    "/issuers/{teo}/did.json": ("application/did+ld+json", "public, max-age=60"),
    "/issuers/platform/did.json": ("application/did+ld+json", "public, max-age=60"),
    "/status-lists/0/revocation": ("application/vc", A_MINUTE),
    "/status-lists/0/suspension": ("application/vc", A_MINUTE),
    "/log/checkpoint": ("text/plain; charset=utf-8", "no-cache"),
    "/log/tile/0/000.p/5": ("application/octet-stream", FOR_EVER),
    "/log/tile/entries/000.p/5": ("application/octet-stream", FOR_EVER),
    "/log/keys": ("application/json", None),
    "/log/consistency?size=2": ("application/json", None),
}
NOT_THERE = [
    "/credentials/nothing", "/credentials/nothing/bundle", "/credentials/nothing/log-proof", "/log/tile/0/001",
    "/issuers/019a0000-0000-7000-8000-000000000000/did.json", "/status-lists/7/revocation", "/log/consistency?size=9",
]  # fmt: skip


@pytest.fixture
def names(pilot: Pilot) -> dict[str, Any]:
    issue(pilot, 5)
    sequence(pilot)
    ((number,), *_) = rows(pilot, "SELECT number FROM certificate ORDER BY number")
    return {"number": number, "teo": pilot.teo_id}


@pytest.mark.rule("PP-45", "OP-32")
@pytest.mark.parametrize(("path", "kind", "cached"), [(path, *told) for path, told in DOORS.items()])
def test_a_public_document_is_of_its_media_type_and_may_be_read_from_any_site(
    pilot: Pilot, names: dict[str, Any], path: str, kind: str, cached: str | None
) -> None:
    path = API + path.format(**names)
    for method in ("GET", "HEAD"):
        answer = pilot.certificates.call(method, path, expect=200, headers={"Origin": "https://verifier.example"})
        assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert answer.headers["Content-Type"] == kind
        if cached is not None:
            assert answer.headers["Cache-Control"] == cached
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", NOT_THERE)
def test_so_is_it_said_to_any_site_that_something_is_not_there(pilot: Pilot, names: dict[str, Any], path: str) -> None:
    answer = pilot.certificates.call("GET", API + path, headers={"Origin": "https://verifier.example"})
    assert answer.status_code in (404, 422), "never 403: what is not there is not a secret"
    assert answer.headers.getlist("Access-Control-Allow-Origin") == ["*"]
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/issuers/{teo}/keys", "/issuers/platform/keys"])
def test_who_changes_something_does_it_from_no_other_site(pilot: Pilot, names: dict[str, Any], path: str) -> None:
    answer = pilot.certificates.call("POST", API + path.format(**names), expect=401)
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_bundles_of_entries_are_packed_for_who_takes_that(pilot: Pilot, names: dict[str, Any]) -> None:
    path = f"{API}/log/tile/entries/000.p/5"
    plain = pilot.certificates.call("GET", path, headers={"Accept-Encoding": "identity"}, expect=200)
    packed = pilot.certificates.call("GET", path, headers={"Accept-Encoding": "gzip, identity"}, expect=200)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.get_data()) == plain.get_data()


def test_the_logs_name_is_its_address_without_the_scheme(pilot: Pilot, names: dict[str, Any]) -> None:
    """C2SP `tlog-tiles`: so whoever has a checkpoint knows where the tiles are."""
    address = pilot.certificates.settings.public_url.partition("://")[2] + f"{API}/log"
    told = orjson.loads(pilot.certificates.call("GET", f"{API}/log/keys", expect=200).get_data())
    note = pilot.certificates.call("GET", f"{API}/log/checkpoint", expect=200).get_data(as_text=True)
    assert told["origin"] == note.split("\n")[0] == address
