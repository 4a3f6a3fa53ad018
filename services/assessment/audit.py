"""What the audit compares with other services' books, and what holds in this database (docs/operations.md)."""

from collections.abc import Iterator

from onex.chassis.invariants import Book, Connection, Fault, Invariant, Kind, none_found, stream
from services.assessment.results import rules

BOOKS = (
    Book(
        "passes",
        # Without those said in the seconds in which an exit was decided and not heard of here: they earn nothing (OP-41).
        "SELECT result.id AS id, result.published_at AS since, registration.learner_id, plan.certificate_type_id, plan.level,"
        " plan.standard_version, plan.teo_id, registration.college_id"
        " FROM result JOIN registration ON registration.id = result.registration_id"
        " JOIN plan ON plan.id = result.plan_id"
        " LEFT JOIN exited_organization AS exited ON exited.id = plan.teo_id AND exited.exited_at <= result.published_at"
        " WHERE result.passed AND result.published_at IS NOT NULL AND exited.id IS NULL ORDER BY result.id",
    ),
    Book(
        "organizations copied",
        "SELECT id, CAST(NULL AS timestamptz) AS since, greatest(organization.version, exited.version) AS version,"
        " organization.kind, name_zh, name_en, division_code"
        " FROM organization LEFT JOIN exited_organization AS exited USING (id) ORDER BY id",
    ),
    Book(
        "certificate types copied",
        "SELECT id, CAST(NULL AS timestamptz) AS since, version, code, name_zh, name_en, teo_id FROM certificate_type"
        " ORDER BY id",
    ),
    Book(
        "agreements copied",
        "SELECT id, said_at AS since, teo_id, in_force_from, in_force_to FROM agreement ORDER BY id",
    ),
    Book(
        "sites copied",
        "SELECT id, said_at AS since, code, college_id, teo_id, certificate_type_id, division_code FROM site ORDER BY id",
    ),
    Book(
        "site standings copied",
        "SELECT id, said_at AS since, version, standing FROM site ORDER BY id",
    ),
    Book(
        "exits copied",
        "SELECT id, CAST(NULL AS timestamptz) AS since, kind, exited_at FROM exited_organization ORDER BY id",
    ),
    Book(
        "quotas copied",
        "SELECT id, CAST(NULL AS timestamptz) AS since, version, college_id, certificate_type_id, level, year, seats"
        " FROM quota ORDER BY id",
    ),
    Book(
        "fee ceilings copied",
        "SELECT id, CAST(NULL AS timestamptz) AS since, certificate_type_id, level, amount_fen, in_force_from"
        " FROM fee_ceiling ORDER BY id",
    ),
    Book(
        "fee agreements copied",
        "SELECT id, said_at AS since, teo_id, college_id, certificate_type_id, level, amount_fen, in_force_from, in_force_to"
        " FROM fee_agreement ORDER BY id",
    ),
)


def _wrongly_judged(connection: Connection) -> Iterator[Fault]:
    """PP-19: scores, weights and pass lines still make the result that was published."""
    rows = stream(
        connection,
        "SELECT result.id, result.scores, result.score_hundredths, result.passed, plan.components,"
        " plan.pass_line_hundredths FROM result JOIN plan ON plan.id = result.plan_id"
        " WHERE result.published_at IS NOT NULL",
    )
    for result_id, scores, score_hundredths, passed, components, pass_line in rows:
        try:
            weights = [one["weight_percent"] for one in components]
            lines = [one["pass_line_hundredths"] for one in components]
            judged = rules.judge(scores, weights, lines, pass_line)
        except (ValueError, KeyError, TypeError):
            judged = None
        if judged != (score_hundredths, passed):
            yield Fault(Kind.ALTERED, str(result_id), "its scores do not make its result")


INVARIANTS = (
    Invariant("results_judged", "a published result is what its scores make it", _wrongly_judged),
    Invariant(
        "plans_counted",
        "a plan's counts are those of its registrations and results",
        none_found(
            """
            WITH listed AS (SELECT plan_id, count(*) AS registered FROM registration GROUP BY plan_id),
            judged AS (
                SELECT plan_id, count(*) AS with_result, count(*) FILTER (WHERE passed) AS passed,
                    count(published_at) AS published FROM result GROUP BY plan_id
            )
            SELECT 'altered', plan.id, 'its counts are not those of its registrations and results'
            FROM plan LEFT JOIN listed ON listed.plan_id = plan.id LEFT JOIN judged ON judged.plan_id = plan.id
            WHERE (plan.registered, plan.with_result, plan.passed, plan.results_published) <> (
                COALESCE(listed.registered, 0), COALESCE(judged.with_result, 0), COALESCE(judged.passed, 0),
                COALESCE(judged.published, 0)
            )
            """
        ),
    ),
    Invariant(
        "seats_counted",
        "the seats that count as taken of quotas are those of the registered students",
        none_found(
            """
            WITH counted AS (
                SELECT registration.college_id, plan.certificate_type_id, plan.level, plan.year, count(*) AS taken
                FROM registration JOIN plan ON plan.id = registration.plan_id
                WHERE registration.college_id IS NOT NULL
                GROUP BY registration.college_id, plan.certificate_type_id, plan.level, plan.year
            )
            SELECT 'altered', college_id, level || ' ' || year || ': the count is not that of its registrations'
            FROM seats_taken FULL JOIN counted USING (college_id, certificate_type_id, level, year)
            WHERE COALESCE(seats_taken.taken, 0) <> COALESCE(counted.taken, 0)
            """
        ),
    ),
    Invariant(
        "results_registered",
        "a published result is of a registration in the same plan",
        none_found(
            "SELECT 'orphaned', result.id, 'no registration of its plan'"
            " FROM result LEFT JOIN registration AS one ON one.id = result.registration_id"
            " AND one.plan_id = result.plan_id WHERE result.published_at IS NOT NULL AND one.id IS NULL"
        ),
    ),
)
