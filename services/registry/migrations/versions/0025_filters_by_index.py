"""Every filter that a list offers leads by an index to its rows, also to those that there are few of and that are old."""

from alembic import op

revision = "0025"
down_revision = "0024"

INDEXES: dict[str, list[tuple[str, ...]]] = {
    "activity": [("kind", "id"), ("state", "id"), ("unfiled", "id")],
    "allocation": [("kind", "id"), ("state", "id"), ("reference", "id")],
    "cost_account": [("state", "id"), ("level", "id"), ("held_on", "id")],
    "course_mapping": [("level", "id"), ("programme_code", "id")],
    "evaluation": [("kind", "id")],
    "fee_agreement": [("level", "id"), ("in_force_from", "id"), ("in_force_to", "id")],
    "fund_use": [("used_on", "id")],
    "good_case": [("published_at", "id")],
    "invitation": [("occasion", "id"), ("state", "id")],
    "liaison": [("named_at", "id")],
    "missed_weeks": [("found_at", "id")],
    "misuse": [("found_at", "id")],
    "objection": [("received_at", "id")],
    "organization": [("college_kind", "id")],
    "quota": [("level", "id"), ("year", "id")],
    "receipt": [("received_on", "id")],
    "rectification": [("about", "id")],
    "resource": [("kind", "id"), ("level", "id")],
    "site": [("filed_at", "id"), ("province_code", "certificate_type_id")],
    "suggestion": [("made_at", "id")],
    "teacher": [("state", "id")],
    "teacher_role": [("role", "id"), ("enrolment_id",)],
    "training_enrolment": [("state", "id")],
    "training_programme": [("trains_for", "id")],
    "training_workload": [("certificate_type_id", "id")],
}


def upgrade() -> None:
    for table, indexes in INDEXES.items():
        for columns in indexes:
            op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
