"""Which candidates of a roster may be registered for a plan."""

import uuid
from collections.abc import Collection, Mapping

from services.assessment.registrations.errors import RowRefused


def check_certificate(given_code: str, given_level: str | None, plan_code: str, plan_level: str) -> None:
    """A row that names a certificate or a level names the plan's. Leading zeros do not count: spreadsheets eat them."""
    if given_code and given_code.lstrip("0") != plan_code.lstrip("0"):
        raise RowRefused(
            "certificate_type",
            "certificate_type_not_of_plan",
            f"This plan assesses the certificate {plan_code}.",
            f"本考核计划对应的证书编码为{plan_code}。",
        )
    if given_level is not None and given_level != plan_level:
        raise RowRefused(
            "level", "level_not_of_plan", f"This plan assesses the {plan_level} level.", "级别与本考核计划不一致。"
        )


def college_of(
    candidate_kind: str, college_code: str, colleges: Mapping[str, uuid.UUID], sender: uuid.UUID | None
) -> uuid.UUID | None:
    """The college that a candidate comes from. OP-17: social persons come from none and the TEO registers them.

    `colleges`: id by code, of those admitted. `sender`: the college that sent the roster, None when the TEO did.
    A college registers its own students only. Raises RowRefused.
    """
    if candidate_kind == "social":
        if college_code:
            raise RowRefused(
                "college_code",
                "social_with_college",
                "A social person is registered without a college.",
                "社会人员不应填写院校代码。",
            )
        if sender is not None:
            raise RowRefused(
                "candidate_kind",
                "college_not_yours",
                "A college registers its own students; social persons are registered by the TEO.",
                "院校只能为本校学生报名；社会人员由培训评价组织报名。",
            )
        return None
    if not college_code:
        raise RowRefused("college_code", "college_missing", "A student needs a college code.", "学生必须填写院校代码。")
    college_id = colleges.get(college_code)
    if college_id is None:
        raise RowRefused("college_code", "unknown_college", "No pilot college has this code.", "没有该代码的试点院校。")
    if sender is not None and college_id != sender:
        raise RowRefused("college_code", "college_not_yours", "This is another college's code.", "这是其他院校的代码。")
    return college_id


def check_site(site_code: str, sites: Collection[str]) -> None:
    """PP-15: candidates are assessed at the site they chose, which must be one where the plan has a sitting."""
    if site_code not in sites:
        raise RowRefused(
            "site_code", "unknown_site", "The plan has no sitting at this site.", "本考核计划在该考点没有场次。"
        )


def sitting_full() -> RowRefused:
    """Every place at the chosen site is taken: nobody is moved to a site they did not choose (PP-15)."""
    return RowRefused("site_code", "sitting_full", "Every place at this site is taken.", "该考点的名额已满。")


def duplicate_row(first_row: int) -> RowRefused:
    """The same candidate stood higher up in the same file."""
    return RowRefused(
        "document_number",
        "duplicate_row",
        f"The same candidate is in row {first_row} of this file.",
        f"与本文件第{first_row}行为同一考生。",
    )


def already_registered(column: str) -> RowRefused:
    """The candidate is registered for the plan with something else in this column: the first registration stands."""
    return RowRefused(
        column,
        "already_registered",
        "The candidate is registered for this plan already, with other data.",
        "该考生已报名本考核计划，且已登记的信息与此不同。",
    )


def first_difference(registered: tuple[object, ...], given: tuple[object, ...], columns: tuple[str, ...]) -> str | None:
    """The first column in which a registration and a row differ; None when they are the same."""
    for was, now, column in zip(registered, given, columns, strict=True):
        if was != now:
            return column
    return None
