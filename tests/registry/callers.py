"""Who calls the registry's doors."""

import uuid
from typing import Any

from onex.chassis.access import Role


def own(role: Role, organization_id: str | uuid.UUID | None = None) -> dict[str, Any]:
    """A caller of an organization."""
    return {"role": role, "organization_id": uuid.UUID(str(organization_id)) if organization_id else None}


def province(code: str) -> dict[str, Any]:
    return {"role": Role.PROVINCE, "province_code": code}


class Sides:
    """The sides of a record as callers; the province, the college's too, is Beijing."""

    teo_id: str
    college_id: str

    @property
    def teo(self) -> dict[str, Any]:
        return own(Role.TEO, self.teo_id)

    @property
    def college(self) -> dict[str, Any]:
        return own(Role.COLLEGE, self.college_id) | {"province_code": "11"}

    @property
    def province(self) -> dict[str, Any]:
        return province("11")
