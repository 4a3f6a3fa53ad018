"""Notices of the State Council as tests send them."""

from datetime import date
from typing import Any

from onex.chassis.access import Role
from onex.chassis.working_days import PUBLISHED
from tests.harness.service import Service, json_of

ROOT = "/certificates/v1/deadlines"


def published(year: int, **changed: bool) -> list[dict[str, Any]]:
    """The days of a year's calendar as it is published, with changes: `d0303=False` makes 3 March a day off."""
    named = PUBLISHED.moved_days(year) | {
        date(year, int(day[1:3]), int(day[3:])): worked for day, worked in changed.items()
    }
    return [{"day": day.isoformat(), "worked": worked} for day, worked in named.items()]


def enter(service: Service, year: int, number: str = "国办发明电〔2018〕15号", **changed: bool) -> dict[str, Any]:
    """An operator enters a year's notice."""
    body = {"source_number": number, "published_on": f"{year - 1}-11-04", "days": published(year, **changed)}
    path = f"{ROOT}/calendars/{year}/notices"
    made: dict[str, Any] = json_of(service.call("POST", path, role=Role.OPERATOR, json=body, expect=201))
    return made
