"""What the audit compares with other services' books, and what holds in this database (docs/operations.md)."""

from onex.chassis.invariants import Book, Invariant, none_found

BOOKS = (
    # In the order of an index that is there anyway; of this event the certificate is also the subject.
    Book(
        "notices",
        "SELECT certificate_id AS id, noted_at AS since,"
        # Not by a regular expression, which takes twenty times as long, nor as JSON, which fails on a body that is none.
        """ split_part(split_part(CAST(body AS text), '"number":', 2), '"', 2) AS number,"""
        " certificate_type_code AS type_code FROM notice WHERE name = 'certificate_issued' ORDER BY certificate_id",
    ),
    # How many changes of each certificate's standing were told of, as a version: whichever of them is lost, it is too low.
    Book(
        "standings noticed",
        "SELECT certificate_id AS id, max(noted_at) AS since, 1 + count(DISTINCT certificate_version) AS version"
        " FROM notice WHERE name = 'certificate_standing_changed' GROUP BY certificate_id ORDER BY certificate_id",
    ),
)

# The row of a notice and those of its deliveries are written in one transaction, so none is ever under way.
# Not looked at: what was noted before a subscription was made or last activated, as none is made for one that is disabled,
# and within ten seconds of that (it may not have been committed yet).
_LOST = """
    WITH told AS MATERIALIZED (
        SELECT id, events, certificate_type_codes AS codes, told_since FROM subscription WHERE state = 'active'
    )
    SELECT 'missing', notice.event_id, 'no delivery of this notice for subscription ' || told.id
    FROM told
    JOIN notice ON notice.name = ANY (told.events) AND notice.noted_at > told.told_since + interval '10 seconds'
    WHERE (told.codes IS NULL OR notice.certificate_type_code = ANY (told.codes))
        AND NOT EXISTS (SELECT FROM delivery WHERE delivery.notice_id = notice.event_id
            AND delivery.subscription_id = told.id)
"""

INVARIANTS = (
    Invariant(
        "deliveries_made",
        "every active subscription has a delivery of every notice it asked for",
        none_found(_LOST),
    ),
    Invariant(
        "notices_whole",
        "a notice's columns are those of its event",
        none_found(
            "SELECT 'altered', event_id, 'its columns and its body differ' FROM notice"
            """ WHERE split_part(split_part(CAST(body AS text), '"certificate_id":', 2), '"', 2)"""
            " <> CAST(certificate_id AS text) OR (name = 'certificate_standing_changed'"
            """ AND split_part(split_part(CAST(body AS text), '"certificate_version":', 2), ',', 1)"""
            " <> CAST(certificate_version AS text))"
        ),
    ),
)
