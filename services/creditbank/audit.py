"""What the audit compares with other services' books, and what holds in this database (docs/operations.md)."""

from onex.chassis.invariants import Book, Invariant, none_found

_FACTS = (
    "learner_id, number, certificate_type_id, certificate_type_code AS type_code, level, standard_version, issued_on"
)

BOOKS = (
    # What waits for a credit record (OP-33) has arrived: its deposit is a matter of the TEO's proposal.
    Book(
        "deposits",
        f"SELECT certificate_id AS id, deposited_at AS since, {_FACTS} FROM deposit"
        f" UNION ALL SELECT certificate_id, waiting_since, {_FACTS} FROM waiting_certificate ORDER BY 1",
    ),
    Book(
        "certificate types copied",
        "SELECT id, CAST(NULL AS timestamptz) AS since, type_version AS version, code, name_zh, name_en, teo_id"
        " FROM certificate_type ORDER BY id",
    ),
)

INVARIANTS = (
    Invariant(
        "journals_balance",
        "a journal's entries sum to zero",
        none_found(
            "SELECT 'altered', journal_id, 'its entries sum to ' || sum(amount_hundredths) || ' hundredths, not to zero'"
            " FROM entry GROUP BY journal_id HAVING sum(amount_hundredths) <> 0"
        ),
    ),
    Invariant(
        "journals_caused",
        "a journal of a certificate's credit has its deposit",
        none_found(
            "SELECT 'missing', journal.cause_id, 'journal ' || journal.id || ' has no deposit'"
            " FROM journal LEFT JOIN deposit ON deposit.journal_id = journal.id"
            " WHERE journal.kind = 'certificate_credit' AND deposit.id IS NULL"
        ),
    ),
    Invariant(
        "deposits_booked",
        "a deposit has its journal, with exactly its credit for its learner and as much from its type's account",
        none_found(
            """
            SELECT CASE WHEN journal.id IS NULL THEN 'orphaned' ELSE 'altered' END, deposit.certificate_id,
                CASE WHEN journal.id IS NULL THEN 'its deposit has no journal'
                    ELSE 'the entries of its journal are not those of its deposit' END
            FROM deposit
            LEFT JOIN journal ON journal.id = deposit.journal_id AND journal.kind = 'certificate_credit'
                AND journal.cause_id = deposit.certificate_id
            LEFT JOIN account AS learner ON learner.learner_id = deposit.learner_id
            LEFT JOIN account AS issuance ON issuance.certificate_type_id = deposit.certificate_type_id
            LEFT JOIN entry ON entry.journal_id = deposit.journal_id
            GROUP BY deposit.id, journal.id
            HAVING journal.id IS NULL OR count(entry.id) <> 2
                OR count(*) FILTER (WHERE entry.account_id = learner.id
                    AND entry.amount_hundredths = deposit.credit_hundredths) <> 1
                OR count(*) FILTER (WHERE entry.account_id = issuance.id
                    AND entry.amount_hundredths = -deposit.credit_hundredths) <> 1
            """
        ),
    ),
    Invariant(
        "deposits_approved",
        "a deposit is worth what the approved credit record of its standard says",
        none_found(
            "SELECT 'altered', deposit.certificate_id, COALESCE('its deposit is of ' || deposit.credit_hundredths"
            " || ' hundredths, approved are ' || proposal.credit_hundredths, 'no credit record was approved for it')"
            " FROM deposit LEFT JOIN proposal ON proposal.certificate_type_id = deposit.certificate_type_id"
            " AND proposal.level = deposit.level AND proposal.standard_version = deposit.standard_version"
            " AND proposal.state = 'approved'"
            " WHERE proposal.id IS NULL OR proposal.credit_hundredths <> deposit.credit_hundredths"
        ),
    ),
    Invariant(
        "waiting_booked",
        "a certificate does not wait for a credit record that was approved an hour ago",
        none_found(
            "SELECT 'stuck', waiting.certificate_id, 'waits though its credit record is approved'"
            " FROM waiting_certificate AS waiting JOIN proposal USING (certificate_type_id, level, standard_version)"
            " WHERE proposal.state = 'approved' AND proposal.approved_at < now() - interval '1 hour'"
            " AND waiting.waiting_since < now() - interval '1 hour'"
        ),
    ),
)
