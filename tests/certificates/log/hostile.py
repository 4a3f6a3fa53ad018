"""Bundles that hold, and many more that do not: what each is made of, so that it is wrong in one thing only."""

import gzip
import json
from base64 import b64encode
from datetime import timedelta

from onex.transparency import notes
from services.certificates.standing import bitstring
from services.certificates.standing.positions import Position
from tests.certificates.log import forging
from tests.certificates.log.altering import (
    BOMB,
    DEEP,
    PLATFORMS,
    REVOKED,
    STRANGER,
    TEOS,
    Make,
    both_proofs,
    by,
    cut_hash,
    of_entries,
    of_issuer,
    of_list,
    of_status,
    of_subject,
    older_head,
    other_base64,
    packed,
    proof_text,
    put,
    text,
    with_,
    with_text,
    witness,
    written,
)
from tests.certificates.log.forging import (
    CREATED,
    LOG_KEY,
    ORIGIN,
    OTHER_KEY,
    OTHER_LOG_KEY,
    PLATFORM,
    PLATFORM_KEY,
    SECOND,
    TEO,
    TEO_KEY,
    bundle,
    document,
    entry,
    log_proofs,
    signed,
    status_lists,
    vkey,
)

GOOD: dict[str, Make] = {
    "as it is": bundle,
    "laid out otherwise": lambda: json.dumps(bundle(), indent=3, sort_keys=True).encode(),
    "all but ASCII escaped": lambda: json.dumps(bundle()).encode(),
    "a number written otherwise": lambda: text('"ttl": 60000', '"ttl": 6.0E+4'),
    "a member of the bundle's own": lambda: bundle(remark={"anything": [1.5, None, "😂"]}),
    "a key that was retired later": lambda: by(document(TEO, TEO_KEY, OTHER_KEY, _0=CREATED + timedelta(days=1)), PLATFORMS),
    "suspended and reinstated": lambda: of_entries("issued", "suspended", "reinstated"),
    "the same proof twice": lambda: with_(bundle(), lambda made: made["log"].update(proofs=made["log"]["proofs"] * 2)),
    "another certificate's proof besides": lambda: with_(
        bundle(), lambda made: made["log"]["proofs"].append(log_proofs([entry(signed(put("name", "x")))])[0])
    ),
    "a head with extension lines": lambda: of_entries("issued", extension="an extension\nand another\n"),
    "a head that witnesses signed": lambda: of_entries("issued", also_signed=witness() + witness("w.example/2")),
    "no key in the file, where one's own is given": lambda: bundle(keys=[]),
    "another log's key besides": lambda: bundle(keys=[vkey(OTHER_LOG_KEY, "other.example/log"), vkey()]),
    "an older key of the log besides": lambda: bundle(keys=[vkey(OTHER_LOG_KEY), vkey()]),
    "a list of more bits": lambda: of_list(packed(gzip.compress(bytes(1 << 17), mtime=0))),
    "valid until later": lambda: bundle(signed(put("validUntil", "2999-01-01T00:00:00Z"))),
}  # fmt: skip

