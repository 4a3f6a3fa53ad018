"""All that is needed to check one certificate without a network, in one file that its holder can keep and pass on."""

import uuid
from typing import Any

import orjson
from sqlalchemy.orm import Session

from onex.chassis import clock
from onex.chassis.pii import Vault
from services.certificates.credentials import queries as credentials
from services.certificates.credentials.addresses import issuer_did
from services.certificates.credentials.did import did_document
from services.certificates.issuing.models import Certificate
from services.certificates.log import keys, queries
from services.certificates.log.models import LogHead
from services.certificates.standing import lists, platform_keys
from services.certificates.standing.entries import PURPOSES

KIND = "onex.certificate_bundle.v1"


def bundle(session: Session, vault: Vault, public_url: str, certificate_id: uuid.UUID, head: LogHead) -> bytes | None:
    """The bundle as JSON; None while the log does not hold the certificate's issue.

    `kind`, `madeAt`, `credential`; `issuers` (DID documents of its TEO and of the platform, which signs status lists); `log`
    with the `keys` and a `proofs` file for each entry, all under one head; `statusLists`.
    """
    certificate = session.get_one(Certificate, certificate_id)
    logged = [entry for entry in queries.entries_of(session, certificate_id) if entry.index < head.size]
    if not logged:
        return None
    shown = [lists.shown(session, vault, public_url, certificate.status_list, purpose) for purpose in PURPOSES]
    teo = did_document(issuer_did(public_url, certificate.teo_id), credentials.keys_of(session, certificate.teo_id))
    platform = did_document(platform_keys.platform_did(public_url), platform_keys.every_key(session))
    rest: dict[str, Any] = {
        "kind": KIND,
        "madeAt": clock.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
        "credential": orjson.Fragment(certificate.credential),
        "issuers": [teo, platform],
        "log": {
            "keys": [str(key) for key in keys.verifier_keys(session, public_url)],
            "proofs": [queries.proof(session, entry, head).text for entry in logged],
        },
        "statusLists": [orjson.Fragment(one.credential) for one in shown if one is not None],
    }
    return orjson.dumps(rest)
