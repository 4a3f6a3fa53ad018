"""The people an organization names: kept sealed, shown masked."""

from typing import Any

import orjson

from onex.chassis.pii import Vault, mask_name, mask_number

_CONTACTS, _WORK_GROUP = "organization contacts", "work group"


def seal_contacts(vault: Vault, contacts: list[dict[str, str]]) -> str:
    return vault.seal(orjson.dumps(contacts), _CONTACTS)


def seal_work_group(vault: Vault, work_group: dict[str, str] | None) -> str | None:
    return vault.seal(orjson.dumps(work_group), _WORK_GROUP) if work_group else None


def open_work_group(vault: Vault, sealed: str | None) -> dict[str, str]:
    """The work group; without one every field is empty."""
    if sealed is None:
        return dict.fromkeys(("leader_name", "leader_title", "contact_name", "contact_phone"), "")
    return orjson.loads(vault.open(sealed, _WORK_GROUP))


def masked_contacts(vault: Vault, sealed: str) -> list[dict[str, str]]:
    """The contacts as their bearers recognise them."""
    contacts = orjson.loads(vault.open(sealed, _CONTACTS))
    return [
        {"name": mask_name(one["name"]), "phone": mask_number(one["phone"]), "email": mask_email(one["email"])}
        for one in contacts
    ]


def masked_work_group(vault: Vault, sealed: str | None) -> dict[str, Any] | None:
    """The work group with its people masked; the leader's title names no person."""
    if sealed is None:
        return None
    group = open_work_group(vault, sealed)
    return {
        "leader_name": mask_name(group["leader_name"]) if group["leader_name"] else "",
        "leader_title": group["leader_title"],
        "contact_name": mask_name(group["contact_name"]) if group["contact_name"] else "",
        "contact_phone": mask_number(group["contact_phone"]),
    }


def mask_email(email: str) -> str:
    """Keep the first letter and the host."""
    box, _, host = email.partition("@")
    return f"{box[:1]}***@{host}" if host else ""
