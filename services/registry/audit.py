"""What the audit compares with the other services' copies (docs/operations.md)."""

from onex.chassis.invariants import Book, Invariant

BOOKS = (
    Book(
        "organizations",
        "SELECT id, admitted_at AS since, version, kind, name_zh, name_en, division_code FROM organization"
        " WHERE version > 0 ORDER BY id",
    ),
    Book(
        "TEOs",
        "SELECT id, admitted_at AS since, version, name_zh, name_en FROM organization"
        " WHERE version > 0 AND kind = 'teo' ORDER BY id",
    ),
    Book(
        "certificate types",
        "SELECT id, CAST(NULL AS timestamptz) AS since, version, code, name_zh, name_en, teo_id FROM certificate_type"
        " WHERE version > 0 ORDER BY id",
    ),
    Book(
        "agreements",
        "SELECT id, created_at AS since, teo_id, in_force_from, in_force_to FROM agreement ORDER BY id",
    ),
    Book(
        "sites",
        "SELECT id, filed_at AS since, code, college_id, teo_id, certificate_type_id, division_code FROM site"
        " WHERE filed_at IS NOT NULL ORDER BY id",
    ),
)

INVARIANTS: tuple[Invariant, ...] = ()
