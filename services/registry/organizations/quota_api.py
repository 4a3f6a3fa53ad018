"""Doors: quotas, filed by provinces."""

from typing import Any

from onex.chassis.access import Role
from onex.chassis.web import allow, caller, session
from onex.chassis.web.listing import Listing, equal
from services.registry.organizations import quotas as actions
from services.registry.organizations.blueprint import blp
from services.registry.organizations.models import Quota
from services.registry.organizations.schemas import LEVELS, QuotaSchema

QUOTAS = Listing(
    QuotaSchema,
    Quota.id,
    filters={
        "college_id": equal(Quota.college_id),
        "certificate_type_id": equal(Quota.certificate_type_id),
        "level": equal(Quota.level, LEVELS),
        "year": equal(Quota.year),
        "province_code": equal(Quota.province_code),
    },
)


@blp.route("/quotas", methods=["PUT"])
@allow(Role.PROVINCE, Role.OPERATOR)
@blp.arguments(QuotaSchema)
@blp.response(200, QuotaSchema)
def file_quota(body: dict[str, Any]) -> Quota:
    """File how many of a college's candidates a type's level takes in a year, or change it (OP-07)."""
    return actions.file(session(), body, by=caller())[0]


@blp.route("/quotas")
@allow(Role.MINISTRY, Role.OPERATOR, Role.PROVINCE, Role.TEO, Role.COLLEGE)
@QUOTAS.door(blp)
def quotas(query: dict[str, Any]) -> Any:
    """The quotas the caller may see."""
    return QUOTAS.answer(session(), actions.visible(caller()), query)
