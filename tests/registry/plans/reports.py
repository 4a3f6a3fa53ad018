"""Reports: what is no list but says something about many rows at once, and the least that each can read."""

from dataclasses import dataclass

from tests.registry.plans.judging import Bars

THREE_WEEKS = "the check for three missing weeks"


@dataclass(frozen=True)
class Report:
    """`why` says why what it reads is the least there is, `bars` how much that is at most."""

    why: str
    bars: Bars
    statements: int = 1


REPORTS = {
    "/sites/coverage": Report(
        "Cities with pilot colleges and no site of a type. One query. It counts the pilot colleges by city, which it reports, so"
        " it reads each college's entry in one index; then it looks cities up, type by type, until its page is full: sites of"
        " other types and cities are not read.",
        Bars(rows=10_000, sorted=10_000, pages=2_000),
    ),
    THREE_WEEKS: Report(
        "Colleges of which three weeks of reports are missing (OP-42). One query. Who has reported is known only by the reports"
        " of those three weeks: three stretches of one index, 3 × 9,600 entries of a million. Each college in a batch that runs"
        " is looked up by its key (three pages each time) and held against them; who is in a batch that runs is all of a small"
        " table.",
        Bars(rows=30_000, sorted=30_000, pages=40_000, whole=frozenset({"batch_college"})),
    ),
    "/allocations/timeliness": Report(
        "How long funds took, by province. One query. Days and fen are summed up exactly, so every allocation that is asked for"
        " is read, once, from an index that holds these columns alone, province by province.",
        Bars(rows=20_000, sorted=1_000, pages=2_000),
    ),
    "/fee-agreements/above-ceiling": Report(
        "Agreed fees that a later ceiling undercuts. One query. For each ceiling in force, the nation's or a province's, an index"
        " on the amounts leads to the fees above it; those at or under it are not read. A TEO's few are held against its own"
        " agreements by both indexes. What was found is then read by its key.",
        Bars(rows=20_000, sorted=1_000, pages=10_000),
    ),
    "/invitations/absentees": Report(
        "TEOs that were invited and never came. A page of TEOs, each held against an index on its invitations by state, and one"
        " query for the counts of the page.",
        Bars(rows=20_000, sorted=1_000, pages=2_000),
        statements=2,
    ),
    "/liaisons/gaps": Report(
        "Where nobody is named. One query for coordinating bodies and one for liaisons, which holds every province and type"
        " against three indexes. PostgreSQL looks the pairs up one by one, or reads an index of what is under way once, whichever"
        " is less; the tables are not read.",
        Bars(rows=100_000, sorted=15_000, pages=50_000),
        statements=2,
    ),
    "/quality-summary": Report(
        "The quality of TEOs and colleges by province. One query. It counts everyone who takes part, the visits of a year, the"
        " evaluations of two years and the orders that are overdue now, each from an index that holds what is counted alone.",
        Bars(rows=10_000, sorted=10_000, pages=2_000),
    ),
}