HOSTILE: dict[str, Make] = {
    # The file itself.
    "empty": lambda: b"",
    "an array": lambda: b"[]",
    "no bundle": lambda: b"{}",
    "of another kind": lambda: bundle(kind="onex.certificate_bundle.v2"),
    "not UTF-8": lambda: written(bundle()).replace(b"Alignment", b"Alignmen\xff", 1),
    "not UTF-8 where nothing is signed": lambda: b'{"madeBy":"\xff",' + written(bundle())[1:],
    "half a character where it is signed": lambda: text("通过全部考核", "\\ud800"),
    "half a character as bytes": lambda: text("通过全部考核", "\ud800"),
    "with a byte order mark": lambda: b"\xef\xbb\xbf" + written(bundle()),
    "cut off": lambda: written(bundle())[:-1],
    "with something behind it": lambda: written(bundle()) + b"{}",
    "of 100 MB": lambda: written(bundle()) + b" " * (100 << 20),
    f"nested {DEEP} deep": lambda: b'{"deep":' + b"[" * DEEP + b"]" * DEEP + b"," + written(bundle())[1:],
    f"nested {DEEP} deep where it is signed": lambda: text('["Achievement"]', "[" * DEEP + "]" * DEEP),
    "nested deep in objects": lambda: text('["Achievement"]', '{"a":' * DEEP + "1" + "}" * DEEP),
    "NaN": lambda: text('"ttl": 60000', '"ttl": NaN'),
    "NaN where nothing is signed": lambda: b'{"made":NaN,' + written(bundle())[1:],
    "Infinity": lambda: text('"ttl": 60000', '"ttl": -Infinity'),
    "1e400": lambda: text('"ttl": 60000', '"ttl": 1e400'),
    "1e400 for a member": lambda: with_text(signed(put("remark", 0)), '"remark": 0', '"remark": 1e400'),
    "a huge integer": lambda: text('"ttl": 60000', '"ttl": ' + "9" * 5000),
    "an integer a double cannot hold": lambda: with_text(
        signed(put("remark", 2**53 - 1)), '"remark": 9007199254740991', '"remark": 9007199254740993'
    ),
    "-0 for 60000": lambda: text('"ttl": 60000', '"ttl": -0'),
    # Members said twice: the first or the last might count.
    "the id twice": lambda: text('{"@context"', '{"id": "https://elsewhere.example", "@context"'),
    "the id twice, written otherwise": lambda: text('{"@context"', '{"\\u0069d": "https://elsewhere.example", "@context"'),
    "two credentials": lambda: b'{"credential":{},' + written(bundle())[1:],
    "a member of a DID document twice": lambda: text('"type": "Multikey"', '"type": "x", "type": "Multikey"'),
    # The credential.
    "an unsigned member": lambda: with_(bundle(), put("credential.remark", "with distinction")),
    "an unsigned member within": lambda: with_(bundle(), put("credential.credentialSubject.achievement.remark", "x")),
    "an unsigned __proto__": lambda: text('"credentialSubject": {', '"credentialSubject": {"__proto__": {"x": 1}, '),
    "a context added": lambda: with_(
        bundle(), lambda made: made["credential"]["@context"].append("https://elsewhere.example/context")
    ),
    "a context added and taken out of the proof": lambda: with_(
        bundle(),
        lambda made: made["credential"]["@context"].append("https://elsewhere.example/context"),
        lambda made: made["credential"]["proof"].pop("@context"),
    ),
    "the contexts in another order": lambda: with_(bundle(), lambda made: made["credential"]["@context"].reverse()),
    "another issuer": lambda: with_(bundle(), put("credential.issuer.id", f"{TEO}1")),
    "of an issuer whose document is not there": lambda: of_issuer(f"{TEO}1"),
    "of an issuer that did not sign it": lambda: of_issuer(f"{TEO}1", issuers=[document(f"{TEO}1", TEO_KEY), PLATFORMS]),
    "not a credential": lambda: bundle(signed(put("type", ["AchievementCredential"]))),
    "no longer valid": lambda: bundle(signed(put("validUntil", "2026-01-01T00:00:00Z"))),
    "valid until nobody knows when": lambda: bundle(signed(put("validUntil", "soon"))),
    "not valid yet": lambda: bundle(signed(put("validFrom", "2999-01-01T00:00:00Z"))),
    "without issuer": lambda: bundle(signed(put("issuer", None))),
    "with an issuer of the wrong kind": lambda: with_(bundle(), put("credential.issuer.id", [TEO])),
    # Its proof.
    "no proof": lambda: with_(bundle(), lambda made: made["credential"].pop("proof")),
    "an empty array of proofs": lambda: with_(bundle(), put("credential.proof", [])),
    "eleven proofs": lambda: with_(
        bundle(), lambda made: made["credential"].update(proof=[made["credential"]["proof"]] * 11)
    ),
    "its proof and a bad one": lambda: both_proofs(lambda one: one.update(proofValue="z" + "2" * 88)),
    "its proof and one of another suite": lambda: both_proofs(put("cryptosuite", "ecdsa-jcs-2019")),
    "its proof and an older kind of proof": lambda: both_proofs(put("type", "Ed25519Signature2020")),
    "its proof and one by a stranger": lambda: both_proofs(
        lambda one: one.update(cryptosuite="eddsa-rdfc-2022", verificationMethod=STRANGER.verification_method),
        put("@context", None),
    ),
    "another purpose": lambda: with_(bundle(), put("credential.proof.proofPurpose", "authentication")),
    "an option that nobody understands": lambda: with_(bundle(), put("credential.proof.expires", "2999-01-01T00:00:00Z")),
    "signed with a key that is not listed": lambda: bundle(signed(key=OTHER_KEY)),
    "signed with another issuer's key": lambda: bundle(
        signed(key=STRANGER), issuers=[TEOS, PLATFORMS, document("did:web:elsewhere.example:issuers:7", STRANGER)]
    ),
    "signed with the platform's key": lambda: bundle(signed(key=PLATFORM_KEY)),
    "the name of one key and the signature of another": lambda: with_(
        bundle(signed(key=OTHER_KEY), issuers=[document(TEO, TEO_KEY, OTHER_KEY), PLATFORMS]),
        put("credential.proof.verificationMethod", TEO_KEY.verification_method),
    ),
    "signed after its key was retired": lambda: by(document(TEO, TEO_KEY, _0=CREATED), PLATFORMS),
    "dated back by who has a retired key": lambda: bundle(
        old := signed(created=CREATED - timedelta(hours=2)),
        proofs=log_proofs([entry(old)]),
        issuers=[document(TEO, TEO_KEY, _0=CREATED - timedelta(hours=1)), PLATFORMS],
    ),
    "dated years before it was logged": lambda: bundle(
        old := signed(created=CREATED - timedelta(days=900)), proofs=log_proofs([entry(old)])
    ),
    "dated after it was logged": lambda: bundle(
        late := signed(created=CREATED + 2 * SECOND), proofs=log_proofs([entry(late)])
    ),
    "a signature of 8 MB": lambda: with_(bundle(), put("credential.proof.proofValue", "z" + "2" * (7 << 20))),
    "a signature in another base": lambda: text('"proofValue": "z', '"proofValue": "u'),
    # DID documents.
    "the method not for assertions": lambda: by(TEOS | {"assertionMethod": []}, PLATFORMS),
    "the method for authentication only": lambda: by(
        TEOS | {"assertionMethod": [], "authentication": TEOS["assertionMethod"]}, PLATFORMS
    ),
    "assertions as a text": lambda: by(TEOS | {"assertionMethod": TEOS["assertionMethod"][0]}, PLATFORMS),
    "a method of another controller": lambda: by(with_(TEOS, put("verificationMethod.0.controller", PLATFORM)), PLATFORMS),
    "a method of another kind": lambda: by(with_(TEOS, put("verificationMethod.0.type", "JsonWebKey")), PLATFORMS),
    "a method that has expired": lambda: by(with_(TEOS, put("verificationMethod.0.expires", "2020-01-01T00:00:00Z")), PLATFORMS),
    "a method revoked nobody knows when": lambda: by(with_(TEOS, put("verificationMethod.0.revoked", "2999-01-01")), PLATFORMS),
    "a method revoked on no day": lambda: by(
        with_(TEOS, put("verificationMethod.0.revoked", "2999-02-30T00:00:00Z")), PLATFORMS
    ),
    "a method revoked never, it says": lambda: by(with_(TEOS, put("verificationMethod.0.revoked", None)), PLATFORMS),
    "a method listed twice": lambda: by(
        TEOS | {"verificationMethod": [TEOS["verificationMethod"][0] | {"revoked": "2020-01-01T00:00:00Z"},
                                       *TEOS["verificationMethod"]]}, PLATFORMS,
    ),
    "no method": lambda: by(TEOS | {"verificationMethod": []}, PLATFORMS),
    "the document of the TEO twice": lambda: by(TEOS, TEOS, PLATFORMS),
    "no document of the TEO": lambda: by(PLATFORMS),
    "no document of the platform": lambda: by(TEOS),
    # The log.
    "no proof of the log": lambda: bundle(proofs=[]),
    "a proof of another entry only": lambda: bundle(proofs=log_proofs([entry(signed(put("name", "another")))])),
    "another entry put into the proof": lambda: proof_text(
        "extra " + b64encode(entry(signed())).decode(), "extra " + b64encode(forging.FILLING[0]).decode()
    ),
    "a proof without its entry": lambda: proof_text("extra " + b64encode(entry(signed())).decode() + "\n", ""),
    "another index": lambda: proof_text("index 3", "index 2"),
    "an index beyond the log": lambda: proof_text("index 3", "index 6"),
    "an index with a zero before it": lambda: proof_text("index 3", "index 03"),
    "an index in other digits": lambda: proof_text("index 3", "index ٣"),
    "a proof cut short": lambda: bundle(proofs=["\n".join(cut_hash(log_proofs([entry(signed())])[0]))]),
    "a proof with a hash too many": lambda: proof_text("index 3\n", "index 3\n" + b64encode(bytes(32)).decode() + "\n"),
    "a hash of 31 bytes": lambda: proof_text("index 3\n", "index 3\n" + b64encode(bytes(31)).decode() + "\n"),
    "a hash in base64 of another way": lambda: bundle(proofs=[other_base64(log_proofs([entry(signed())])[0])]),
    "a proof of another version": lambda: proof_text("tlog-proof@v1", "tlog-proof@v2"),
    "the head of another size": lambda: proof_text(f"{ORIGIN}\n6\n", f"{ORIGIN}\n7\n"),
    "the head of an empty log": lambda: proof_text(f"{ORIGIN}\n6\n", f"{ORIGIN}\n0\n"),
    "the head of a log before it": lambda: older_head(),
    "a head of another origin": lambda: of_entries("issued", origin="elsewhere.example/log"),
    "a head of another origin, signed by this log": lambda: of_entries("issued", origin="elsewhere.example/log", name=ORIGIN),
    "this log's head, signed by another log": lambda: with_(
        of_entries("issued", name="other.example/log", key=OTHER_LOG_KEY),
        put("log.keys", [vkey(), vkey(OTHER_LOG_KEY, "other.example/log")]),
    ),
    "a head signed with a key that nobody knows": lambda: of_entries("issued", key=OTHER_LOG_KEY),
    "a head whose second signature of the log is wrong": lambda: of_entries(
        "issued", also_signed="— " + notes.sign("other\n", ORIGIN, LOG_KEY).rpartition("— ")[2]
    ),
    "a head with an empty extension line": lambda: of_entries("issued", extension="\n"),
    "a head with a control character": lambda: of_entries("issued", extension="a\tb\n"),
    "a head with a malformed signature line": lambda: of_entries("issued", also_signed="— w.example\n"),
    "a head without signatures": lambda: bundle(proofs=[log_proofs([entry(signed())])[0].rpartition("— ")[0]]),
    "a key of the log with another's id": lambda: bundle(keys=[vkey().replace("+", "+0", 1)]),
    "an issue that the log says another made": lambda: bundle(
        one := signed(), proofs=log_proofs([entry(one, issuer_did=f"{TEO}1")])
    ),
    "revoked": lambda: of_entries("issued", "revoked"),
    "suspended": lambda: of_entries("issued", "suspended"),
    "replaced": lambda: of_entries("issued", "suspended", "replaced"),
    "reinstated without having been suspended": lambda: of_entries("issued", "reinstated"),
    "revoked and reinstated": lambda: of_entries("issued", "revoked", "reinstated"),
    "issued after it was suspended": lambda: of_entries("suspended", "issued"),
    "never issued": lambda: of_entries("reinstated"),
    "a kind of entry that nobody knows": lambda: of_entries("issued", "praised"),
    # Status lists.
    "the bit set": lambda: bundle(statusLists=status_lists(REVOKED)),
    "the bit set in the list of revocations only": lambda: bundle(
        statusLists=[status_lists(REVOKED)[0], status_lists()[1]]
    ),
    "the bit set in the list of suspensions only": lambda: bundle(
        statusLists=[status_lists()[0], status_lists(REVOKED)[1]]
    ),
    "no status lists": lambda: bundle(statusLists=[]),
    "one list only": lambda: bundle(statusLists=status_lists()[1:]),
    "an old list beside the new": lambda: bundle(statusLists=status_lists(REVOKED) + status_lists()),
    "the lists of other certificates": lambda: bundle(statusLists=status_lists(place=Position(4, 77))),
    "another list under this one's address": lambda: with_(
        bundle(statusLists=status_lists(place=Position(4, 77))),
        put("statusLists.0.id", forging.list_address("revocation")),
        put("statusLists.1.id", forging.list_address("suspension")),
    ),
    "the purposes changed over": lambda: bundle(
        statusLists=[one | {"id": other["id"]} for one, other in zip(status_lists(), status_lists()[::-1], strict=True)]
    ),
    "a list of another purpose": lambda: of_subject(statusPurpose="message"),
    "an entry of another purpose than its list": lambda: of_status(statusPurpose="revocation"),
    "an entry of another kind": lambda: of_status(type="StatusList2021Entry"),
    "an index beyond the list": lambda: of_status(statusListIndex="131072"),
    "a negative index": lambda: of_status(statusListIndex="-1"),
    "an index that is no number": lambda: of_status(statusListIndex="seven"),
    "an index in other digits, in the list": lambda: of_status(statusListIndex="٧"),
    "a list elsewhere": lambda: of_status(statusListCredential="https://elsewhere.example/suspension"),
    "a list that is not there": lambda: of_status(statusReference=forging.list_address("revocation") + "1"),
    "no status": lambda: bundle(signed(lambda made: made.pop("credentialStatus"))),
    "lists signed by the TEO": lambda: bundle(statusLists=status_lists(key=TEO_KEY)),
    "lists of the TEO": lambda: bundle(statusLists=status_lists(change=put("issuer", TEO), key=TEO_KEY)),
    "lists signed by a stranger": lambda: bundle(statusLists=status_lists(key=forging.key_of(9, PLATFORM))),
    "lists signed when the platform's key was retired": lambda: by(
        TEOS, document(PLATFORM, PLATFORM_KEY, _0=CREATED)
    ),
    "lists that are none": lambda: bundle(statusLists=status_lists(change=put("type", ["VerifiableCredential"]))),
    "lists whose subject is none": lambda: of_subject(type="StatusList2021"),
    "lists that end nobody knows when": lambda: bundle(statusLists=status_lists(change=put("validUntil", "tomorrow"))),
    "lists with a context slipped in": lambda: with_(
        bundle(), lambda made: made["statusLists"][0]["@context"].append("https://elsewhere.example/context")
    ),
    "a list too short": lambda: of_list(packed(gzip.compress(bytes(16_383), mtime=0))),
    "a zip bomb": lambda: of_list(packed(BOMB)),
    "a list cut off": lambda: of_list(bitstring.encoded(bitstring.EMPTY)[:-6]),
    "a list with something behind it": lambda: of_list(packed(gzip.compress(bitstring.EMPTY, mtime=0) + b"more")),
    "a list in two pieces": lambda: of_list(packed(gzip.compress(bitstring.EMPTY, mtime=0) * 2)),
    "a list with a character slipped in": lambda: of_list(bitstring.encoded(bitstring.EMPTY) + "!"),
    "a list in base64, not base64url": lambda: of_list(
        "u" + b64encode(gzip.compress(bytes(range(256)) * 64, mtime=0)).decode().rstrip("=")
    ),
    "a list not packed": lambda: of_list(packed(bitstring.EMPTY)),
    "a list without Multibase": lambda: of_list(bitstring.encoded(bitstring.EMPTY)[1:]),
    # Parts in the place of others.
    "a status list for the credential": lambda: with_(bundle(), lambda made: made.update(credential=made["statusLists"][0])),
    "the credential among the status lists": lambda: with_(
        bundle(), lambda made: made.update(statusLists=[*made["statusLists"], made["credential"]])
    ),
    "status lists for DID documents and the other way round": lambda: with_(
        bundle(), lambda made: made.update(issuers=made["statusLists"], statusLists=made["issuers"])
    ),
    "a bundle in a bundle": lambda: with_(bundle(), lambda made: made.update(credential=bundle())),
    "null for everything": lambda: dict.fromkeys(bundle()) | {"kind": bundle()["kind"]},
    "numbers for everything": lambda: dict.fromkeys(bundle(), 7) | {"kind": bundle()["kind"]},
}  # fmt: skip
