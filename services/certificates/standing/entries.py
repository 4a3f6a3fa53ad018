"""What a credential says of its status: where anyone sees whether it still stands (W3C Bitstring Status List 1.0)."""

from typing import Any, Literal, get_args

from services.certificates.standing.positions import Position

Purpose = Literal["revocation", "suspension"]
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


def list_url(public_url: str, which: int, purpose: str) -> str:
    """Where anyone gets a status list, signed. It is signed into every credential: never change it."""
    return f"{public_url}/certificates/v1/status-lists/{which}/{purpose}"


def credential_status(public_url: str, position: Position) -> list[dict[str, Any]]:
    """The entries of one credential: the one that Open Badges 3.0 has room for.

    It leads to the suspensions, where the bit of every certificate is set that is not to be accepted: suspended, revoked or
    replaced. What it refers to besides is the list of revocations, where the bit with the same index says that this is for good.
    """
    url = list_url(public_url, position.list, "suspension")
    return [
        {
            "id": f"{url}#{position.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "suspension",
            "statusListIndex": str(position.index),
            "statusListCredential": url,
            "statusReference": list_url(public_url, position.list, "revocation"),
        }
    ]
