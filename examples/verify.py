"""Verifies a certificate's bundle offline. Needs Python 3.11 and the package `cryptography`; nothing of OneX, no network.

python verify.py BUNDLE.json [--log-key KEY]

Get the bundle from https://<platform>/certificates/v1/credentials/<number>/bundle, and the log's key once, from a source you
trust (https://<platform>/certificates/v1/log/keys). Without the key this shows only that the file agrees with itself.
Exits 0 when all holds.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import zlib
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KIND = "onex.certificate_bundle.v1"
LARGEST_FILE, LARGEST_NOTE, LARGEST_LIST = 8 << 20, 1_000_000, 1 << 20
LEAST_LIST = 131_072 // 8
DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PROOF_MEMBERS = {"id", "type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue", "@context"}
TIME = re.compile(
    r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]{1,9})?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)


def need(holds, what):
    if not holds:
        raise ValueError(what)


def only(found, what):
    need(len(found) == 1, what)
    return found[0]


def read(path):
    """What a file says: JSON in UTF-8, in which no member is there twice: readers would differ in which of them counts."""
    with open(path, "rb") as file:
        data = file.read(LARGEST_FILE + 1)
    need(len(data) <= LARGEST_FILE, "the file is too large")

    def once(members):
        need(len(dict(members)) == len(members), "a member is there twice")
        return dict(members)

    return json.loads(
        data.decode(), object_pairs_hook=once, parse_constant=lambda name: need(False, f"{name} is no JSON")
    )


def canonical(value):
    """JSON Canonicalization Scheme (RFC 8785), as text. Numbers are whole ones here, as in all that the platform signs."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, int | float):
        need(value == value // 1 and abs(value) < 2**53, "a number is none of those that are signed")
        return json.dumps(value if isinstance(value, bool) else int(value))
    return json.dumps(value, ensure_ascii=False)


def sha256(data):
    return hashlib.sha256(data).digest()


def moment(text):
    need(TIME.fullmatch(text), "a time is not written as one")
    return datetime.fromisoformat(text)


def base58(text):
    need(text[:1] == "z" and len(text) <= 100, "a key or a signature is not in base58")
    number = 0
    for digit in text[1:]:
        number = number * 58 + DIGITS.index(digit)
    zeros = len(text[1:]) - len(text[1:].lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def base64_bytes(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "base64 is written in one way only")
    return data


def key_of(proof, issuer, issuers):
    """The key that a proof names, where it is its issuer's and was in force when the proof was made, and that time."""
    need(proof["type"] == "DataIntegrityProof" and set(proof) <= PROOF_MEMBERS, "another kind of proof")
    need(proof["proofPurpose"] == "assertionMethod", "the proof is for another purpose")
    known, method, made = issuers[issuer], proof["verificationMethod"], moment(proof["created"])
    need(isinstance(known["assertionMethod"], list) and method in known["assertionMethod"], "the key is not for this")
    key = only([one for one in known["verificationMethod"] if one["id"] == method], "the key is not the issuer's")
    need(key["controller"] == issuer and method.startswith(issuer + "#"), "the key is not the issuer's")
    need(key["type"] == "Multikey", "another kind of key")
    ends = [moment(key[name]) for name in ("revoked", "expires") if name in key]
    need(all(made < end for end in ends), "signed after its key was retired")
    return key, made, ends


def check_signature(document, issuer, issuers, logged=None):
    """W3C Data Integrity, eddsa-jcs-2022: the proof was made by a key that the issuer had in force. Returns when.

    `logged` is when the log says that the document was issued: whoever has a key can date a proof as they like, but not the log.
    """
    proof = document["proof"]
    key, made, ends = key_of(proof, issuer, issuers)
    need(proof["cryptosuite"] == "eddsa-jcs-2022", "another kind of proof")
    need(canonical(proof.get("@context", document["@context"])) == canonical(document["@context"]), "other contexts")
    need(logged is None or all(logged < end for end in ends), "logged after its key was retired")
    options = {name: proof[name] for name in proof if name != "proofValue"}
    unsigned = {name: document[name] for name in document if name != "proof"}
    public = base58(key["publicKeyMultibase"])
    need(public[:2] == b"\xed\x01", "the key is no Ed25519 key")
    signed = sha256(canonical(options).encode()) + sha256(canonical(unsigned).encode())
    Ed25519PublicKey.from_public_bytes(public[2:]).verify(base58(proof["proofValue"]), signed)
    return made


def log_key(text):
    """C2SP signed-note: a key's name, its id and the key."""
    name, key_id, encoded = text.split("+", 2)
    material = base64_bytes(encoded)
    need(material[:1] == b"\1" and len(material) == 33, "the log's key is no Ed25519 key")
    need(sha256(name.encode() + b"\n" + material)[:4].hex() == key_id, "the log's key does not agree with itself")
    return name, bytes.fromhex(key_id), Ed25519PublicKey.from_public_bytes(material[1:])


def check_head(note, keys):
    """C2SP tlog-checkpoint: origin, size and root of the log, signed with its key. What witnesses signed besides is let pass."""
    text, gap, signatures = note.rpartition("\n\n")
    need(gap and len(note) <= LARGEST_NOTE and not re.search("[\0-\x09\x0b-\x1f]", note), "the log's head is malformed")
    origin, size, root, *more = text.split("\n")
    good = 0
    need(signatures[-1:] == "\n" and all([origin, *more]), "the log's head is malformed")
    for line in signatures[:-1].split("\n"):
        dash, name, encoded = line.split(" ")
        signature = base64_bytes(encoded)
        need(
            dash == "—" and name and "+" not in name and len(signature) > 4,
            "a signature of the log's head is malformed",
        )
        for key_name, key_id, key in keys:
            if key_name == name == origin and signature[:4] == key_id:
                key.verify(signature[4:], (text + "\n").encode())
                good += 1
    need(good, "the head is not signed with the log's key")
    need(re.fullmatch("0|[1-9][0-9]{0,19}", size), "the log's size is no number")
    return origin, int(size), base64_bytes(root)


def parse_log_proof(text):
    """C2SP tlog-proof: the entry, its index, the hashes beside its way up the tree, and the signed head."""
    head, gap, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    need(gap and first == "c2sp.org/tlog-proof@v1", "no proof of a log")
    entry = json.loads(data := base64_bytes(lines.pop(0)[6:])) if lines and lines[0][:6] == "extra " else (data := b"")
    need(lines and re.fullmatch("index (0|[1-9][0-9]{0,19})", lines[0]), "the proof has no index")
    hashes = [base64_bytes(line) for line in lines[1:]]
    need(all(len(one) == 32 for one in hashes), "a hash has 32 bytes")
    return entry, data, int(lines[0][6:]), hashes, note


def check_inclusion(data, index, hashes, head):
    """RFC 9162, section 2.1.3.2: the entry is in the tree."""
    _, size, root = head
    need(index < size, "the log has no such entry")
    at, last, result = index, size - 1, sha256(b"\0" + data)
    for sibling in hashes:
        need(last, "the proof is too long")
        while not (at % 2 or at < last):
            at, last = at // 2, last // 2
        result = sha256(b"\1" + sibling + result) if at % 2 else sha256(b"\1" + result + sibling)
        at, last = at // 2, last // 2
    need(at == last == 0 and result == root, "the proof leads elsewhere")


def check_log(credential, proofs, keys):
    """The log holds the issue of exactly this credential, and says nothing later that ends it. Returns when, and where."""
    digest = sha256(canonical(credential).encode()).hex()
    told = {}
    for entry, data, index, hashes, note in map(parse_log_proof, proofs):
        if not isinstance(entry, dict) or entry.get("credential") != digest:
            continue  # of another certificate
        head = check_head(note, keys)
        check_inclusion(data, index, hashes, head)
        need(entry["issuer"] == credential["issuer"]["id"], "the log names another issuer")
        told[index] = entry
    need(told, "none of the proofs is of this certificate")
    history = [told[index] for index in sorted(told)]
    kinds = [entry["kind"] for entry in history]
    need(kinds[-1] in ("issued", "reinstated"), f"the log says that it was {kinds[-1]}")
    whole = ["issued", *(("suspended", "reinstated")[at % 2] for at in range(len(kinds) - 1))]
    need(kinds == whole, "these are not all entries of the log, or not in order")
    return moment(history[0]["time"]), f"{head[0]}, {head[1]} entries"


def check_status(credential, lists, issuers):
    """W3C Bitstring Status List: its bit is set in neither list. Returns as of when, and until when that is fresh."""
    status = credential["credentialStatus"]
    need(status["type"] == "BitstringStatusListEntry", "another kind of status")
    need(re.fullmatch("[0-9]{1,10}", status["statusListIndex"]), "the index in the status list is no number")
    index = int(status["statusListIndex"])
    platform = credential["issuer"]["id"].rpartition(":")[0] + ":platform"
    need(status["statusListCredential"].endswith("/" + status["statusPurpose"]), "a status list for another purpose")
    times = []
    for address in (status["statusListCredential"], status["statusReference"]):
        kept = only([one for one in lists if one["id"] == address], f"the status list {address} is missing")
        subject, types = kept["credentialSubject"], kept["type"]
        need(kept["issuer"] == platform, "another's status list")
        need(isinstance(types, list) and subject["type"] == "BitstringStatusList", "no status list")
        need(address.endswith("/" + subject["statusPurpose"]), "a status list for another purpose")
        made = check_signature(kept, platform, issuers)
        packed = subject["encodedList"]
        need(re.fullmatch("u[A-Za-z0-9_-]+", packed), "the status list is not in base64url")
        unpacker = zlib.decompressobj(31)
        bits = unpacker.decompress(base64.urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)), LARGEST_LIST)
        need(unpacker.eof and not unpacker.unused_data, "the status list is cut off, or too long")
        need(len(bits) >= LEAST_LIST and index < len(bits) * 8, "the status list is too short")
        need(
            not bits[index // 8] & 0x80 >> index % 8, f"the {subject['statusPurpose']} list says that it does not stand"
        )
        times.append((made, moment(kept["validUntil"])))
    return min(times)[0], min(until for _, until in times)


def by_id(documents):
    found = {one["id"]: one for one in documents}
    need(len(found) == len(documents), "two documents have one id")
    return found


def verify(bundle, trusted_keys=()):
    """Check a bundle. Returns what holds and what was not checked, line by line; raises an exception for what does not hold."""
    need(bundle["kind"] == KIND, "this is no bundle")
    credential, issuers = bundle["credential"], by_id(bundle["issuers"])
    own_keys = [log_key(key) for key in bundle["log"]["keys"]]
    keys = [log_key(key) for key in trusted_keys] or own_keys
    lists = by_id(bundle["statusLists"]).values()
    need(all("verificationMethod" in one for one in issuers.values()), "a DID document is none")
    need(all("BitstringStatusListCredential" in one["type"] for one in lists), "a status list is none")
    issuer, types = credential["issuer"]["id"], credential["type"]
    need(isinstance(types, list) and "VerifiableCredential" in types, "this is no credential")
    proofs = credential["proof"] if isinstance(credential["proof"], list) else [credential["proof"]]
    need(len(proofs) <= 10, "too many proofs")
    issued = only([one for one in proofs if one["cryptosuite"] == "eddsa-jcs-2022"], "not one such proof")
    further = [one for one in proofs if one is not issued]
    for one in further:  # added when the credential was asked for; what they sign is not made here
        need(one["cryptosuite"] == "eddsa-rdfc-2022" and "@context" not in one, "another kind of proof")
        key_of(one, issuer, issuers)
    credential = credential | {"proof": issued}
    logged, head = check_log(credential, bundle["log"]["proofs"], keys)
    made = check_signature(credential, issuer, issuers, logged)
    need(timedelta(0) <= logged - made < timedelta(days=1), "it is dated otherwise than its entry in the log")
    now = datetime.now(UTC)
    need(moment(credential["validFrom"]) <= now + timedelta(minutes=10), "it is not valid yet")
    need("validUntil" not in credential or now < moment(credential["validUntil"]), "it is valid no longer")
    as_of, until = check_status(credential, lists, issuers)
    found = [
        f"holds: {credential['issuer']['name']} signed it on {made:%Y-%m-%d}; nothing was altered",
        f"holds: the log ({head}) has held its issue since {logged:%Y-%m-%d %H:%M} UTC",
        f"holds: on {as_of:%Y-%m-%d %H:%M} UTC it was neither suspended, revoked nor replaced",
    ]
    if further:
        found.append("not checked: the further proofs, which are over its statements as linked data")
    if until < now:
        found.append("not checked: what became of it since; get a newer bundle")
    if not trusted_keys:
        found.append("not checked: the keys, which came with the file; compare: " + " ".join(bundle["log"]["keys"]))
    return [*found, "not checked: whose certificate it is; the name is in it as a salted hash only"]


def plain(text):
    """Without what would make a terminal show something else: names in a bundle are a stranger's until all holds."""
    return "".join(one if one.isprintable() else "\ufffd" for one in text)


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("bundle")
    words.add_argument(
        "--log-key", action="append", default=[], help="the log's key as you know it: no other is believed"
    )
    given = words.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        for line in verify(read(given.bundle), given.log_key):
            print(plain(line))
    except Exception as error:
        sys.exit(f"WRONG: {plain(str(error)) or type(error).__name__}")
