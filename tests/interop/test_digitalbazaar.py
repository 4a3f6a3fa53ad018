"""@digitalbazaar/vc verifies our credentials, by both proofs, and refuses what was tampered with."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from onex.chassis.access import Role
from onex.contracts.certificates import CertificateIssued
from services.certificates.credentials import contexts
from services.certificates.standing import bitstring
from tests.certificates.given import Pilot
from tests.certificates.log.test_verify import change
from tests.harness import npm
from tests.harness.service import json_of

JCS, RDFC = "eddsa-jcs-2022", "eddsa-rdfc-2022"
OURS = {address: contexts.context(address) for address in contexts.PINNED}


def verified(
    packages: Path,
    issuer: dict[str, Any],
    credentials: list[dict[str, Any]],
    suites: list[str],
    *,
    packed: bool = False,
) -> list[bool]:
    """What @digitalbazaar/vc says of each, with our contexts or those that others have packed."""
    given = {"contexts": None if packed else OURS, "issuers": [issuer], "credentials": credentials, "suites": suites}
    done = npm.run(packages, "verify.mjs", stdin=json.dumps(given).encode())
    assert done.returncode == 0, done.stderr.decode()
    return [answer["verified"] for answer in json.loads(done.stdout)]


def issued(pilot: Pilot, *names: str) -> list[str]:
    """The numbers of certificates just issued."""
    before = {event.certificate_id for event in pilot.certificates.said(CertificateIssued)}  # type: ignore[attr-defined]
    pilot.certificates.hear(*(pilot.result(name) for name in names))
    said: Any = pilot.certificates.said(CertificateIssued)
    return [event.number for event in said if event.certificate_id not in before]


def fetched(pilot: Pilot, number: str, proof: str = JCS) -> dict[str, Any]:
    answer = pilot.certificates.call("GET", f"/certificates/v1/credentials/{number}?proof={proof}", expect=200)
    return dict(json_of(answer))


def issuer_of(pilot: Pilot) -> dict[str, Any]:
    return dict(
        json_of(pilot.certificates.call("GET", f"/certificates/v1/issuers/{pilot.teo_id}/did.json", expect=200))
    )


def tampered(credential: dict[str, Any]) -> list[dict[str, Any]]:
    """The credential with one thing changed, several times over."""
    changed = []
    for path, value in [
        (("id",), "https://onex.example/another"),
        (("validFrom",), "2020-01-01T00:00:00+08:00"),
        (("issuer", "name"), "某评价组织"),
        (("credentialStatus", "statusListIndex"), "1"),
        (("credentialSubject", "achievement", "humanCode"), "004-3"),
        (("credentialSubject", "identifier", 0, "salt"), "0" * 32),
    ]:
        other = copy.deepcopy(credential)
        place: Any = other
        for step in path[:-1]:
            place = place[step]
        assert place[path[-1]] != value
        place[path[-1]] = value
        changed.append(other)
    return changed


@pytest.mark.parametrize("packed", [False, True])
def test_it_verifies_what_we_issue_by_either_proof_and_by_both(packages: Path, pilot: Pilot, packed: bool) -> None:
    numbers = issued(pilot, "张三", "欧阳娜娜", "阿卜杜热依木·买买提")
    plain = [fetched(pilot, number) for number in numbers]
    both = [fetched(pilot, number, RDFC) for number in numbers]
    issuer = issuer_of(pilot)
    assert verified(packages, issuer, plain, [JCS], packed=packed) == [True] * 3
    assert verified(packages, issuer, both, [JCS], packed=packed) == [True] * 3
    assert verified(packages, issuer, both, [RDFC], packed=packed) == [True] * 3
    assert verified(packages, issuer, both, [JCS, RDFC], packed=packed) == [True] * 3


def test_it_refuses_what_was_tampered_with(packages: Path, pilot: Pilot) -> None:
    (number,) = issued(pilot, "张三")
    plain, both, issuer = fetched(pilot, number), fetched(pilot, number, RDFC), issuer_of(pilot)
    assert set(verified(packages, issuer, tampered(plain), [JCS])) == {False}
    for suites in ([JCS], [RDFC], [JCS, RDFC]):
        assert set(verified(packages, issuer, tampered(both), suites)) == {False}


def test_it_refuses_another_issuers_key(packages: Path, pilot: Pilot) -> None:
    (number,) = issued(pilot, "张三")
    path = f"/certificates/v1/issuers/{pilot.teo_id}/keys"
    issuer = issuer_of(pilot)
    pilot.certificates.call("POST", path, role=Role.TEO, organization_id=pilot.teo_id, expect=201)
    stranger = issuer_of(pilot)["verificationMethod"][-1]["publicKeyMultibase"]
    issuer["verificationMethod"][0]["publicKeyMultibase"] = stranger
    assert verified(packages, issuer, [fetched(pilot, number)], [JCS]) == [False]


def test_it_verifies_what_a_retired_key_signed_and_the_later_keys_second_proof(packages: Path, pilot: Pilot) -> None:
    path = f"/certificates/v1/issuers/{pilot.teo_id}/keys"
    numbers = []
    for name in ("张三", "李四", "王五"):
        numbers += issued(pilot, name)
        pilot.certificates.call("POST", path, role=Role.TEO, organization_id=pilot.teo_id, expect=201)
    issuer = issuer_of(pilot)
    assert ["revoked" in method for method in issuer["verificationMethod"]] == [True, True, True, False]
    both = [fetched(pilot, number, RDFC) for number in numbers]
    for credential in both:
        jcs, rdfc = credential["proof"]
        assert jcs["verificationMethod"] != rdfc["verificationMethod"] == issuer["verificationMethod"][-1]["id"]
    assert verified(packages, issuer, both, [JCS, RDFC]) == [True] * 3


def looked_up(
    packages: Path, pilot: Pilot, numbers: list[str], *, matching: bool = False, **altered: str
) -> list[dict[str, Any]]:
    """What @digitalbazaar/vc-bitstring-status-list says of each certificate, with the lists; `altered`: their bits."""
    lists = {}
    for purpose in ("suspension", "revocation"):
        answer = pilot.certificates.call("GET", f"/certificates/v1/status-lists/0/{purpose}", expect=200)
        document = dict(json_of(answer))
        if purpose in altered:
            document["credentialSubject"]["encodedList"] = altered[purpose]
        lists[document["id"]] = document
    platform = json_of(pilot.certificates.call("GET", "/certificates/v1/issuers/platform/did.json", expect=200))
    given = {
        "contexts": OURS,
        "issuers": [issuer_of(pilot), platform],
        "credentials": [fetched(pilot, number) for number in numbers],
        "lists": lists,
        "matching": matching,
    }
    done = npm.run(packages, "status.mjs", stdin=json.dumps(given).encode())
    assert done.returncode == 0, done.stderr.decode()
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said


def test_it_finds_in_our_status_lists_what_is_suspended_and_what_is_not(packages: Path, pilot: Pilot) -> None:
    numbers = issued(pilot, "张三", "李四", "王五")
    good = {"verified": True, "statuses": [False], "reason": None}
    assert looked_up(packages, pilot, numbers) == [good] * 3
    change(pilot, numbers[1], "suspended", {"suspension": True}, "suspended")
    change(pilot, numbers[2], "revoked", {"suspension": True, "revocation": True}, "revoked")
    ended = good | {"statuses": [True]}
    assert looked_up(packages, pilot, numbers) == [good, ended, ended]


def test_it_refuses_a_status_list_that_was_altered(packages: Path, pilot: Pilot) -> None:
    (number,) = issued(pilot, "张三")
    change(pilot, number, "suspended", {"suspension": True}, "suspended")
    (said,) = looked_up(packages, pilot, [number], suspension=bitstring.encoded(bitstring.EMPTY))
    assert not said["verified"]
    assert "not verified" in said["reason"]


def test_our_lists_are_the_platforms_which_a_verifier_has_to_allow(packages: Path, pilot: Pilot) -> None:
    """Unlike most, our lists hold the certificates of all TEOs, so that nobody learns from a look-up whose it is: their issuer
    is the platform, and a verifier that takes a list only from the credential's own issuer says so."""
    (number,) = issued(pilot, "张三")
    (said,) = looked_up(packages, pilot, [number], matching=True)
    assert "do not match" in said["reason"]
