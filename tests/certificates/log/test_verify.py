"""A certificate is verified from files alone: by the command, and by the examples in Python and in JavaScript."""

import copy
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from typer.testing import CliRunner

from onex.chassis import clock
from onex.cli.main import app
from onex.transparency.notes import VerifierKey
from onex.transparency.proofs import ProofFile
from services.certificates.log import actions, entries
from services.certificates.log.verifying import Evidence, is_good, verify
from services.certificates.standing import lists
from services.certificates.standing.positions import Position
from tests.certificates.given import Pilot
from tests.certificates.log.test_log import API, issue, rows, sequence
from tests.harness.npm import NODE

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
Bundle = dict[str, Any]


def onex(*words: str) -> tuple[int, str]:
    done = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["verify", *words], catch_exceptions=False)
    return done.exit_code, done.output


def python(*words: str) -> tuple[int, str]:
    return program(sys.executable, "-c", PLAIN, str(EXAMPLES / "verify.py"), *words)


def node(*words: str) -> tuple[int, str]:
    return program(str(NODE), str(EXAMPLES / "verify.mjs"), *words)


# The example with its one package, and nothing of ours to be imported by accident.
PLAIN = (
    "import runpy, sys, cryptography; sys.argv = sys.argv[1:]; sys.modules['onex'] = sys.modules['services'] = None;"
    " runpy.run_path(sys.argv[0], run_name='__main__')"
)


def program(*command: str) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


VERIFIERS = {"onex verify": onex, "verify.py": python, "verify.mjs": node}
each_verifier = pytest.mark.parametrize("verifier", VERIFIERS.values(), ids=VERIFIERS.keys())
Verifier = Callable[..., tuple[int, str]]


@pytest.fixture
def certificates(pilot: Pilot) -> list[str]:
    """The numbers of logged certificates."""
    issue(pilot, 40)
    sequence(pilot)
    return [number for (number,) in rows(pilot, "SELECT number FROM certificate ORDER BY number")]


def bundle_of(pilot: Pilot, number: str) -> Bundle:
    answer = pilot.certificates.call("GET", f"{API}/credentials/{number}/bundle", expect=200)
    assert answer.headers["Content-Type"] == "application/json"
    read: Bundle = orjson.loads(answer.get_data())
    return read


def kept(folder: Path, bundle: Bundle) -> str:
    file = folder / "bundle.json"
    file.write_bytes(orjson.dumps(bundle))
    return str(file)


def change(pilot: Pilot, number: str, kind: Any, bits: dict[str, bool], state: str) -> None:
    """What happens to a certificate, as far as a verifier sees it."""
    settings = pilot.certificates.settings
    with pilot.certificates.database.transaction() as session:
        found = session.execute(
            text("SELECT id, credential, status_list, status_index FROM certificate WHERE number = :number"),
            {"number": number},
        ).one()
        issuer = orjson.loads(found.credential)["issuer"]["id"]
        digest = entries.digest_of(found.credential.encode())
        actions.wait(session, [(found.id, entries.entry(kind, digest, issuer, clock.now()))])
        lists.mark(session, pilot.certificates.vault, settings.public_url, Position(*found[2:]), bits)
        session.execute(text("UPDATE certificate SET state = :state WHERE id = :id"), {"state": state, "id": found.id})
    sequence(pilot)


@pytest.mark.rule("PP-45", "OP-32")
@each_verifier
def test_a_genuine_certificate_is_verified_from_its_bundle_alone(
    pilot: Pilot, certificates: list[str], tmp_path: Path, verifier: Verifier
) -> None:
    file = kept(tmp_path, bundle := bundle_of(pilot, certificates[7]))
    code, said = verifier(file)
    assert code == 0, said
    assert "compare" in said.lower()
    code, said = verifier(file, *trusting(bundle["log"]["keys"][0]))
    assert code == 0, said
    assert "compare" not in said.lower()


def trusting(key: str) -> list[str]:
    return ["--log-key", key]


