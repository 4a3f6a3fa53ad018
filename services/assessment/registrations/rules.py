"""Which candidates of a roster may be registered for a plan."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import date

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
    """PP-15, PP-21: candidates are assessed at the site they chose, where the plan has a sitting that was not annulled."""
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


def registration_released() -> RowRefused:
    """OP-42: whose registration was released is registered anew, in another plan, on the terms of the day."""
    return RowRefused(
        "document_number",
        "registration_released",
        "The candidate was released from this plan. Whoever is to be assessed is registered anew, in another plan.",
        "该考生在本考核计划中的报名已解除，须在新的考核计划中重新报名。",
    )


def first_difference(registered: tuple[object, ...], given: tuple[object, ...], columns: tuple[str, ...]) -> str | None:
    """The first column in which a registration and a row differ; None when they are the same."""
    for was, now, column in zip(registered, given, columns, strict=True):
        if was != now:
            return column
    return None


def check_teo_stays(exited: bool) -> None:
    """OP-41: from the decision on nobody new is registered for a plan of a TEO that has left."""
    if exited:
        raise RowRefused(
            None, "teo_exited", "The TEO of this plan has left the pilot.", "本考核计划的培训评价组织已退出试点。"
        )


def check_college_stays(exited: bool) -> None:
    """OP-42: from the decision on no new student of a college that has left is registered."""
    if exited:
        raise RowRefused("college_code", "college_exited", "The college has left the pilot.", "该院校已退出试点。")


def check_level_chosen(chosen: Collection[str], level: str) -> None:
    """PP-13: a college that may choose its levels assesses at those it has chosen; an empty choice is all of them."""
    if chosen and level not in chosen:
        raise RowRefused(
            "college_code",
            "level_not_chosen",
            "The college has not chosen the level of this plan.",
            "该院校未选择本考核计划的级别。",
        )


def check_site_open(standing: str) -> None:
    """OP-23, OP-42: nobody new goes to a site that is suspended or closed, or whose college has left."""
    if standing != "filed":
        raise RowRefused("site_code", "site_not_open", "The site takes nobody at present.", "该考点目前不接受报名。")


def agreed_fee(fees: Iterable[tuple[int, date, date]], day: date) -> int | None:
    """OP-28: what is agreed for a day, in fen, the first and the last day included; None where nothing is."""
    return min((amount_fen for amount_fen, first, last in fees if first <= day <= last), default=None)


def check_fee(fees: Iterable[tuple[int, date, date]], ceilings: Iterable[tuple[date, int, int]], day: date) -> None:
    """OP-28: what a student of a college costs is agreed for the sitting's day, at or under the ceiling of that day (OP-27).

    `fees`: amount in fen, first and last day of what TEO, province and college have agreed. `ceilings`: first day,
    version, amount in fen. Raises RowRefused.
    """
    agreed = agreed_fee(fees, day)
    if agreed is None:
        raise RowRefused(
            "college_code",
            "fee_not_agreed",
            "TEO, province and college have agreed on no fee for the day of the sitting.",
            "培训评价组织、省级教育行政部门与院校尚未约定考核当日的费用。",
        )
    begun = [(first, version, amount_fen) for first, version, amount_fen in ceilings if first <= day]
    if begun and agreed > max(begun)[2]:
        raise RowRefused(
            "college_code",
            "fee_above_ceiling",
            "The agreed fee is above the ceiling in force on the day of the sitting.",
            "约定的费用高于考核当日有效的收费上限。",
        )


def quota_not_filed() -> RowRefused:
    """OP-07: how many students a college has assessed is filed beforehand."""
    return RowRefused(
        "college_code",
        "quota_not_filed",
        "No quota is filed for the college at this level in this year.",
        "该院校本年度该级别的试点规模尚未备案。",
    )


def quota_full() -> RowRefused:
    """OP-07: the filed quota is all taken; more students need a higher one."""
    return RowRefused(
        "college_code", "quota_full", "The college's filed quota is all taken.", "该院校备案的试点规模已满。"
    )
