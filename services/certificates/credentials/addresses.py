"""The public addresses that certificates carry: they are signed and printed, so they never change."""

import uuid
from functools import lru_cache

from services.certificates.credentials.did import did_web


def credential_url(public_url: str, number: str) -> str:
    """Where anyone gets the signed credential; also its `id`."""
    return f"{public_url}/certificates/v1/credentials/{number}"


def inquiry_url(public_url: str, number: str) -> str:
    """The page where anyone checks the certificate; printed as a QR code. It names no person."""
    return f"{public_url}/certificates/inquiry/{number}"


def achievement_url(public_url: str, type_code: str, level: str) -> str:
    """Where the registry describes the certificate type and its level."""
    return f"{public_url}/registry/v1/certificate-types#{type_code}-{level}"


@lru_cache(maxsize=4096)  # there are a few hundred TEOs, and every certificate names one
def issuer_did(public_url: str, teo_id: uuid.UUID) -> str:
    """The TEO's `did:web`; its document is served by `credentials/api.py`."""
    return did_web(f"{public_url}/certificates/v1", str(teo_id))
