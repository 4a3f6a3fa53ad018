"""The registry keeps to its OpenAPI document, whatever of it is sent: no 5xx, and no answer of another shape than is promised.

The calls are generated from the document (schemathesis): half of them keep to it, half break it somewhere; half of them name
records that there are, so that they get behind the first refusal. Ten thousand calls, counted while they are made:

    make test ARGS="-m long -k ten_thousand -s tests/registry/test_schemathesis.py"
"""

import random
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import checks
from schemathesis.generation import GenerationMode

from onex.chassis.access import Role
from tests.attack.doors import flask_app_of
from tests.registry.test_matrix import API, RECORDS, Matrix, matrix, parameter_tables

CALLS_A_DOOR = 1
"""Of each kind: one that keeps to the document, one that breaks it."""
ALL_CALLS = 10_000
PROMISES = [
    "not_a_server_error",
    "response_schema_conformance",
    "content_type_conformance",
    "status_code_conformance",
]
# The token endpoint speaks as RFC 6749 has it, and is tried in tests/attack/test_token_door.py.
LEFT_OUT = {"/registry/v1/oauth/token"}

__all__ = ["matrix"]


def broken_promises(matrix: Matrix, calls_a_door: int) -> tuple[int, list[str]]:
    """How many calls were made, and what was wrong with their answers, once a door and kind."""
    checks.load_all_checks()
    promises = checks.CHECKS.get_by_names(PROMISES)
    app = flask_app_of(matrix.registry)
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", app)
    made, wrong = 0, {}
    chance = random.Random(4)
    for number, operation in enumerate(found.ok() for found in schema.get_all_operations()):
        if number % 20 == 0:
            print(f"{made:,} calls, {number} doors, {len(wrong)} faults", flush=True)
        if operation.path in LEFT_OUT or "multipart/form-data" in str(operation.definition.raw.get("requestBody", {})):
            continue
        roles = app.view_functions[_endpoint(app, operation)].onex_roles
        role = Role.OPERATOR if Role.OPERATOR in roles else min(roles, default=Role.OPERATOR)
        headers = {"Authorization": f"Bearer {token_of(matrix, role)}"}

        def call(case: Any) -> None:
            nonlocal made
            path = operation.path  # noqa: B023  called before the loop goes on
            if case.path_parameters and chance.random() < 0.5:
                case.path_parameters.update(_known_records(matrix, path))
            answer = case.call(headers=headers)  # noqa: B023
            made += 1
            for failure in _failures(case, answer, promises):
                name = f"{case.method} {path}: {failure.title}"
                if name not in wrong:
                    wrong[name] = f"{name}: {answer.status_code} {answer.text[:200]} {str(failure.message)[:300]}"
                    print(wrong[name], flush=True)

        for mode in GenerationMode:
            cases = operation.as_strategy(generation_mode=mode)
            if not cases.is_empty:  # where everything is allowed nothing is wrong
                _run(call, cases, calls_a_door)
    return made, list(wrong.values())


def _run(call: Callable[[Any], None], cases: Any, times: int) -> None:
    generated = settings(
        max_examples=times, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    try:
        seed(4)(generated(given(cases)(call)))()
    except Unsatisfiable:
        return  # nothing in this operation can be broken


def _failures(case: Any, answer: Any, promises: Any) -> Iterator[Any]:
    from schemathesis.core.failures import Failure, FailureGroup

    try:
        case.validate_response(answer, checks=promises)
    except FailureGroup as group:
        yield from (one for one in group.exceptions if isinstance(one, Failure))
    except Failure as failure:
        yield failure


def _endpoint(app: Any, operation: Any) -> str:
    for rule in app.url_map.iter_rules():
        documented = "/".join(
            "{" + part.strip("<>").split(":")[-1] + "}" if part.startswith("<") else part
            for part in rule.rule.split("/")
        )
        if documented == operation.path and operation.method.upper() in rule.methods:
            return str(rule.endpoint)
    raise LookupError(operation.path)


def _known_records(matrix: Matrix, path: str) -> dict[str, str]:
    rule = path.replace("{", "<").replace("}", ">")
    return {name: matrix._key(RECORDS[words], matrix.mine) for name, words in parameter_tables(rule)}


def token_of(matrix: Matrix, role: Role) -> str:
    side = matrix.mine
    organization: uuid.UUID | None = {Role.TEO: side.teo, Role.COLLEGE: side.college}.get(role)
    province = side.province_code if role is Role.PROVINCE else None
    return matrix.registry.token(role, organization, province, lifetime_s=7_200)


def test_a_few_calls_of_every_door_keep_the_promises_of_the_document(matrix: Matrix) -> None:
    made, wrong = broken_promises(matrix, CALLS_A_DOOR)
    assert made >= len(matrix.doors)
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
@pytest.mark.fault
@pytest.mark.timeout(7_200)
def test_ten_thousand_calls_keep_the_promises_of_the_document(matrix: Matrix) -> None:
    made, wrong = broken_promises(matrix, ALL_CALLS // len(matrix.doors) // 2 + 10)
    assert made >= ALL_CALLS
    assert not wrong, "\n".join(wrong)
