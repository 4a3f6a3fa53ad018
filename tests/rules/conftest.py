"""A small checkout in a temporary folder, with a list of three clauses and no tests or code yet."""

from pathlib import Path

import pytest

CLAUSES = """
| id | clause | the rule | what the software does | owner |
|---|---|---|---|---|
| OP-01 | 1.1 | Provinces oversee. | Limits scope. | registry |
| OP-02 | 1.2 | Certificates are issued. | Issues. | assessment → certificates |
| PP-01 | head | Four ministries. | Roles. | registry |
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "rules.md").write_text(CLAUSES, encoding="utf-8")
    return tmp_path
