"""What the audit compares with other services' books, and what holds in this database (docs/operations.md)."""

from onex.chassis.invariants import Book, Invariant, none_found
from services.certificates.credentials import genuine
from services.certificates.log import replay
from services.certificates.standing import invariants as standing

BOOKS = (
    Book(
        "certificates",
        # What was issued for a pass is version 1. What we heard to be annulled is version 2, whether it had a certificate (which
        # is proposed to be revoked) or none (and then never gets one). Replacements stand for the same pass; what was issued
        # elsewhere came of no result of ours.
        "SELECT result_id AS id, entered_at AS since, 1 AS version, learner_id, certificate_type_id, level,"
        " standard_version, teo_id, college_id FROM certificate"
        " WHERE replaces IS NULL AND source = 'platform' AND NOT EXISTS"
        " (SELECT FROM annulled_result AS annulled WHERE annulled.result_id = certificate.result_id) AND NOT EXISTS"
        # Without those issued in the seconds before word of their TEO's exit came: nobody counts them as earned (OP-41).
        " (SELECT FROM result_after_exit AS late WHERE late.result_id = certificate.result_id)"
        " UNION ALL SELECT result_id, annulled_at, 2, learner_id, certificate_type_id, level, NULL, teo_id, college_id"
        " FROM annulled_result AS annulled WHERE NOT EXISTS"
        " (SELECT FROM result_after_exit AS late WHERE late.result_id = annulled.result_id) ORDER BY 1",
    ),
    Book(
        "certificates by credit",
        "SELECT id, entered_at AS since, learner_id, number, certificate_type_id, type_code, level, standard_version,"
        " issued_on FROM certificate WHERE replaces IS NULL ORDER BY id",
    ),
    Book(
        "certificates by notice",
        "SELECT id, entered_at AS since, number, type_code FROM certificate WHERE replaces IS NULL ORDER BY id",
    ),
    Book(
        "standings",
        # Of each certificate whose standing ever changed: how it stands now, and by which change.
        "SELECT DISTINCT ON (change.certificate_id) change.certificate_id AS id, change.changed_at AS since,"
        " certificate.version, certificate.state AS standing, change.reason, certificate.number, change.successor_id,"
        " successor.number AS successor_number FROM standing_change AS change"
        " JOIN certificate ON certificate.id = change.certificate_id"
        " LEFT JOIN certificate AS successor ON successor.id = change.successor_id"
        " ORDER BY change.certificate_id, change.version DESC",
    ),
    Book(
        "standings by notice",
        "SELECT certificate_id AS id, max(changed_at) AS since, 1 + count(*) AS version FROM standing_change"
        " GROUP BY certificate_id ORDER BY certificate_id",
    ),
    Book(
        "TEOs copied",
        "SELECT id, admitted_at AS since, greatest(teo.version, exited_teo.version) AS version, name_zh, name_en"
        " FROM teo LEFT JOIN exited_teo USING (id) ORDER BY id",
    ),
    Book("TEO exits copied", "SELECT id, CAST(NULL AS timestamptz) AS since, exited_at FROM exited_teo ORDER BY id"),
    Book(
        "certificate types copied",
        "SELECT id, CAST(NULL AS timestamptz) AS since, version, code, name_zh, name_en, teo_id FROM certificate_type"
        " ORDER BY id",
    ),
)

INVARIANTS = (
    Invariant(
        "issuers_keys",
        "every TEO that issued has a key",
        none_found(
            "SELECT 'missing', teo_id, 'the TEO issued certificates and has no key'"
            " FROM (SELECT DISTINCT teo_id FROM certificate) AS issuer"
            " WHERE NOT EXISTS (SELECT FROM issuer_key WHERE issuer_key.teo_id = issuer.teo_id)"
        ),
    ),
    Invariant(
        "entries_tallied",
        "a TEO's counts of certificates in time, late and not judged, by type and month, are those of its certificates",
        none_found(
            """
            SELECT 'altered', teo_id, 'its counts in entry_tally are not those of its certificates' FROM (
                SELECT teo_id, certificate_type_id, month, sum(on_time) AS on_time, sum(late) AS late, sum(unknown) AS unknown
                FROM entry_tally GROUP BY teo_id, certificate_type_id, month
            ) AS kept FULL JOIN (
                SELECT teo_id, certificate_type_id, CAST(date_trunc('month', issued_on) AS date) AS month,
                    count(*) FILTER (WHERE entered_late IS FALSE) AS on_time,
                    count(*) FILTER (WHERE entered_late) AS late, count(*) FILTER (WHERE entered_late IS NULL) AS unknown
                FROM certificate WHERE replaces IS NULL GROUP BY teo_id, certificate_type_id, month
            ) AS counted USING (teo_id, certificate_type_id, month)
            WHERE (COALESCE(kept.on_time, 0), COALESCE(kept.late, 0), COALESCE(kept.unknown, 0)) IS DISTINCT FROM
                (COALESCE(counted.on_time, 0), COALESCE(counted.late, 0), COALESCE(counted.unknown, 0))
            """
        ),
    ),
    Invariant(
        "exits_kept",
        "what a TEO published from its exit on has no certificate, or is listed with the one it got before we heard",
        none_found(
            "SELECT 'orphaned', certificate.id, 'issued for a result published after its TEO had left' FROM exited_teo"
            " JOIN certificate ON certificate.teo_id = exited_teo.id AND certificate.published_at >= exited_teo.exited_at"
            " WHERE NOT EXISTS (SELECT FROM result_after_exit AS late WHERE late.result_id = certificate.result_id)"
        ),
    ),
    Invariant(
        "credentials_genuine",
        "every credential is signed with its TEO's key and says what its certificate says",
        genuine.faults,
        costly=True,
    ),
    Invariant("logged", "the log holds the issue of every certificate, or it waits to be logged", replay.complete),
    Invariant("log_waiting", "what waits to be logged says what its certificate says", replay.waiting),
    Invariant(
        "log_replayed",
        "the log's entries give its tiles and every head that was signed, and say what its certificates' rows, credentials"
        " and states say",
        replay.faults,
        costly=True,
    ),
    Invariant(
        "presentations_own",
        "a presentation shows certificates of the learner who made it",
        none_found(
            "SELECT 'altered', presentation.id, 'it shows another learner''s certificate' FROM presentation"
            " JOIN presented_certificate AS shown ON shown.presentation_id = presentation.id"
            " JOIN certificate ON certificate.id = shown.certificate_id"
            " WHERE certificate.learner_id <> presentation.learner_id"
        ),
    ),
    *standing.INVARIANTS,
)
