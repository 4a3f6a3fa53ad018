"""Two sides that have nothing to do with each other, each with one record of whatever the registry keeps.

A record is made from its table's description: what a column must hold is read from its type and its constraints. What cannot be
read there stands in `FIXED`.
"""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import CheckConstraint, Column, Table

import services.registry.models  # noqa: F401  every table is mapped
from onex.chassis.database import UnitOfWork
from onex.chassis.ids import new_id
from onex.chassis.pii import Vault
from services.registry.tables import Base

MODELS: dict[str, Any] = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]
PERSON = orjson.dumps({"name": "某某", "phone": "13800138000", "email": "a@example.cn", "title": "主任"})
PEOPLE = orjson.dumps([orjson.loads(PERSON)])
GROUP = orjson.dumps(
    {"leader_name": "王建国", "leader_title": "校长", "contact_name": "李敏", "contact_phone": "13800138000"}
)
NAME = "某某".encode()
# What lies sealed: for what purpose, and what it is. Without this it could not be read.
SEALED: dict[str, tuple[str, bytes]] = {
    "organization.sealed_contacts": ("organization contacts", PEOPLE),
    "organization.sealed_work_group": ("work group", GROUP),
    "liaison.sealed_person": ("liaison", PERSON),
    "expert.sealed_person": ("expert", PERSON),
    "objection.sealed_person": ("objector", PERSON),
    "objection.sealed_text": ("objection", NAME),
    "person.sealed_name": ("person name", NAME),
    "outside_person.sealed_subject": ("outside subject", NAME),
    "teacher.sealed_name": ("teacher name", NAME),
    "training_expert.sealed_name": ("training expert name", NAME),
    "training_enrolment.sealed_consent_by": ("training consent", NAME),
    "exit_evidence.sealed_content": ("exit evidence", NAME),
    "exit_statement.sealed_statement": ("exit statement", NAME),
    "inspector.sealed_name": ("inspector name", NAME),
    "inspection_draw.sealed_seed": ("inspection seed", bytes(32)),
    "opinion.sealed_text": ("opinion text", NAME),
}
# Columns that point at an organization of one kind, or at a record, though no foreign key says so.
KINDS = {
    "teo_id": "teo",
    "college_id": "college",
    "lead_college_id": "college",
    "assigned_teo_id": "teo",
    "base_id": "base",
}
# Nullable columns that say whose a record is.
SCOPE = ("organization_id", "province_code", "teo_id", "college_id", "assigned_teo_id")
ITEM = {"name": "x", "amount_fen": 1}
Value = Any | Callable[["Side"], Any]
FIXED: dict[str, Value] = {
    "certificate_type.code": lambda side: side.number,
    "certificate_type.version": 1,
    "client.role": "teo",
    "client.organization_id": lambda side: side.teo,
    "client.province_code": None,
    "person_role.role": "teo",
    "person_role.organization_id": lambda side: side.teo,
    "person_role.province_code": None,
    "outside_person.role": "teo",
    "outside_person.organization_id": lambda side: side.teo,
    "outside_person.province_code": None,
    "inspection_draw.state": "committed",
    "inspection_draw.closed_at": datetime(2026, 1, 4, tzinfo=UTC),
    "inspection_draw.candidates": {},
    "inspection_draw.inspectors": {},
    "recruitment_round.state": "announced",
    "application.state": "submitted",
    "evaluation.organization_kind": "college",
    "invitation.organization_id": lambda side: side.teo,
    "evaluation.made_by_province": lambda side: side.province_code,
    "rectification.ordering_province": lambda side: side.province_code,
    "training_programme.enrolled": 1,
    "inspection.state": "due",
    "opinion.state": "received",
    "exit_case.kind": "college",
    "fee_agreement.agreed_to": date(2027, 1, 1),
    "publicity_filing.claims": [],
    "report_kind.code": lambda side: f"kind-of-{side.name}-",
    "quota.year": 2026,
    "evaluation.year": 2026,
    "recruitment_round.code": lambda side: f"round-of-{side.name}-",
    "course_mapping.programme_code": "510201",
    "course_mapping.courses": [{"code": "x", "name": "x", "hours": 1}],
    "training_expert.number": lambda side: f"expert-of-{side.name}-",
    "inspection_finding.clause": "OP-26",
    "use_category.code": lambda side: f"use_{side.name}",
    "policy_attachment.media_type": "application/pdf",
    "monitoring_draw.candidates": {},
    "monitoring_draw.seed": "00" * 32,
    "report_kind.sections": ["progress"],
    "report.period": "2026-W02",
    "report.organization_kind": "college",
    "good_case.organization_kind": "college",
    "suggestion.organization_kind": "college",
    "resource.kind": "case_bank",
    "resource.publisher_id": None,
    "resource.address": "https://example.cn/",
    "training_programme.organizer_kind": "teo",
    "training_programme.province_code": None,
    "training_session.mode": "online",
    "publicity_finding.source_url": "https://example.cn/",
    "policy.address": "https://example.cn/",
    "standard.authors": ["x"],
    "agreement.clauses": {},
    "agreement.documents": [],
    "site.conditions": {},
    "signing_key.sealed_private_jwk": "",
    "field.code": lambda side: f"field-{side.name}",
    "policy_attachment.sha256": "0" * 64,
    "expert.person_hash": lambda side: side.name * 64,
    "objection.receipt_hash": lambda side: side.name * 64,
    "publisher.isbn_prefixes": ["7-04"],
    "cost_account.cost_items": [],
    "cost_account.income_items": [],
    "fee_ceiling.cost_items": [ITEM],
    "resource.cost_items": [],
    "site_condition_list.conditions": [{"name": "rooms", "title_zh": "房间", "title_en": "Rooms", "kind": "number"}],
}


