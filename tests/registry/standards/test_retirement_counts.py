"""Nothing new is begun for a certificate type that has no standard in force; what was begun goes on."""

import uuid
from typing import Any

import pytest

from onex.chassis.access import Role
from services.registry.standards import errors, rules
from tests.registry.world import World


@pytest.mark.rule("PP-10")
def test_a_type_is_in_use_from_its_publication_to_the_last_retirement() -> None:
    rules.check_in_force(1, ["primary"])
    rules.check_in_force(7, ["primary", "advanced"])
    with pytest.raises(errors.CertificateTypeNotPublished):
        rules.check_in_force(0, [])
    with pytest.raises(errors.CertificateTypeRetired):
        rules.check_in_force(2, [])
    rules.check_published(2)


@pytest.mark.rule("PP-10", "OP-23", "OP-19")
def test_no_site_and_no_consortium_is_begun_for_a_type_whose_standards_are_all_retired(world: World) -> None:
    teo = world.admitted_teo()
    kind = world.published_type(teo["id"])
    colleges = [world.admitted_college(number)["id"] for number in (100, 101)]
    site = world.declared_site(colleges[0], kind["id"])
    (standard,) = world.get(f"/certificate-types/{kind['id']}/standards")["items"]
    path = f"/certificate-types/{kind['id']}/standards/{standard['id']}/retirement"
    world.post(path, {"reason": "内容已被新职业标准取代"}, expect=200)

    who: dict[str, Any] = {"role": Role.COLLEGE, "organization_id": uuid.UUID(colleges[0])}
    refused = world.post("/sites", world.site_body(kind["id"], "BJ-002"), expect=409, **who)
    assert (refused["code"], refused["clause"]) == ("certificate_type_retired", "PP-10")
    body = {"name_zh": "联盟", "certificate_type_id": kind["id"], "college_ids": colleges, "purpose": "共同培训"}
    assert world.post("/consortia", body, expect=409, **who)["code"] == "certificate_type_retired"
    assert world.settle_as_teo(site["id"], teo["id"])["state"] == "declared", "what was declared before goes its way"

    world.reviewed_standard(kind["id"], "primary", "2.0", released_on="2021-06-01")
    world.post(f"/certificate-types/{kind['id']}/publication", expect=200)
    world.post("/sites", world.site_body(kind["id"], "BJ-002"), **who)
