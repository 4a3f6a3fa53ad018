"""A plan's counts are kept, and no longer made by reading its results; a college's page of its students in a plan."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_index("ix_registration_plan_id_college_id", "registration", ["plan_id", "college_id", "id"])
    for name in ("with_result", "passed", "results_published"):
        op.add_column("plan", sa.Column(name, sa.Integer, server_default="0", nullable=False))
    # Nothing comes in between this count and the first who adds to it.
    op.execute("LOCK TABLE result IN SHARE MODE")
    op.execute(
        "UPDATE plan SET with_result = counted.with_result, passed = counted.passed, results_published = counted.published"
        " FROM (SELECT plan_id, count(*) AS with_result, count(*) FILTER (WHERE passed) AS passed,"
        " count(published_at) AS published FROM result GROUP BY plan_id) AS counted WHERE plan.id = counted.plan_id"
    )
