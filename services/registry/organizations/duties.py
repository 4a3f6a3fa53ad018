"""Who answers for what in the pilot (PP-01, PP-37), as data: each actor's duties and the doors it carries them out with.

A door is written as method and path; `{id}` stands for what varies. What is named here and what the doors' `@allow` say is
compared by a test, so neither can change without the other.
"""

from dataclasses import dataclass

from onex.chassis.access import Role

ALL, TERRITORY, ITSELF = "everything", "what lies in its territory", "its own"


@dataclass(frozen=True)
class Duty:
    """One duty. `role` is the role of the actor's callers, `reads` how far they see."""

    actor: str
    clause: str
    duty: str
    role: Role
    reads: str
    doors: tuple[str, ...] = ()


DUTIES = (
    Duty(
        "Ministry of Education",
        "PP-37",
        "plans and deploys the pilot: opens its batches, keeps the fields, recruits TEOs, records the colleges provinces file",
        Role.MINISTRY,
        ALL,
        (
            "POST /batches",
            "PUT /batches/{id}",
            "POST /batches/{id}/colleges",
            "DELETE /batches/{id}/colleges/{id}",
            "POST /fields",
            "PUT /fields/{id}",
            "POST /recruitment-rounds",
            "POST /recruitment-rounds/{id}/announcement",
            "POST /applications/{id}/panel",
            "POST /applications/{id}/notice",
            "POST /applications/{id}/decision",
            "POST /objections/{id}/answer",
            "POST /college-filings/{id}/recording",
        ),
    ),
    Duty(
        "National Development and Reform Commission, Ministry of Finance",
        "PP-01",
        "run the pilot jointly with the Ministry of Education",
        Role.MINISTRY,
        ALL,
    ),
    Duty(
        "State Administration for Market Regulation (Standardization Administration)",
        "PP-37",
        "coordinates and guides the standardization of vocational education and training",
        Role.MINISTRY,
        ALL,
    ),
    Duty(
        "provincial education department",
        "PP-37",
        "guides the pilot in its territory: names its coordinating body and liaisons, files colleges, quotas and bases",
        Role.PROVINCE,
        TERRITORY,
        (
            "POST /coordinating-bodies",
            "POST /liaisons",
            "DELETE /liaisons/{id}",
            "POST /college-filings",
            "POST /organizations/{id}/admission",
            "PATCH /organizations/{id}",
            "PUT /quotas",
            "PUT /training-bases/{id}/shares",
        ),
    ),
    Duty(
        "provincial functional departments",
        "PP-37",
        "determine the policy of fees for training and assessment (PP-38)",
        Role.PROVINCE,
        TERRITORY,
        ("POST /fee-policies",),
    ),
    Duty(
        "party committee of a college",
        "PP-37",
        "leads the college's part: names its work group, brings it into consortia",
        Role.COLLEGE,
        ITSELF,
        (
            "PUT /organizations/{id}/work-group",
            "POST /consortia",
            "POST /consortia/{id}/members",
            "DELETE /consortia/{id}/members",
            "POST /consortia/{id}/dissolution",
        ),
    ),
)
