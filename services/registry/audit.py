"""What the audit compares with the other services' copies (docs/operations.md)."""

from onex.chassis.invariants import Book, Invariant, none_found
from services.registry.history import queries as history

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
        "exits",
        "SELECT id, CAST(NULL AS timestamptz) AS since, kind, exited_at FROM organization WHERE status = 'exited' ORDER BY id",
    ),
    Book(
        "TEO exits",
        "SELECT id, CAST(NULL AS timestamptz) AS since, exited_at FROM organization"
        " WHERE status = 'exited' AND kind = 'teo' ORDER BY id",
    ),
    Book(
        "site standings",
        "SELECT id, filed_at AS since, version, state AS standing FROM site WHERE filed_at IS NOT NULL ORDER BY id",
    ),
    Book(
        "quotas",
        "SELECT id, CAST(NULL AS timestamptz) AS since, version, college_id, certificate_type_id, level, year, seats"
        " FROM quota ORDER BY id",
    ),
    Book(
        "fee ceilings",
        "SELECT id, CAST(NULL AS timestamptz) AS since, certificate_type_id, level, amount_fen, in_force_from"
        " FROM fee_ceiling WHERE state = 'published' ORDER BY id",
    ),
    Book(
        "fee agreements",
        "SELECT id, agreed_at AS since, teo_id, college_id, certificate_type_id, level, amount_fen, in_force_from, in_force_to"
        " FROM fee_agreement WHERE state IN ('agreed', 'ended') ORDER BY id",
    ),
    Book(
        "sites",
        "SELECT id, filed_at AS since, code, college_id, teo_id, certificate_type_id, division_code FROM site"
        " WHERE filed_at IS NOT NULL ORDER BY id",
    ),
)

INVARIANTS = (
    Invariant(
        "history", "every entry of the history follows the one before it, unaltered, up to the head", history.faults
    ),
    Invariant(
        "caps_kept",
        "no round accepts more TEOs of a tier than its cap (PP-08)",
        none_found(
            """
            SELECT 'doubled', recruitment_round.id, tier || ': ' || count(*) || ' are accepted' FROM application
            JOIN recruitment_round ON recruitment_round.id = round_id WHERE application.state = 'accepted'
            GROUP BY recruitment_round.id, tier HAVING count(*) > CASE tier
                WHEN 'mature' THEN cap_mature WHEN 'growing' THEN cap_growing ELSE cap_planned END
            """
        ),
    ),
    Invariant(
        "one_fee_a_day",
        "of a college, type and level one fee is agreed for a day (OP-28)",
        none_found(
            """
            SELECT 'doubled', one.id, 'two fees are agreed for the same days' FROM fee_agreement AS one
            JOIN fee_agreement AS other ON other.college_id = one.college_id
                AND other.certificate_type_id = one.certificate_type_id AND other.level = one.level AND other.id > one.id
                AND other.in_force_from <= one.in_force_to AND other.in_force_to >= one.in_force_from
                AND one.in_force_from <= one.in_force_to AND other.in_force_from <= other.in_force_to
            WHERE one.state IN ('agreed', 'ended') AND other.state IN ('agreed', 'ended')
            """
        ),
    ),
    Invariant(
        "ceilings_in_a_row",
        "the published ceilings of a level are numbered without gaps (OP-27)",
        none_found(
            "SELECT 'missing', certificate_type_id, 'a version of a fee ceiling' FROM fee_ceiling"
            " WHERE state = 'published' GROUP BY certificate_type_id, level HAVING max(version) <> count(*)"
        ),
    ),
    Invariant(
        "standards_reviewed",
        "no standard is published without its review (PP-12)",
        none_found(
            "SELECT 'missing', id, 'the review of a published standard' FROM standard"
            " WHERE state IN ('published', 'retired') AND reviewed_at IS NULL"
        ),
    ),
    Invariant(
        "costs_add_up",
        "a cost account's items are its sums (OP-30)",
        none_found(
            """
            SELECT 'altered', id, 'its items do not sum to its amounts' FROM cost_account
            WHERE cost_fen <> (
                SELECT coalesce(sum(CAST(item->>'amount_fen' AS bigint)), 0) FROM jsonb_array_elements(cost_items) AS item
            ) OR income_fen <> (
                SELECT coalesce(sum(CAST(item->>'amount_fen' AS bigint)), 0) FROM jsonb_array_elements(income_items) AS item
            )
            """
        ),
    ),
    Invariant(
        "funds_add_up",
        "what an allocation says was received and used is what its receipts and uses say (OP-34)",
        none_found(
            """
            SELECT 'altered', id, 'its receipts or uses do not sum to its amounts' FROM allocation
            WHERE received_fen <> (
                SELECT coalesce(sum(amount_fen), 0) FROM receipt WHERE allocation_id = allocation.id AND cancelled_at IS NULL
            ) OR used_fen <> (
                SELECT coalesce(sum(amount_fen), 0) FROM fund_use WHERE allocation_id = allocation.id AND cancelled_at IS NULL
            )
            """
        ),
    ),
    Invariant(
        "sites_known",
        "a site that others know of was filed, and one that was filed is known (OP-23)",
        none_found(
            "SELECT 'altered', id, 'its version and its filing do not agree' FROM site"
            " WHERE (version > 0) <> (filed_at IS NOT NULL)"
        ),
    ),
    Invariant(
        "places_counted",
        "a programme's count of enrolled is that of its enrolments (OP-11)",
        none_found(
            """
            SELECT 'altered', programme.id, 'its count is not that of its enrolments' FROM training_programme AS programme
            LEFT JOIN (
                SELECT programme_id, count(*) AS standing FROM training_enrolment WHERE state = 'enrolled' GROUP BY programme_id
            ) AS counted ON counted.programme_id = programme.id
            WHERE programme.enrolled <> coalesce(counted.standing, 0)
            """
        ),
    ),
    Invariant(
        "workload_exact",
        "workload is lessons times ratio (OP-18)",
        none_found(
            "SELECT 'altered', id, 'it is not its lessons times its ratio' FROM training_workload"
            " WHERE workload <> lessons * ratio"
        ),
    ),
    Invariant(
        "industry_share",
        "of an announced programme's experts at least two of five come from enterprises (OP-14)",
        none_found(
            """
            SELECT 'altered', programme.id, 'too few experts of industry' FROM training_programme AS programme
            JOIN programme_expert AS one ON one.programme_id = programme.id
            JOIN training_expert AS expert ON expert.id = one.expert_id
            WHERE programme.announced_at IS NOT NULL
            GROUP BY programme.id HAVING count(*) FILTER (WHERE expert.source = 'enterprise') * 5 < count(*) * 2
            """
        ),
    ),
)
