"""What is asked for by day comes in its order, and reports read indexes alone; whose training made a teacher's role."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

INDEXES: dict[str, list[tuple[str, ...]]] = {
    "change": [("at", "seq"), ("verb", "seq")],
    "invitation": [("starts_on", "id")],
    "organization": [("admitted_at", "id"), ("division_code", "id")],
    "report": [("sent_at", "id"), ("province_code", "sent_at", "id")],
    "site": [
        ("division_code", "id"),
        ("province_code", "code", "id"),
        ("province_code", "state", "id"),
        ("teo_id", "code", "id"),
        ("teo_id", "state", "id"),
    ],
    "teacher": [("staff_number", "id"), ("province_code", "staff_number", "id")],
    "teacher_role": [("teo_id", "id")],
    "training_workload": [("taught_on", "id")],
}


def upgrade() -> None:
    _whose_training()
    for table, indexes in INDEXES.items():
        for columns in indexes:
            op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
    op.drop_index("ix_change_at")
    op.create_index(
        "ix_report_late_of_organization", "report", ["organization_id", "begins_on"], postgresql_where=sa.text("late")
    )
    op.create_index(
        "ix_fee_agreement_of_province", "fee_agreement",
        ["province_code", "certificate_type_id", "level", "amount_fen"],
    )  # fmt: skip
    _for_reports()


def _whose_training() -> None:
    op.add_column("teacher_role", sa.Column("teo_id", sa.Uuid))
    op.create_foreign_key("fk_teacher_role_teo_id", "teacher_role", "organization", ["teo_id"], ["id"])
    op.execute(
        "UPDATE teacher_role SET teo_id = training.teo_id FROM training_enrolment AS training"
        " WHERE training.id = teacher_role.enrolment_id"
    )


def _for_reports() -> None:
    op.drop_index("ix_organization_kind_status_division_code")
    op.create_index(
        "ix_organization_taking_part", "organization", ["kind", "status", "division_code"],
        postgresql_include=["province_code", "id"],
    )  # fmt: skip
    op.drop_index("ix_quota_province_code_certificate_type_id")
    op.create_index("ix_quota_seats", "quota", ["province_code", "certificate_type_id"], postgresql_include=["seats"])
    op.create_index(
        "ix_site_under_way", "site", ["province_code", "certificate_type_id"],
        postgresql_where=sa.text("state NOT IN ('refused', 'withdrawn', 'closed')"),
    )  # fmt: skip
    op.create_index(
        "ix_allocation_timeliness", "allocation", ["province_code", "allocated_on"],
        postgresql_include=["source", "amount_fen", "received_fen", "received_in_full_on"],
        postgresql_where=sa.text("state = 'allocated'"),
    )  # fmt: skip
    op.create_index(
        "ix_inspection_visits", "inspection", ["inspected_on"], postgresql_include=["organization_id", "outcome"]
    )
    op.create_index(
        "ix_evaluation_scores", "evaluation", ["year"], postgresql_include=["organization_id", "total"],
        postgresql_where=sa.text("state = 'published'"),
    )  # fmt: skip
    op.create_index(
        "ix_evaluation_scores_of_organization", "evaluation", ["organization_id", "year"], postgresql_include=["total"],
        postgresql_where=sa.text("state = 'published'"),
    )  # fmt: skip
    op.create_index(
        "ix_rectification_overdue", "rectification", ["organization_id"],
        postgresql_where=sa.text("missed_at IS NOT NULL AND state IN ('ordered', 'reported', 'sent_back', 'overdue')"),
    )  # fmt: skip
