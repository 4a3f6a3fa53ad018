"""How many certificates a TEO issued of a type in a month, and what became of them, beside what is usual for it (PP-17).

From counts that are kept (entry_tally) and from the changes of that month's certificates: no certificate is read.
"""

from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from onex.chassis.access import Caller
from services.certificates.standing import rules

_OF_MONTH = text(
    """
    WITH monthly AS (
        SELECT teo_id, certificate_type_id, month, CAST(sum(on_time + late + unknown) AS bigint) AS issued FROM entry_tally
        WHERE month BETWEEN :month - interval '12 months' AND :month AND (:everything OR teo_id = :teo_id) GROUP BY 1, 2, 3
    ), earlier AS (
        SELECT teo_id, certificate_type_id, count(*) AS months,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY issued) AS usual
        FROM monthly WHERE month < :month GROUP BY 1, 2
    ), last AS (
        SELECT DISTINCT ON (certificate_id) teo_id, certificate_type_id, standing FROM standing_change
        WHERE issued_on >= :month AND issued_on < :month + interval '1 month' AND (:everything OR teo_id = :teo_id)
        ORDER BY certificate_id, version DESC
    ), became AS (
        SELECT teo_id, certificate_type_id, count(*) FILTER (WHERE standing = 'suspended') AS suspended,
            count(*) FILTER (WHERE standing = 'revoked') AS revoked, count(*) FILTER (WHERE standing = 'replaced') AS replaced
        FROM last GROUP BY 1, 2
    )
    SELECT teo_id, certificate_type_id, month, issued, COALESCE(usual, 0) AS usual, COALESCE(months, 0) AS months,
        COALESCE(suspended, 0) AS suspended, COALESCE(revoked, 0) AS revoked, COALESCE(replaced, 0) AS replaced
    FROM monthly LEFT JOIN earlier USING (teo_id, certificate_type_id) LEFT JOIN became USING (teo_id, certificate_type_id)
    WHERE month = :month ORDER BY teo_id, certificate_type_id
    """
)


def of_month(session: Session, who: Caller, day: date) -> list[dict[str, Any]]:
    """The month that `day` is in, by TEO and type: all for operator and Ministry, a TEO's own. Out of line first."""
    asked = {"month": day.replace(day=1), "everything": who.sees_everything, "teo_id": who.organization_id}
    rows = [dict(row) | _judged(dict(row)) for row in session.execute(_OF_MONTH, asked).mappings()]
    return sorted(rows, key=lambda row: not (row["volume_out_of_line"] or row["revocations_out_of_line"]))


def _judged(row: dict[str, Any]) -> dict[str, bool]:
    return {
        "volume_out_of_line": rules.volume_is_out_of_line(row["issued"], row["usual"], row["months"]),
        "revocations_out_of_line": rules.revocations_are_out_of_line(row["issued"], row["revoked"]),
    }
