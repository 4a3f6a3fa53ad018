"""Which codes, places and kinds an organization may have, and who may admit it."""

import uuid

import pytest

from onex.chassis.access import Caller, Role
from onex.chassis.problems import OutOfScope, Refusal
from services.registry.organizations import divisions, errors, rules
from tests.registry.world import credit_code

TEO_CODE = credit_code(1)


@pytest.mark.rule("OP-01")
def test_the_jurisdictions_are_31_provinces_and_the_corps() -> None:
    assert len(divisions.PROVINCES) == 32
    assert divisions.PROVINCES["66"] == "新疆生产建设兵团"
    assert all(divisions.in_force(code + "0000") for code in divisions.PROVINCES)


@pytest.mark.rule("OP-01")
@pytest.mark.parametrize("code", sorted(divisions.PROVINCES))
def test_every_jurisdiction_may_be_registered(code: str) -> None:
    assert rules.settle_place("province", code, code + "0000", None) == rules.Place(code, code)


@pytest.mark.rule("OP-01")
@pytest.mark.parametrize(
    ("code", "division", "province"),
    [("71", "110000", None), ("110000", "110000", None), ("", "110000", None), ("11", "110000", "32")],
)
def test_what_is_no_province_of_the_pilot_is_refused(code: str, division: str, province: str | None) -> None:
    with pytest.raises(errors.ProvinceUnknown):
        rules.settle_place("province", code, division, province)


@pytest.mark.rule("OP-01")
@pytest.mark.parametrize(
    ("division", "province", "refusal"),
    [
        ("110108", "11", None),
        ("659001", "66", None),  # 石河子市: a town of the Corps lies in Xinjiang
        ("650102", "65", None),
        ("320102", "11", errors.DivisionNotInProvince),
        ("110108", "66", errors.DivisionNotInProvince),
        ("810000", "81", errors.ProvinceUnknown),
        ("110108", None, errors.ProvinceMissing),
    ],
)
def test_a_college_lies_in_its_province(division: str, province: str | None, refusal: type[Refusal] | None) -> None:
    if refusal is None:
        assert rules.settle_place("college", TEO_CODE, division, province).province_code == province
    else:
        with pytest.raises(refusal):
            rules.settle_place("college", TEO_CODE, division, province)


@pytest.mark.parametrize(
    ("division", "known"),
    [
        ("110108", True),
        ("320100", True),
        ("320000", True),
        ("320199", False),
        ("999999", False),
        ("310103", False),  # 卢湾区, part of 黄浦区 since 2011
        ("419001", True),  # 义马市 until 1989, 济源市 since 1997
    ],
)
def test_a_division_is_one_of_gb_t_2260_in_force(division: str, known: bool) -> None:
    assert divisions.in_force(division) is known


def test_a_teo_needs_no_province() -> None:
    assert rules.settle_place("teo", TEO_CODE, "110108", None) == rules.Place(TEO_CODE, None)


@pytest.mark.parametrize(
    "code", [TEO_CODE[:-1], TEO_CODE + "1", TEO_CODE[:-1] + ("0" if TEO_CODE[-1] != "0" else "1"), "", "O" * 18]
)
def test_a_credit_code_with_a_wrong_length_or_check_character_is_refused(code: str) -> None:
    with pytest.raises(errors.CreditCodeWrong):
        rules.settle_place("teo", code, "110108", None)


def test_a_credit_code_is_kept_in_one_spelling() -> None:
    written = f"{TEO_CODE[:4]}-{TEO_CODE[4:].lower()}"
    assert rules.settle_place("teo", written, "110108", None).code == TEO_CODE


@pytest.mark.rule("PP-34")
@pytest.mark.parametrize("kind", rules.COLLEGE_KINDS)
def test_vocational_colleges_and_those_that_may_choose_are_taken(kind: str) -> None:
    rules.check_college_kind("college", kind)


