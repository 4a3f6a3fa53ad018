"""Step 2 of the main job: plans, sittings, rosters with mistakes in them, scores, publication."""

import csv
import io
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from onex.chassis import clock
from onex.demo import cast, terms
from onex.demo.cast import CertificateType
from onex.demo.client import Caller, until_heard
from onex.demo.rosters import Candidate, make_roster

COMPONENTS = (
    ("literacy", "职业素养", "Occupational literacy", 20, 6000),
    ("knowledge", "专业知识", "Professional knowledge", 30, 6000),
    ("skill", "职业技能", "Occupational skill", 50, 6000),
)
PASS_LINE_HUNDREDTHS = 6000


@dataclass
class Assessment:
    """One plan and what came of its rosters."""

    type: CertificateType
    plan_id: str
    registered: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)


def open_plan(teo: Caller, one: CertificateType, ids: dict[str, str]) -> Assessment:
    """A published plan for one type and level, with a sitting at each of its two sites: today, as far as Beijing is concerned."""
    began = clock.now().astimezone(clock.BEIJING).replace(hour=0, minute=0)
    body = {
        "certificate_type_id": ids[f"type-{one.code}"],
        "level": one.level,
        "title_zh": f"{one.name_zh}职业技能等级考核方案",
        "title_en": f"Assessment plan: {one.name_en}",
        "year": clock.today().year,
        "components": [
            {"code": code, "name_zh": zh, "name_en": en, "weight_percent": weight, "pass_line_hundredths": line}
            for code, zh, en, weight, line in COMPONENTS
        ],
        "pass_line_hundredths": PASS_LINE_HUNDREDTHS,
    }
    plan = until_heard(lambda: teo.post("/assessment/v1/plans", body))
    teo.post(f"/assessment/v1/plans/{plan['id']}/publication")
    for number in (1, 2):
        sitting = {
            "plan_id": plan["id"],
            "site_id": ids[f"S{one.code}{number}"],
            "starts_at": began.isoformat(),
            "ends_at": (began + timedelta(hours=2)).isoformat(),
            "capacity": 100_000,
        }
        until_heard(partial(teo.post, "/assessment/v1/sittings", sitting))
    until_heard(lambda: terms.wait_heard(teo, plan["id"], one))
    return Assessment(one, plan["id"])


def send_rosters(
    assessment: Assessment, teo: Caller, colleges: dict[str, Caller], candidates: int, seed: int,
    seen: Callable[[int], None],
) -> None:  # fmt: skip
    """Two colleges' rosters (one XLSX, one CSV as Chinese schools send it, GB18030) and the TEO's own of social persons."""
    one = assessment.type
    first, second = cast.colleges_of(one)
    sites = [f"S{one.code}1", f"S{one.code}2"]
    social = max(1, candidates // 20)
    small = max(1, min(500, (candidates - social) // 4))
    shapes: tuple[tuple[Caller, int, dict[str, Any]], ...] = (
        (colleges[first.key], small, {"colleges": [first.code], "form": "xlsx", "social_share": 0.0}),
        (
            colleges[second.key],
            candidates - social - small,
            {"colleges": [second.code], "encoding": "gb18030" if seed % 2 else "utf-8", "social_share": 0.0},
        ),
        (teo, social, {"colleges": [first.code], "social_share": 1.0}),
    )
    for place, (caller, size, shape) in enumerate(shapes):
        roster = make_roster(
            size, seed=seed * 10 + place, sites=sites, levels=[one.level], certificate_type=one.code, **shape
        )
        path = f"/assessment/v1/plans/{assessment.plan_id}/rosters"
        job = caller.upload(path, roster.filename, roster.data)
        done = caller.wait_job(f"/assessment/v1/jobs/{job['id']}")
        report = caller.get(f"/assessment/v1/jobs/{job['id']}/refusals.csv").decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(report)):
            assessment.refused[row["code"]] = assessment.refused.get(row["code"], 0) + 1
        assessment.registered += done["accepted"]
        assessment.candidates += roster.candidates
        seen(size)


def send_scores(assessment: Assessment, teo: Caller, seed: int) -> None:
    """A results file for everyone registered: about 85 in 100 pass."""
    chance = random.Random(seed)
    listing = teo.get(f"/assessment/v1/plans/{assessment.plan_id}/registrations.csv").decode("utf-8-sig")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["报名号", *(code for code, *_ in COMPONENTS)])
    for row in csv.DictReader(io.StringIO(listing)):
        low = chance.random() < 0.15
        scores = [chance.randint(3000, 5999) if low else chance.randint(6000, 10000) for _ in COMPONENTS]
        writer.writerow([row["registration_number"], *(f"{score / 100:.2f}" for score in scores)])
    path = f"/assessment/v1/plans/{assessment.plan_id}/results"
    job = teo.upload(path, f"results-{uuid.uuid4().hex[:8]}.csv", out.getvalue().encode())
    done = teo.wait_job(f"/assessment/v1/jobs/{job['id']}")
    if done["refused"]:
        raise RuntimeError(f"{done['refused']} scores of {assessment.type.name_en} were refused")


def publish(assessment: Assessment, teo: Caller) -> str:
    """Make the results public; returns the job's address."""
    job = teo.post(f"/assessment/v1/plans/{assessment.plan_id}/results/publication")
    return f"/assessment/v1/jobs/{job['id']}"