@each_verifier
def test_a_bundle_whose_keys_are_a_forgers_is_refused_by_who_knows_the_logs_key(
    pilot: Pilot, certificates: list[str], tmp_path: Path, verifier: Verifier
) -> None:
    file = kept(tmp_path, bundle := bundle_of(pilot, certificates[0]))
    name = bundle["log"]["keys"][0].partition("+")[0]
    real = VerifierKey.of(name, Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    code, said = verifier(file, *trusting(str(real)))
    assert code == 1, said


@each_verifier
@pytest.mark.parametrize(
    ("kind", "bits", "state"),
    [
        ("suspended", {"suspension": True}, "suspended"),
        ("revoked", {"suspension": True, "revocation": True}, "revoked"),
        ("replaced", {"suspension": True, "revocation": True}, "replaced"),
    ],
)
def test_what_does_not_stand_is_refused_for_its_status_and_for_its_log(
    pilot: Pilot,
    certificates: list[str],
    tmp_path: Path,
    verifier: Verifier,
    kind: str,
    bits: dict[str, bool],
    state: str,
) -> None:
    before = bundle_of(pilot, certificates[3])
    change(pilot, certificates[3], kind, bits, state)
    after = bundle_of(pilot, certificates[3])
    for one in (after, after | {"log": before["log"]}, after | {"statusLists": before["statusLists"]}):
        code, said = verifier(kept(tmp_path, one))
        assert code == 1, said
    assert state in said
    assert verifier(kept(tmp_path, bundle_of(pilot, certificates[4])))[0] == 0


@each_verifier
def test_what_is_reinstated_stands_again(
    pilot: Pilot, certificates: list[str], tmp_path: Path, verifier: Verifier
) -> None:
    change(pilot, certificates[3], "suspended", {"suspension": True}, "suspended")
    change(pilot, certificates[3], "reinstated", {"suspension": False}, "valid")
    code, said = verifier(kept(tmp_path, bundle_of(pilot, certificates[3])))
    assert code == 0, said


ALTERATIONS: dict[str, Callable[[Bundle, Bundle], Any]] = {
    "another level": lambda bundle, other: bundle["credential"]["credentialSubject"]["achievement"].update(
        humanCode="004-3"
    ),
    "another's proof": lambda bundle, other: bundle["credential"].update(proof=other["credential"]["proof"]),
    "another's log proof": lambda bundle, other: bundle["log"].update(proofs=other["log"]["proofs"]),
    "no log proof": lambda bundle, other: bundle["log"].update(proofs=[]),
    "no log key": lambda bundle, other: bundle["log"].update(keys=[]),
    "no status lists": lambda bundle, other: bundle.update(statusLists=[]),
    "no revocation list": lambda bundle, other: bundle.update(
        statusLists=[one for one in bundle["statusLists"] if one["credentialSubject"]["statusPurpose"] != "revocation"]
    ),
    "an altered status list": lambda bundle, other: bundle["statusLists"][0]["credentialSubject"].update(ttl=1),
    "no DID documents": lambda bundle, other: bundle.update(issuers=[]),
    "the key retired before": lambda bundle, other: bundle["issuers"][0]["verificationMethod"][0].update(
        revoked="2020-01-01T00:00:00Z"
    ),
    "the key not for this": lambda bundle, other: bundle["issuers"][0].update(assertionMethod=[]),
    "the platform's key for the TEO's": lambda bundle, other: bundle["issuers"][0]["verificationMethod"][0].update(
        publicKeyMultibase=bundle["issuers"][1]["verificationMethod"][0]["publicKeyMultibase"]
    ),
    "a term slipped in": lambda bundle, other: bundle["credential"].update(expirationDate="2030-01-01"),
    "an earlier day of issue": lambda bundle, other: bundle["credential"].update(validFrom="2020-01-01T00:00:00+08:00"),
    "no proof": lambda bundle, other: bundle["credential"].pop("proof"),
}


@each_verifier
def test_what_was_tampered_with_is_refused(
    pilot: Pilot, certificates: list[str], tmp_path: Path, verifier: Verifier
) -> None:
    genuine, other = bundle_of(pilot, certificates[11]), bundle_of(pilot, certificates[12])
    for what, alter in ALTERATIONS.items():
        altered = copy.deepcopy(genuine)
        alter(altered, other)
        code, said = verifier(kept(tmp_path, altered))
        assert code == 1, (what, said)


def evidence_of(bundle: Bundle) -> Evidence:
    return Evidence(
        issuers={one["id"]: one for one in bundle["issuers"]},
        lists={one["id"]: one for one in bundle["statusLists"]},
        proofs=[ProofFile.parse(one) for one in bundle["log"]["proofs"]],
        log_keys=[VerifierKey.parse(one) for one in bundle["log"]["keys"]],
    )


@pytest.mark.rule("PP-29")
def test_every_single_byte_of_a_certificate_counts(pilot: Pilot, certificates: list[str]) -> None:
    """Every byte of the credential, each altered at random; and one bit of every byte of the proof file."""
    bundle, dice = bundle_of(pilot, certificates[20]), random.Random(20)
    evidence, now = evidence_of(bundle), clock.now()
    ((stored,),) = rows(pilot, f"SELECT credential FROM certificate WHERE number = '{certificates[20]}'")
    whole = stored.encode()
    assert is_good(verify(orjson.loads(whole), evidence, now))
    for place in range(len(whole)):
        altered = bytearray(whole)
        altered[place] ^= dice.randrange(1, 256)
        try:
            read = orjson.loads(bytes(altered))
        except ValueError:
            continue  # no reader gets further
        assert not is_good(verify(read, evidence, now)), (place, bytes(altered))


def test_loose_files_are_as_good_as_a_bundle(pilot: Pilot, certificates: list[str], tmp_path: Path) -> None:
    bundle = bundle_of(pilot, certificates[30])
    credential = orjson.dumps(bundle["credential"])
    pieces = {
        "certificate.vc.json": credential,
        "did.json": orjson.dumps(bundle["issuers"][0]),
        "platform.json": orjson.dumps(bundle["issuers"][1]),
        "certificate.tlog-proof": bundle["log"]["proofs"][0].encode(),
        "keys.txt": bundle["log"]["keys"][0].encode(),
        "suspension.json": orjson.dumps(bundle["statusLists"][0]),
        "revocation.json": orjson.dumps(bundle["statusLists"][1]),
    }
    for name, content in pieces.items():
        (tmp_path / name).write_bytes(content)
    files = [str(tmp_path / name) for name in pieces]
    code, said = onex(*files)
    assert code == 0, said
    for left_out in files:
        code, said = onex(*(one for one in files if one != left_out))
        assert code == 1, said
    code, said = onex(files[0])
    assert (code, said.count("Not checked.")) == (1, 3)
    code, said = onex("--partial", *files[:2])
    assert (code, said.count("Not checked.")) == (0, 2)


def test_the_holders_name_is_checked_where_it_is_given(pilot: Pilot, certificates: list[str], tmp_path: Path) -> None:
    file = kept(tmp_path, bundle_of(pilot, certificates[0]))
    assert onex("--name", "张三", file)[0] == 0
    assert onex("--name", "李四", file)[0] == 1


def test_a_certificate_with_a_further_proof_is_still_the_one_that_was_logged(
    pilot: Pilot, certificates: list[str], tmp_path: Path
) -> None:
    bundle = bundle_of(pilot, certificates[0])
    asked = f"{API}/credentials/{certificates[0]}?proof=eddsa-rdfc-2022"
    bundle["credential"] = orjson.loads(pilot.certificates.call("GET", asked, expect=200).get_data())
    assert len(bundle["credential"]["proof"]) == 2
    for verifier in VERIFIERS.values():
        code, said = verifier(kept(tmp_path, bundle))
        assert code == 0, said
    bundle["credential"]["proof"][1]["created"] = "2020-01-01T00:00:00Z"
    assert onex(kept(tmp_path, bundle))[0] == 1
    bundle["credential"]["proof"] = [bundle["credential"]["proof"][0]] * 2
    for verifier in VERIFIERS.values():
        assert verifier(kept(tmp_path, bundle))[0] == 1


def test_what_was_signed_before_the_key_was_retired_stays_good(
    pilot: Pilot, certificates: list[str], tmp_path: Path
) -> None:
    bundle = copy.deepcopy(bundle_of(pilot, certificates[0]))
    bundle["issuers"][0]["verificationMethod"][0]["revoked"] = "2100-01-01T00:00:00Z"
    for verifier in VERIFIERS.values():
        assert verifier(kept(tmp_path, bundle))[0] == 0


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"kind": "onex.certificate_bundle.v1"}', b"hello"])
def test_what_is_no_certificate_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    for verifier in VERIFIERS.values():
        assert verifier(str(tmp_path / "file"))[0] == 1
    code, said = onex(str(tmp_path / "not there"))
    assert code == 1
    assert "cannot be read" in said


def test_there_is_no_bundle_before_the_log_holds_the_issue(pilot: Pilot) -> None:
    issue(pilot, 1)
    sequence(pilot)
    pilot.certificates.hear(replace(pilot.result("李四", "110105194912310038")))
    numbers = [number for (number,) in rows(pilot, "SELECT number FROM certificate ORDER BY entered_at")]
    answer = pilot.certificates.call("GET", f"{API}/credentials/{numbers[1]}/bundle", expect=404)
    assert b"not_logged_yet" in answer.get_data()
    pilot.certificates.call("GET", f"{API}/credentials/{'0' * len(numbers[0])}/bundle", expect=404)