@pytest.mark.rule("PP-34")
@pytest.mark.parametrize(
    ("kind", "college_kind", "refusal"),
    [
        ("college", "technical_school", errors.TechnicalSchoolExcluded),
        ("college", None, errors.CollegeKindMissing),
        ("teo", "higher_vocational", errors.NotOfACollege),
        ("province", "technical_school", errors.NotOfACollege),
    ],
)
def test_technical_schools_are_excluded_and_only_colleges_have_a_kind(
    kind: str, college_kind: str | None, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        rules.check_college_kind(kind, college_kind)


@pytest.mark.rule("OP-03")
@pytest.mark.parametrize(
    ("leader", "contact", "missing"),
    [("王建国", "", ["contact_name"]), ("", "李敏", ["leader_name"]), ("", "", ["leader_name", "contact_name"])],
)
def test_a_work_group_has_a_leader_and_a_contact(leader: str, contact: str, missing: list[str]) -> None:
    rules.check_work_group("王建国", "李敏")
    with pytest.raises(errors.WorkGroupIncomplete) as refused:
        rules.check_work_group(leader, contact)
    assert refused.value.facts == {"missing": missing}


PROVINCE_11 = Caller("province-11", Role.PROVINCE, province_code="11")


@pytest.mark.rule("PP-33", "OP-01")
@pytest.mark.parametrize(
    ("by", "kind", "province", "refusal"),
    [
        (Caller("operator", Role.OPERATOR), "province", "11", None),
        (Caller("operator", Role.OPERATOR), "teo", None, None),
        (Caller("operator", Role.OPERATOR), "college", "32", None),
        (PROVINCE_11, "college", "11", None),
        *((PROVINCE_11, kind, "11", None) for kind in ("coordinating_body", "enterprise", "training_base")),
        (PROVINCE_11, "college", "32", OutOfScope),
        (PROVINCE_11, "enterprise", None, OutOfScope),
        (PROVINCE_11, "ministry", "11", errors.NotACollege),
        (PROVINCE_11, "teo", "11", errors.NotACollege),
        (PROVINCE_11, "province", "11", errors.NotACollege),
        (Caller("nowhere", Role.PROVINCE), "college", None, OutOfScope),
    ],
)
def test_a_province_files_the_colleges_of_its_territory(
    by: Caller, kind: str, province: str | None, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        rules.check_may_admit(by, kind, province)
    else:
        with pytest.raises(refusal):
            rules.check_may_admit(by, kind, province)


@pytest.mark.rule("PP-37")
def test_the_other_services_hear_of_provinces_teos_and_colleges() -> None:
    assert set(rules.HEARD_OF) == {"province", "teo", "college"}
    assert rules.code_for_others("province", "32") == "320000"
    assert rules.code_for_others("college", TEO_CODE) == TEO_CODE


@pytest.mark.rule("PP-37", "PP-01")
def test_contacts_are_read_by_regulators_the_operator_and_the_organization_itself() -> None:
    me = uuid.uuid4()
    for role in (Role.MINISTRY, Role.OPERATOR, Role.PROVINCE):
        assert rules.sees(Caller("one", role), me)
    for role in (Role.TEO, Role.COLLEGE):
        assert rules.sees(Caller("one", role, organization_id=me), me)
        assert not rules.sees(Caller("one", role, organization_id=uuid.uuid4()), me)
    assert not rules.sees(Caller("one", Role.PARTNER), me)


@pytest.mark.rule("OP-01")
def test_a_division_that_is_none_is_refused_and_an_enterprise_needs_no_province() -> None:
    rules.check_division("110108")
    with pytest.raises(errors.DivisionUnknown):
        rules.check_division("119999")
    assert rules.settle_place("enterprise", credit_code(3), "110108", None).province_code is None
    for kind in ("college", "coordinating_body", "training_base"):
        with pytest.raises(errors.ProvinceMissing):
            rules.settle_place(kind, credit_code(3), "110108", None)


@pytest.mark.rule("PP-34")
def test_a_school_code_has_ten_digits_and_is_a_colleges() -> None:
    rules.check_school_code("college", None)
    rules.check_school_code("teo", None)
    rules.check_school_code("college", "4144010001")
    for wrong in ("414401000", "41440100011", "414401000A", ""):
        with pytest.raises(errors.SchoolCodeWrong):
            rules.check_school_code("college", wrong)
    with pytest.raises(errors.NotOfACollege):
        rules.check_school_code("teo", "4144010001")


@pytest.mark.rule("PP-02", "OP-41", "OP-42")
@pytest.mark.parametrize(
    ("status", "refusal"),
    [("registered", None), ("admitted", errors.AlreadyAdmitted), ("exited", errors.OrganizationHasExited)],
)
def test_an_organization_is_admitted_once_and_does_not_come_back(status: str, refusal: type[Refusal] | None) -> None:
    if refusal is None:
        rules.check_not_admitted(status)
    else:
        with pytest.raises(refusal):
            rules.check_not_admitted(status)


@pytest.mark.rule("OP-01")
@pytest.mark.parametrize(
    ("by", "province", "own"),
    [
        (PROVINCE_11, "11", True),
        (PROVINCE_11, "32", False),
        (PROVINCE_11, None, False),
        (Caller("nowhere", Role.PROVINCE), None, False),
        (Caller("operator", Role.OPERATOR), "11", True),
        (Caller("operator", Role.OPERATOR), None, True),
        (Caller("ministry", Role.MINISTRY), "32", True),
    ],
)
def test_a_province_acts_in_its_own_territory_and_corrects_what_lies_in_it(
    by: Caller, province: str | None, own: bool
) -> None:
    for check in (
        lambda: rules.check_own_province(by, province),
        lambda: rules.check_may_correct(by, "college", province),
    ):
        if own:
            check()
        else:
            with pytest.raises(OutOfScope):
                check()


@pytest.mark.rule("OP-19")
def test_what_was_dissolved_has_no_members_to_come_or_go() -> None:
    rules.check_consortium_stands(False)
    with pytest.raises(errors.ConsortiumDissolved):
        rules.check_consortium_stands(True)
