"""What the audit compares with other services' books, and what holds in this database (docs/operations.md)."""

from collections.abc import Iterator

from onex.chassis.invariants import Book, Connection, Fault, Invariant, Kind, none_found, stream
from services.assessment.results import rules

BOOKS = (
    Book(
        "passes",
        # A pass is version 1. An annulled result, pass or not, is version 2: as such it is known elsewhere by its annulment.
        "SELECT result.id AS id, COALESCE(annulled.annulled_at, result.published_at) AS since,"
        " CASE WHEN annulled.result_id IS NULL THEN 1 ELSE 2 END AS version, registration.learner_id,"
        " plan.certificate_type_id, plan.level,"
        " CASE WHEN annulled.result_id IS NULL THEN plan.standard_version END AS standard_version, plan.teo_id,"
        " registration.college_id FROM result JOIN registration ON registration.id = result.registration_id"
        " JOIN plan ON plan.id = result.plan_id LEFT JOIN annulled_result AS annulled ON annulled.result_id = result.id"
        # Without those said in the seconds in which an exit was decided and not heard of here: they earn nothing (OP-41).
        " LEFT JOIN exited_organization AS exited ON exited.id = plan.teo_id AND exited.exited_at <= result.published_at"
        " WHERE (result.passed OR annulled.result_id IS NOT NULL) AND result.published_at IS NOT NULL"
        " AND exited.id IS NULL ORDER BY result.id",
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
                SELECT result.plan_id, count(*) AS with_result, count(published_at) AS published,
                    count(*) FILTER (WHERE result.passed AND annulled.result_id IS NULL) AS passed,
                    count(annulled.result_id) AS annulled
                FROM result LEFT JOIN annulled_result AS annulled ON annulled.result_id = result.id GROUP BY result.plan_id
            )
            SELECT 'altered', plan.id, 'its counts are not those of its registrations and results'
            FROM plan LEFT JOIN listed ON listed.plan_id = plan.id LEFT JOIN judged ON judged.plan_id = plan.id
            WHERE (plan.registered, plan.with_result, plan.passed, plan.results_published, plan.annulled) <> (
                COALESCE(listed.registered, 0), COALESCE(judged.with_result, 0), COALESCE(judged.passed, 0),
                COALESCE(judged.published, 0), COALESCE(judged.annulled, 0)
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
                LEFT JOIN released_registration AS gone ON gone.registration_id = registration.id
                WHERE registration.college_id IS NOT NULL AND gone.registration_id IS NULL
                GROUP BY registration.college_id, plan.certificate_type_id, plan.level, plan.year
            )
            SELECT 'altered', college_id, level || ' ' || year || ': the count is not that of its registrations'
            FROM seats_taken FULL JOIN counted USING (college_id, certificate_type_id, level, year)
            WHERE COALESCE(seats_taken.taken, 0) <> COALESCE(counted.taken, 0)
            """
        ),
    ),
    Invariant(
        "places_counted",
        "the places that count as taken of a sitting are those of its candidates who were not released",
        none_found(
            """
            WITH counted AS (
                SELECT registration.sitting_id, count(*) AS registered FROM registration
                LEFT JOIN released_registration AS gone ON gone.registration_id = registration.id
                WHERE gone.registration_id IS NULL GROUP BY registration.sitting_id
            )
            SELECT 'altered', sitting.id, 'the count is not that of its registrations'
            FROM sitting LEFT JOIN counted ON counted.sitting_id = sitting.id
            WHERE sitting.registered <> COALESCE(counted.registered, 0)
            """
        ),
    ),
    Invariant(
        "released_unassessed",
        "nobody who was released has a result",
        none_found(
            "SELECT 'altered', gone.registration_id, 'it was released and has a result'"
            " FROM released_registration AS gone JOIN result ON result.registration_id = gone.registration_id"
        ),
    ),
    Invariant(
        "annulments_decided",
        "an annulled result was published, is as it was, and a second person decided on its annulment",
        none_found(
            """
            SELECT 'altered', one.result_id, 'its annulment is not one that two persons decided on, of a published result'
            FROM annulled_result AS one
            JOIN result ON result.id = one.result_id
            JOIN registration ON registration.id = result.registration_id
            JOIN annulment ON annulment.id = one.annulment_id
            WHERE result.published_at IS NULL OR one.annulled_at < result.published_at OR one.passed <> result.passed
                OR one.learner_id <> registration.learner_id OR one.ground <> annulment.ground
                OR annulment.state NOT IN ('approved', 'carried_out')
                OR annulment.decided_by IS NULL OR annulment.decided_by = annulment.proposed_by
                OR COALESCE(annulment.result_id = one.result_id, annulment.sitting_id = registration.sitting_id) IS NOT TRUE
            """
        ),
    ),
    Invariant(
        "annulments_carried_out",
        "of what an annulment annulled no published result still counts",
        none_found(
            """
            SELECT 'missing', result.id, 'annulment ' || annulment.id || ' is carried out, the result still counts'
            FROM annulment
            JOIN registration ON registration.plan_id = annulment.plan_id
            JOIN result ON result.registration_id = registration.id AND result.published_at IS NOT NULL
            WHERE annulment.state = 'carried_out'
                AND (result.id = annulment.result_id OR registration.sitting_id = annulment.sitting_id)
                AND NOT EXISTS (SELECT FROM annulled_result AS one WHERE one.result_id = result.id)
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
