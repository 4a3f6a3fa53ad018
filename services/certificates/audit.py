"""What the audit compares with other services' books, and what holds in this database (docs/operations.md)."""

from onex.chassis.invariants import Book, Invariant, none_found
from services.certificates.credentials import genuine

BOOKS = (
    Book(
        "certificates",
        "SELECT result_id AS id, entered_at AS since, learner_id, certificate_type_id, level, standard_version, teo_id,"
        # Without those issued in the seconds before word of their TEO's exit came: nobody counts them as earned (OP-41).
        " college_id FROM certificate WHERE NOT EXISTS"
        " (SELECT FROM result_after_exit AS late WHERE late.result_id = certificate.result_id) ORDER BY result_id",
    ),
    Book(
        "certificates by credit",
        "SELECT id, entered_at AS since, learner_id, number, certificate_type_id, type_code, level, standard_version,"
        " issued_on FROM certificate ORDER BY id",
    ),
    Book(
        "certificates by notice",
        "SELECT id, entered_at AS since, number, type_code FROM certificate ORDER BY id",
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
        "a TEO's counts of certificates in time, late and not judged are those of its certificates",
        none_found(
            """
            SELECT 'altered', teo_id, 'its counts in entry_tally are not those of its certificates' FROM (
                SELECT teo_id, sum(on_time) AS on_time, sum(late) AS late, sum(unknown) AS unknown
                FROM entry_tally GROUP BY teo_id
            ) AS kept FULL JOIN (
                SELECT teo_id, count(*) FILTER (WHERE entered_late IS FALSE) AS on_time,
                    count(*) FILTER (WHERE entered_late) AS late, count(*) FILTER (WHERE entered_late IS NULL) AS unknown
                FROM certificate GROUP BY teo_id
            ) AS counted USING (teo_id)
            WHERE (kept.on_time, kept.late, kept.unknown) IS DISTINCT FROM (counted.on_time, counted.late, counted.unknown)
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
)