class Side:
    """One side: a province with a coordinating body, a TEO with a certificate type, a college; and one record of every table."""

    def __init__(
        self, session: UnitOfWork, vault: Vault, name: str, number: str, province_code: str, division: str
    ) -> None:
        self.name, self.number, self.province_code, self.division = name, number, province_code, division
        self._session, self._vault = session, vault
        self._made: dict[str, Any] = {}
        self.organizations: dict[str, uuid.UUID] = {}
        for kind in ("ministry", "province", "teo", "college", "training_base"):
            self.organizations[kind] = self._organization(kind)
        self.teo, self.college = self.organizations["teo"], self.organizations["college"]
        self.records: dict[str, dict[str, Any]] = {}

    def make_everything(self, unmade: set[str]) -> None:
        """One record of each table but those."""
        for table in Base.metadata.sorted_tables:
            if table.name not in unmade:
                self.one(table.name)
        self._session.flush()

    def one(self, table_name: str) -> Any:
        """The key of this side's record of the table."""
        if table_name not in self._made:
            model, table = MODELS[table_name], Base.metadata.tables[table_name]
            values = {
                column.name: self._value(table, column) for column in table.columns if self._is_told(table, column)
            }
            record = model(**values)
            self._session.add(record)
            self._session.flush()
            keys = [getattr(record, column.name) for column in table.primary_key]
            self._made[table_name] = keys[0]
            self.records_of(table_name, record)
        return self._made[table_name]

    def records_of(self, table_name: str, record: Any) -> None:
        self.records = getattr(self, "records", {})
        self.records[table_name] = {
            column.key: getattr(record, column.key) for column in record.__mapper__.column_attrs
        }

    @property
    def marks(self) -> set[str]:
        """What gives away a record of this side: its own texts and ids."""
        ids = {str(key) for key in self._made.values() if isinstance(key, uuid.UUID)}
        return ids | {f"of-{self.name}-"}

    def _organization(self, kind: str) -> uuid.UUID:
        model = MODELS["organization"]
        codes = {"province": self.province_code}
        record = model(
            kind=kind,
            code=codes.get(kind, f"{kind}-of-{self.name}-"),
            name_zh=f"{kind}-of-{self.name}-zh",
            name_en=f"{kind}-of-{self.name}-en",
            division_code=self.division,
            province_code=None if kind in ("ministry", "teo") else self.province_code,
            college_kind="higher_vocational" if kind == "college" else None,
            sealed_contacts=self._sealed("organization.sealed_contacts"),
            sealed_work_group=self._sealed("organization.sealed_work_group"),
            status="registered",
            created_by="test",
        )
        self._session.add(record)
        self._session.flush()
        return uuid.UUID(str(record.id))

    def _sealed(self, column: str) -> str:
        purpose, value = SEALED[column]
        return self._vault.seal(value, purpose)

    def _is_told(self, table: Table, column: Column[Any]) -> bool:
        if f"{table.name}.{column.name}" in FIXED:
            return True
        if column.default is not None or column.server_default is not None:
            return False
        return not column.nullable or column.name in SCOPE

    def _value(self, table: Table, column: Column[Any]) -> Any:
        path = f"{table.name}.{column.name}"
        if path in FIXED:
            value = FIXED[path]
            return value(self) if callable(value) else value
        if path in SEALED:
            return self._sealed(path)
        if column.name == "province_code":
            return self.province_code
        if column.name == "division_code":
            return self.division
        if column.name in KINDS and KINDS[column.name] in ("teo", "college"):
            return self.organizations[KINDS[column.name]]
        if column.name == "base_id":
            return self.organizations["training_base"]
        if column.name == "organization_id":
            return self.college
        if column.foreign_keys:
            (key,) = column.foreign_keys
            self.one(key.column.table.name)
            return self.records[key.column.table.name][key.column.name]
        return self._plain(table, column)

    def _plain(self, table: Table, column: Column[Any]) -> Any:
        for check in (one for one in table.constraints if isinstance(one, CheckConstraint)):
            listed = re.fullmatch(rf"{column.name} IN \('([^']+)'.*\)", str(check.sqltext), re.S)
            if listed:
                return listed[1]
        kind = column.type.python_type
        if kind is str:
            return f"{table.name}-of-{self.name}-{column.name}"
        values: dict[Any, Any] = {
            int: 1, bool: False, Decimal: Decimal(1), date: date(2026, 1, 5), datetime: datetime(2026, 1, 5, tzinfo=UTC),
            bytes: self.name.encode() * 32, list: [], dict: {}, object: [],
        }  # fmt: skip
        return new_id() if kind is uuid.UUID else values[kind]
