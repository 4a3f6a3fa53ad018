"""The JSON-LD contexts that credentials name, kept here word for word: what a signature means is not fetched from anywhere.

A context says which statement each member of a document makes, and `eddsa-rdfc-2022` signs the statements. Whoever could change a
context could change what was signed, so a context is known by its address and its SHA-256 or not at all. The first digest
is the one that Verifiable Credentials 2.0 itself publishes (appendix B.1).
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "contexts"

PINNED = {
    "https://www.w3.org/ns/credentials/v2": (
        "credentials-v2.json",
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": (
        "open-badges-3.0.3.json",
        "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84",
    ),
    # What the W3C's own test vectors use; its one statement is in the specification, its layout is ours.
    "https://www.w3.org/ns/credentials/examples/v2": (
        "credentials-examples-v2.json",
        "57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c",
    ),
}
"""By address: the file and its SHA-256."""


class ContextNotPinned(LookupError):
    """A document names a context that is not kept here."""


@lru_cache(maxsize=len(PINNED))
def context(address: str) -> dict[str, Any]:
    """The context at `address`. Raises ContextNotPinned, and ValueError where the file is not the one that was pinned."""
    if address not in PINNED:
        raise ContextNotPinned(address)
    name, digest = PINNED[address]
    text = (_FOLDER / name).read_bytes()
    if hashlib.sha256(text).hexdigest() != digest:
        raise ValueError(f"{name} is not the context that was pinned")
    read: dict[str, Any] = json.loads(text)
    return read


def load(address: str, options: object = None) -> dict[str, Any]:
    """A document loader for PyLD that never asks the network."""
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": context(address),
    }
