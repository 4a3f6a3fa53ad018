"""The registry's part of the main job, from an empty database to a filed site."""

from datetime import date

from onex.contracts.registry import (
    AccessKeyPublished,
    AgreementSigned,
    CertificateTypePublished,
    OrganizationAdmitted,
    PublishedLevel,
    SiteFiled,
)
from tests.registry.world import World


def test_every_step_is_taken_and_each_fact_is_said_once(world: World) -> None:
    province = world.admit(world.province()["id"])
    teo = world.admitted_teo()
    college = world.admitted_college()
    made = world.published_type(teo["id"])
    site = world.declared_site(college["id"], made["id"])
    assert world.settle_as_teo(site["id"], teo["id"])["state"] == "declared"
    assert world.settle_as_province(site["id"])["state"] == "settled"
    assert world.file(site["id"])["state"] == "filed"

    said = world.registry.said()
    assert [type(event) for event in said] == [
        AccessKeyPublished,
        OrganizationAdmitted,
        AgreementSigned,
        OrganizationAdmitted,
        OrganizationAdmitted,
        CertificateTypePublished,
        SiteFiled,
    ]
    admitted = [event for event in said if isinstance(event, OrganizationAdmitted)]
    assert [(str(event.organization_id), event.kind, event.organization_version) for event in admitted] == [
        (province["id"], "province", 1),
        (teo["id"], "teo", 1),
        (college["id"], "college", 1),
    ]
    assert (admitted[0].code, admitted[2].division_code) == ("110000", "110108")
    (published,) = (event for event in said if isinstance(event, CertificateTypePublished))
    assert (published.type_version, published.code, str(published.teo_id)) == (1, "001", teo["id"])
    assert published.levels == (
        PublishedLevel(level="primary", standard_version="1.0", standard_released_on=date(2019, 4, 20)),
    )
    filed = said[-1]
    assert isinstance(filed, SiteFiled)
    assert (filed.code, str(filed.college_id), str(filed.teo_id)) == ("BJ-001", college["id"], teo["id"])
