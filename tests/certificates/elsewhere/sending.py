"""Files of certificates issued elsewhere as tests send them, and what became of their rows."""

import csv
import io
import json
import uuid
from typing import Any

import openpyxl
from sqlalchemy import text

from onex.chassis.access import Role
from onex.contracts.registry import OrganizationAdmitted
from tests.certificates.given import Pilot, admitted
from tests.harness.service import Service, json_of

ROOT = "/certificates/v1/elsewhere"
COLUMNS = (
    "document_type", "document_number", "name", "certificate_type", "level", "standard_version", "issued_on",
    "foreign_number", "college_code",
)  # fmt: skip
Row = dict[str, Any]
NUMBERS = ("11010519491231002X", "440106199901010078", "650102200001010012")


def row(nth: int = 0, **changes: Any) -> Row:
    """A right row; `nth` gives another number and, up to 3, another person."""
    known = {
        "document_number": NUMBERS[nth % len(NUMBERS)],
        "name": ("张三", "买买提·艾力", "李四")[nth % len(NUMBERS)],
        "certificate_type": "004",
        "level": "intermediate",
        "standard_version": "1.0",
        "issued_on": "2026-03-02",
        "foreign_number": f"WEB-2026-{nth:06}",
    }
    return known | changes


def as_csv(rows: list[Row]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def as_xlsx(rows: list[Row]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for cells in (COLUMNS, *([one.get(name) for name in COLUMNS] for one in rows)):
        sheet.append(list(cells))
    book.save(file)
    return file.getvalue()


def as_json(rows: list[Any]) -> bytes:
    return json.dumps(rows, ensure_ascii=False).encode()


def college(college_id: uuid.UUID, **changes: Any) -> OrganizationAdmitted:
    """A college is admitted."""
    return admitted(college_id, kind="college", code="4144010001", province_code="44", **changes)


def send_file(pilot: Pilot, data: bytes, name: str = "certificates.csv", **caller: Any) -> Row:
    """Send a file as the pilot's TEO, unless told; the job, which has been worked off."""
    caller = caller or {"role": Role.TEO, "organization_id": pilot.teo_id}
    query = f"?teo_id={pilot.teo_id}" if caller["role"] is Role.OPERATOR else ""
    path, form = f"{ROOT}/files{query}", {"file": (io.BytesIO(data), name)}
    return finished(pilot.certificates, pilot.certificates.call("POST", path, data=form, expect=202, **caller))


def send(pilot: Pilot, *rows: Any) -> Row:
    """Send an array of rows as a TEO's machine does; the job, which has been worked off."""
    options: dict[str, Any] = {"data": as_json(list(rows)), "content_type": "application/json"}
    caller: dict[str, Any] = {"role": Role.TEO, "organization_id": pilot.teo_id}
    answer = pilot.certificates.call("POST", f"{ROOT}/certificates", expect=202, **caller, **options)
    return finished(pilot.certificates, answer)


def finished(service: Service, answer: Any) -> Row:
    service.run_jobs()
    path = f"/certificates/v1/jobs/{json_of(answer)['id']}"
    job: Row = json_of(service.call("GET", path, role=Role.OPERATOR, expect=200))
    file = service.call("GET", f"{path}/refusals.csv", role=Role.OPERATOR, expect=200).get_data(as_text=True)
    job["why"] = [line[:3] for line in csv.reader(io.StringIO(file.removeprefix("\ufeff")))][1:]
    return job


def outcome(job: Row) -> tuple[str, int, int, int]:
    return job["state"], job["accepted"], job["unchanged"], job["refused"]


def entered(pilot: Pilot) -> list[Any]:
    """The certificates, oldest first."""
    with pilot.certificates.database.session() as session:
        return list(session.execute(text("SELECT * FROM certificate ORDER BY foreign_number, id")))
