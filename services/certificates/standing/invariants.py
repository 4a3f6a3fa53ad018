"""What always holds of standings, for the audit: row, record, bits, signed lists and proposals say the same."""

from collections.abc import Iterator
from datetime import datetime

import orjson

from onex.chassis.invariants import Connection, Fault, Invariant, Kind, none_found, stream
from services.certificates.credentials import did, signing
from services.certificates.standing import bitstring
from services.certificates.standing.entries import PURPOSES

_KEYS = "SELECT public_multibase, valid_from, retired_at FROM platform_key"
_LISTS = """
    SELECT list, purpose, bits, status_list.credential, array_agg(status_index) FILTER (WHERE certificate.id IS NOT NULL)
    FROM status_list LEFT JOIN certificate ON certificate.status_list = list AND certificate.state <> 'valid'
        AND (purpose = 'suspension' OR certificate.state <> 'suspended')
    GROUP BY list, purpose ORDER BY list, purpose
"""
_WITHOUT_LIST = (
    "SELECT id, status_list FROM certificate WHERE state <> 'valid' AND"
    " (SELECT count(*) FROM status_list WHERE list = certificate.status_list) <> %s"
)


def bits_wrong(connection: Connection) -> Iterator[Fault]:
    """Lists whose bits are not those of their certificates, or whose credential says other bits or is not genuine.

    In memory there is one list at a time.
    """
    keys = {row[0]: did.IssuerKey(*row) for row in connection.execute(_KEYS).fetchall()}
    for certificate_id, which in stream(connection, _WITHOUT_LIST, [len(PURPOSES)]):
        yield Fault(Kind.MISSING, str(certificate_id), f"it does not stand, and the status list {which} is not there")
    for which, purpose, kept, credential, indices in stream(connection, _LISTS):
        bits, name, expected = bytes(kept), f"status list {which}/{purpose}", bytearray(len(kept))
        for index in indices or ():
            expected[index >> 3] |= 0x80 >> (index & 7)
        for index in _differing(bits, expected):
            yield Fault(Kind.ALTERED, name, f"bit {index} is not what its certificate's standing says")
        if why := _not_genuine(credential, bits, purpose, keys):
            yield Fault(Kind.ALTERED, name, f"its credential: {why}")


def _differing(bits: bytes, expected: bytearray) -> Iterator[int]:
    for at, (one, other) in enumerate(zip(bits, expected, strict=True)):
        if one != other:
            yield from (8 * at + place for place in range(8) if (one ^ other) & 0x80 >> place)


def _not_genuine(credential: str, bits: bytes, purpose: str, keys: dict[str, did.IssuerKey]) -> str | None:
    """What is wrong with a list's credential, or None."""
    try:
        document = orjson.loads(credential)
        multibase = signing.verification_method(document).partition("#")[2]
        key = keys.get(multibase)
        if key is None:
            return "signed with no key of the platform"
        signing.verify(document, multibase)
        if not key.in_force(datetime.fromisoformat(document["proof"]["created"])):
            return "signed when its key was not in force"
        subject = document["credentialSubject"]
        if subject["statusPurpose"] != purpose or bitstring.decoded(subject["encodedList"]) != bits:
            return "says other bits"
    except signing.ProofInvalid as invalid:
        return invalid.reason
    except (ValueError, KeyError, TypeError, AttributeError):
        return "cannot be read"
    return None


INVARIANTS = (
    Invariant(
        "standings_recorded",
        "every certificate stands as its last recorded change says, and its changes are numbered without a gap",
        none_found(
            """
            SELECT 'altered', COALESCE(last.certificate_id, changed.id), 'it does not stand as its last change says' FROM (
                SELECT DISTINCT ON (certificate_id) certificate_id, standing, version,
                    count(*) OVER (PARTITION BY certificate_id) AS changes
                FROM standing_change ORDER BY certificate_id, version DESC
            ) AS last FULL JOIN (
                SELECT id, state, version FROM certificate WHERE state <> 'valid' OR version <> 1
            ) AS changed ON changed.id = last.certificate_id
            WHERE (last.standing, last.version, last.changes + 1)
                IS DISTINCT FROM (changed.state, changed.version, CAST(changed.version AS bigint))
            """
        ),
    ),
    Invariant(
        "replacements_linked",
        "a replaced certificate and the one in its place name each other",
        none_found(
            """
            SELECT 'orphaned', COALESCE(old.id, new.id), 'it is replaced and nothing is in its place, or the reverse' FROM (
                SELECT id FROM certificate WHERE state = 'replaced'
            ) AS old FULL JOIN (
                SELECT id, replaces FROM certificate WHERE replaces IS NOT NULL
            ) AS new ON new.replaces = old.id
            WHERE old.id IS NULL OR new.id IS NULL OR NOT EXISTS (
                SELECT FROM standing_change WHERE certificate_id = old.id AND successor_id = new.id)
            """
        ),
    ),
    Invariant(
        "two_persons",
        "every change of standing was proposed by one and approved by another",
        none_found(
            """
            SELECT 'orphaned', COALESCE(change.id, approved.id), 'a change without its approval, or the reverse' FROM (
                SELECT id, certificate_id FROM standing_proposal WHERE state = 'approved' AND decided_by <> proposed_by
            ) AS approved FULL JOIN standing_change AS change
                ON change.proposal_id = approved.id AND change.certificate_id = approved.certificate_id
            WHERE change.id IS NULL OR approved.id IS NULL
            """
        ),
    ),
    Invariant(
        "annulments_proposed",
        "what was issued of a result that was annulled is revoked, or was proposed to be",
        none_found(
            """
            SELECT 'stuck', certificate.id, 'its result was annulled, and nobody proposed to revoke it' FROM annulled_result
            JOIN certificate ON certificate.result_id = annulled_result.result_id
            WHERE certificate.state IN ('valid', 'suspended') AND NOT EXISTS (
                SELECT FROM standing_proposal WHERE certificate_id = certificate.id AND kind = 'revoke')
            """
        ),
    ),
    Invariant(
        "status_bits",
        "the bits of the status lists are those of the certificates' standings, and are signed by the platform",
        bits_wrong,
    ),
)
