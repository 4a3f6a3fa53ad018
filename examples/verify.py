"""Verifies a certificate's bundle offline. Needs Python 3.11 and the package `cryptography`; nothing of OneX, no network.

python verify.py BUNDLE.json [KEY OF THE LOG]

Get the bundle from https://<platform>/certificates/v1/credentials/<number>/bundle, and the log's key once, from a source you
trust (https://<platform>/certificates/v1/log/keys). Without the key this shows only that the file agrees with itself.
Exits 0 when all holds.
"""

import base64
import hashlib
import json
import sys
import zlib
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def need(holds, what):
    if not holds:
        raise ValueError(what)


def canonical(document):
    """JSON Canonicalization Scheme (RFC 8785), for documents without fractions and with ASCII names, as all of these are."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(data):
    return hashlib.sha256(data).digest()


def base58(text):
    need(text[:1] == "z", "a key or a signature is not in base58")
    number = 0
    for digit in text[1:]:
        number = number * 58 + DIGITS.index(digit)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def base64_bytes(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "base64 is written in one way only")
    return data


def check_signature(document, issuer, issuers):
    """W3C Data Integrity, eddsa-jcs-2022: the proof was made by a key that the issuer had in force."""
    proof = document["proof"]
    known = issuers[issuer]
    (key,) = [one for one in known["verificationMethod"] if one["id"] == proof["verificationMethod"]]
    need(key["controller"] == issuer and key["id"] in known["assertionMethod"], "the key is not the issuer's")
    need(key["id"].startswith(issuer + "#"), "the key is not the issuer's")
    need(proof["type"] == "DataIntegrityProof" and proof["cryptosuite"] == "eddsa-jcs-2022", "another kind of proof")
    need(proof["proofPurpose"] == "assertionMethod", "the proof is for another purpose")
    need(proof.get("@context", document["@context"]) == document["@context"], "the proof has other contexts")
    made = datetime.fromisoformat(proof["created"])
    need("revoked" not in key or made < datetime.fromisoformat(key["revoked"]), "signed after its key was retired")
    options = {name: proof[name] for name in proof if name != "proofValue"}
    unsigned = {name: document[name] for name in document if name != "proof"}
    public = base58(key["publicKeyMultibase"])
    need(public[:2] == b"\xed\x01", "the key is no Ed25519 key")
    signed = sha256(canonical(options)) + sha256(canonical(unsigned))
    Ed25519PublicKey.from_public_bytes(public[2:]).verify(base58(proof["proofValue"]), signed)
    return made


def check_log_proof(text, keys):
    """C2SP tlog-proof: the entry is in the log whose signed head the file ends with. Returns index, entry and head."""
    head, _, note = text.partition("\n\n")
    first, extra, index, *path = head.split("\n")
    need(first == "c2sp.org/tlog-proof@v1" and extra[:6] == "extra " and index[:6] == "index ", "no proof of a log")
    body, _, signature = note.partition("\n\n")
    origin, size, root = (body + "\n").split("\n")[:3]
    dash, signer, value = signature.rstrip("\n").split(" ")
    material = base64_bytes(value)
    name, _, public = next(key for key in keys if key.split("+")[0] == signer).split("+", 2)
    public = base64_bytes(public)
    key_id = sha256(name.encode() + b"\n" + public)[:4]
    need(dash == "—" and name == origin and material[:4] == key_id, "the head is not signed with the log's key")
    need(note == f"{body}\n\n— {signer} {value}\n" and public[0] == 1, "the head has a form that is not known here")
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(material[4:], (body + "\n").encode())
    entry = base64_bytes(extra[6:])
    at, last, result = int(index[6:]), int(size) - 1, sha256(b"\0" + entry)
    need(index == f"index {at}" and 0 <= at <= last, "the log has no such entry")
    hashes = [base64_bytes(one) for one in path]
    while last:  # RFC 9162, section 2.1.3.2
        if at % 2 or at < last:
            need(hashes, "the proof is too short")
            sibling = hashes.pop(0)
            result = sha256(b"\1" + sibling + result) if at % 2 else sha256(b"\1" + result + sibling)
        at, last = at // 2, last // 2
    need(not hashes and result == base64_bytes(root), "the proof leads elsewhere")
    return int(index[6:]), json.loads(entry), f"{origin}, {size} entries"


def check_log(credential, log, keys):
    """The log holds the issue of exactly this credential, and says nothing later that ends it."""
    told = sorted((check_log_proof(text, keys) for text in log["proofs"]), key=lambda one: one[0])
    digest = sha256(canonical(credential)).hex()
    for _, entry, _ in told:
        need(entry["credential"] == digest, "an entry of the log is of another certificate")
        need(entry["issuer"] == credential["issuer"]["id"], "the log names another issuer")
    kinds = [entry["kind"] for _, entry, _ in told]
    need(kinds[:1] == ["issued"] and "issued" not in kinds[1:], "the log does not hold its issue")
    need(kinds[-1] in ("issued", "reinstated"), f"the log says that it was {kinds[-1]}")
    return told[0][1]["time"], told[0][2]


def check_status(credential, lists, issuers):
    """W3C Bitstring Status List: its bit is set in neither list. Returns as of when, and until when that is fresh."""
    status = credential["credentialStatus"]
    need(status["type"] == "BitstringStatusListEntry", "another kind of status")
    index = int(status["statusListIndex"])
    platform = credential["issuer"]["id"].rpartition(":")[0] + ":platform"
    times = []
    for address in (status["statusListCredential"], status["statusReference"]):
        (kept,) = [one for one in lists if one["id"] == address]
        subject = kept["credentialSubject"]
        need(kept["issuer"] == platform and "BitstringStatusListCredential" in kept["type"], "another's status list")
        need(address.endswith("/" + subject["statusPurpose"]), "a status list for another purpose")
        made = check_signature(kept, platform, issuers)
        packed = subject["encodedList"]
        need(packed[:1] == "u", "the status list is not in base64url")
        bits = zlib.decompress(base64.urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)), 31)
        need(0 <= index < len(bits) * 8, "the status list is too short")
        need(
            not bits[index // 8] & 0x80 >> index % 8, f"the {subject['statusPurpose']} list says that it does not stand"
        )
        times.append((made, datetime.fromisoformat(kept["validUntil"])))
    return min(times)[0], min(until for _, until in times)


def verify(bundle, trusted_key=None):
    """Check a bundle; print what holds. Raises an exception for what does not."""
    credential, issuers = bundle["credential"], {one["id"]: one for one in bundle["issuers"]}
    if isinstance(credential["proof"], list):  # the one it was issued with; others were added when it was asked for
        (issued,) = [one for one in credential["proof"] if one["cryptosuite"] == "eddsa-jcs-2022"]
        credential = credential | {"proof": issued}
    made = check_signature(credential, credential["issuer"]["id"], issuers)
    print(f"holds: {credential['issuer']['name']} signed it on {made:%Y-%m-%d}; nothing was altered")
    time, head = check_log(credential, bundle["log"], [trusted_key] if trusted_key else bundle["log"]["keys"])
    print(f"holds: the log ({head}) has held its issue since {time}")
    as_of, until = check_status(credential, bundle["statusLists"], issuers)
    print(f"holds: on {as_of:%Y-%m-%d %H:%M} UTC it was neither suspended, revoked nor replaced")
    if until < datetime.now(UTC):
        print("not checked: what became of it since; get a newer bundle")
    if not trusted_key:
        print("not checked: the keys, which came with the file; compare:", *bundle["log"]["keys"])
    print("not checked: whose certificate it is; the name is in it as a salted hash only")


if __name__ == "__main__":
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            verify(json.load(file), *sys.argv[2:3])
    except Exception as error:
        sys.exit(f"WRONG: {str(error) or type(error).__name__}")
