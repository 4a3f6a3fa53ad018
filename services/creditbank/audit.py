"""What the audit compares with other services' books, and what holds in this database (docs/operations.md)."""

from onex.chassis.invariants import Book, Invariant, none_found
from services.creditbank.ledger.standings import CURRENT

_FACTS = (
    "learner_id, number, certificate_type_id, certificate_type_code AS type_code, level, standard_version, issued_on"
)

BOOKS = (
    # What waits for a credit record (OP-33) has arrived: its deposit is a matter of the TEO's proposal. So has what was revoked
    # before: it never gets one.
    Book(
        "deposits",
        f"SELECT certificate_id AS id, deposited_at AS since, {_FACTS} FROM deposit"
        f" UNION ALL SELECT certificate_id, waiting_since, {_FACTS} FROM waiting_certificate"
        f" UNION ALL SELECT certificate_id, withheld_at, {_FACTS} FROM withheld_certificate ORDER BY 1",
    ),
    Book(
        "standings heard",
        "SELECT id, changed_at AS since, version, standing, reason, number, successor_id, successor_number"
        " FROM certificate_standing ORDER BY id",
    ),
    Book(
        "certificate types copied",
        "SELECT id, CAST(NULL AS timestamptz) AS since, type_version AS version, code, name_zh, name_en, teo_id"
        " FROM certificate_type ORDER BY id",
    ),
)

# Whatever is not as `current` has it: one line each for what lacks, what is there and should not be, what is otherwise.
_NOT_SETTLED = """
    SELECT 'missing', certificate_id, 'its certificate is revoked, its credit not given back'
    FROM current JOIN deposit ON deposit.certificate_id = first_id LEFT JOIN reversal USING (certificate_id)
    WHERE standing = 'revoked' AND reversal.certificate_id IS NULL
    UNION ALL
    SELECT 'orphaned', certificate_id, 'its credit was given back, its certificate is not revoked'
    FROM reversal LEFT JOIN current ON first_id = certificate_id WHERE standing IS DISTINCT FROM 'revoked'
    UNION ALL
    SELECT 'missing', deposit.certificate_id, 'its certificate is suspended, its credit not held'
    FROM current JOIN deposit ON deposit.certificate_id = first_id
    LEFT JOIN hold ON hold.certificate_id = first_id AND released_at IS NULL
    WHERE standing = 'suspended' AND hold.id IS NULL
    UNION ALL
    SELECT 'orphaned', certificate_id, 'its credit is held, its certificate is not suspended'
    FROM hold LEFT JOIN current ON first_id = certificate_id
    WHERE released_at IS NULL AND standing IS DISTINCT FROM 'suspended'
    UNION ALL
    SELECT 'altered', certificate_id, 'what is held is not its deposit'
    FROM hold JOIN deposit USING (certificate_id)
    WHERE (hold.learner_id, hold.credit_hundredths) <> (deposit.learner_id, deposit.credit_hundredths)
    UNION ALL
    SELECT 'altered', deposit.certificate_id, 'its credit is not borne by the certificate that stands in its place'
    FROM deposit LEFT JOIN current ON first_id = deposit.certificate_id
    LEFT JOIN bearer ON bearer.certificate_id = deposit.certificate_id
    WHERE (bearer.bearer_id IS NOT NULL OR current.bearer_id <> first_id)
        AND (bearer.bearer_id, bearer.bearer_number) IS DISTINCT FROM (current.bearer_id, current.bearer_number)
    UNION ALL
    SELECT 'stuck', certificate_id, 'it waits to be booked, and is revoked'
    FROM waiting_certificate JOIN current ON first_id = certificate_id WHERE standing = 'revoked'
    UNION ALL
    SELECT 'orphaned', certificate_id, 'it was withheld, and is not revoked'
    FROM withheld_certificate LEFT JOIN current ON first_id = certificate_id WHERE standing IS DISTINCT FROM 'revoked'
    UNION ALL
    SELECT 'doubled', certificate_id, 'it was withheld, and booked' FROM withheld_certificate JOIN deposit USING (certificate_id)
"""

INVARIANTS = (
    Invariant(
        "credit_settled",
        "credit is held, given back and borne as its certificate stands",
        none_found(CURRENT.format(those="true") + _NOT_SETTLED),
    ),
    Invariant(
        "reversals_booked",
        "a reversal has its journal, which gives back exactly what was deposited, and such a journal has its reversal",
        none_found(
            """
            SELECT CASE WHEN reversal.certificate_id IS NULL THEN 'missing' ELSE 'altered' END, journal.cause_id,
                'journal ' || journal.id || ' does not give back what was deposited'
            FROM journal
            LEFT JOIN reversal ON reversal.journal_id = journal.id AND reversal.certificate_id = journal.cause_id
            LEFT JOIN deposit ON deposit.certificate_id = journal.cause_id
            LEFT JOIN account AS learner ON learner.learner_id = deposit.learner_id
            LEFT JOIN account AS issuance ON issuance.certificate_type_id = deposit.certificate_type_id
            LEFT JOIN entry ON entry.journal_id = journal.id
            WHERE journal.kind = 'certificate_revoked'
            GROUP BY journal.id, reversal.certificate_id, deposit.id
            HAVING reversal.certificate_id IS NULL OR deposit.id IS NULL OR count(entry.id) <> 2
                OR count(*) FILTER (WHERE entry.account_id = learner.id
                    AND entry.amount_hundredths = -deposit.credit_hundredths) <> 1
                OR count(*) FILTER (WHERE entry.account_id = issuance.id
                    AND entry.amount_hundredths = deposit.credit_hundredths) <> 1
            UNION ALL
            SELECT 'orphaned', reversal.certificate_id, 'its reversal has no journal of its own'
            FROM reversal LEFT JOIN journal ON journal.id = reversal.journal_id AND journal.kind = 'certificate_revoked'
                AND journal.cause_id = reversal.certificate_id
            WHERE journal.id IS NULL
            """
        ),
    ),
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
