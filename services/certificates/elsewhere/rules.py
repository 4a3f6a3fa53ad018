"""Which certificates issued elsewhere come onto the platform, and when (OP-32, OP-41, PP-10, PP-18). Days are Beijing's."""

import uuid
from collections.abc import Collection
from datetime import date

from services.certificates.elsewhere.errors import AnnouncementDue, DayImpossible, RowRefused, TypeNotTheTeos

PILOT_BEGAN_ON = date(2019, 4, 4)
"""PP, head: the day of the pilot plan. No certificate of the pilot is older."""


def check_type(type_teo_id: uuid.UUID | None, teo_id: uuid.UUID, levels: Collection[str], level: str) -> None:
    """PP-18: only the TEO of a type issues its certificates; PP-10: at a level that was published. Raises RowRefused."""
    if type_teo_id is None:
        raise RowRefused(
            "certificate_type", "unknown_certificate_type", "No certificate has this code.", "没有该编码的证书。"
        )
    if type_teo_id != teo_id:
        raise RowRefused(
            "certificate_type",
            "not_the_types_teo",
            "Only the TEO of a certificate type issues its certificates.",
            "该证书由其他培训评价组织颁发。",
        )
    if level not in levels:
        raise RowRefused(
            "level", "level_not_published", "The certificate has no such level.", "该证书没有发布此级别的标准。"
        )


def check_issued_on(issued_on: date, today: date, exited_on: date | None) -> None:
    """OP-32: issued already, and within the pilot. OP-41: before the day on which its TEO left, None where it has not.

    What a TEO issued before it left stays valid, and so may still be entered. Raises RowRefused.
    """
    if issued_on > today:
        raise RowRefused("issued_on", "issued_in_the_future", "This day has not come yet.", "颁发日期晚于今日。")
    if issued_on < PILOT_BEGAN_ON:
        raise RowRefused(
            "issued_on",
            "issued_before_the_pilot",
            f"The pilot began on {PILOT_BEGAN_ON.isoformat()}.",
            f"试点始于{PILOT_BEGAN_ON.isoformat()}，颁发日期不应更早。",
        )
    if exited_on is not None and issued_on >= exited_on:
        raise RowRefused(
            "issued_on",
            "issued_after_exit",
            "From the day of its exit on a TEO issues nothing.",
            "培训评价组织自退出试点之日起不得颁发证书。",
        )


def check_college(college_code: str, college_id: uuid.UUID | None) -> None:
    """A college that is named is one of the pilot's; social persons have none (OP-17). Raises RowRefused."""
    if college_code and college_id is None:
        raise RowRefused("college_code", "unknown_college", "No pilot college has this code.", "没有该代码的试点院校。")


def number_taken() -> RowRefused:
    """One number of a TEO is one certificate: it was entered with other data."""
    return RowRefused(
        "foreign_number",
        "number_taken",
        "This number was entered with other data. To correct a certificate, have it replaced.",
        "该证书编号已录入，且信息不一致。如需更正，请办理证书更换。",
    )


def entered_already() -> RowRefused:
    """One person has one certificate of a type and level of a day."""
    return RowRefused(
        None,
        "entered_already",
        "This person's certificate of this type, level and day is on the platform already, under another number.",
        "该人员同一证书、同一级别、同一日期的证书已在平台，编号不同。",
    )


def check_announced(
    teo_id: uuid.UUID, type_teo_id: uuid.UUID | None, issued_on: date, today: date, exited_on: date | None
) -> None:
    """The same of an announcement. Raises TypeNotTheTeos (PP-18), DayImpossible."""
    if type_teo_id != teo_id:
        raise TypeNotTheTeos()
    try:
        check_issued_on(issued_on, today, exited_on)
    except RowRefused as no:
        raise DayImpossible(no.reason) from None


def check_correctable(due_on: date | None, today: date, sees_everything: bool) -> None:
    """OP-32: once what was announced is due, its TEO cannot make a breach go away. Raises AnnouncementDue."""
    if due_on is not None and due_on < today and not sees_everything:
        raise AnnouncementDue()
