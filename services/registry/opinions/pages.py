"""Where anyone sends an opinion and finds its answer, 中文 and English side by side (OP-40, PP-30). No script, no cookie.

What is written travels in the body of a form only: never in an address or a log. The frame is that of the registry's other pages.
"""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from marshmallow import ValidationError

from onex.chassis.problems import Refusal
from onex.chassis.web import limited, public, runtime, session
from services.registry.opinions import actions, queries, rules
from services.registry.opinions.models import Opinion
from services.registry.opinions.schemas import NewOpinionSchema, OpinionReferenceSchema
from services.registry.organizations.divisions import PROVINCES

blp = Blueprint("opinion_pages", __name__, template_folder="templates")
MAX_BODY_BYTES = 64 * 1024
ROWS = 20
GROUND_NAMES = {
    "forced_purchase": (
        "要求购买指定品牌的设备、软件或课程",
        "Made to buy certain brands of equipment, software or courses",
    ),
    "forced_training": ("强制参加培训或考核", "Forced to take part in training or assessment"),
    "illegal_charge": ("违规收费", "Charged against the rules"),
    "false_publicity": ("虚假宣传", "False publicity"),
    "misuse_of_funds": ("截留、挪用资金", "Funds withheld or misused"),
    "exam_discipline": ("考核纪律", "Discipline of assessment"),
    "other": ("其他意见和建议", "Other opinions and suggestions"),
}
STATE_NAMES = {
    "received": ("已收到", "Received"),
    "assigned": ("正在核实", "Being looked into"),
    "replied": ("正在核实", "Being looked into"),
    "answered": ("已答复", "Answered"),
    "set_aside": ("不予处理", "Set aside"),
}
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


@blp.get("/registry/opinions")
@public
def form() -> Response:
    """The empty forms, and the newest answers that were released."""
    return _forms()


@blp.post("/registry/opinions")
@public
@limited
def send() -> Response:
    """PP-30: an opinion; shows its reference, once."""
    given = _given("ground", "text", "province_code", "name", "phone", "email")
    contact = {name: given.pop(name) for name in ("name", "phone", "email")}
    body = given | {
        "contact": contact if any(contact.values()) else None,
        "province_code": given["province_code"] or None,
    }
    try:
        opinion, reference = actions.receive(session(), runtime().vault, NewOpinionSchema().load(body))
    except (ValidationError, Refusal):
        return _forms(422, wrong=True, asked=given | contact)
    return _page("opinions/received.html", 201, opinion=opinion, reference=reference)


@blp.post("/registry/opinions/answer")
@public
@limited
def answer() -> Response:
    """OP-40: what became of the opinion with this reference."""
    try:
        body = OpinionReferenceSchema().load(_given("reference"))
        opinion = actions.look_up(session(), runtime().vault, body["reference"])
    except (ValidationError, Refusal):
        return _forms(404, unknown=True)
    return _page("opinions/answer.html", opinion=opinion, state=STATE_NAMES[opinion.state], answer=_answer_to(opinion))


def _answer_to(opinion: Opinion) -> str | None:
    if opinion.sealed_answer is None:
        return opinion.set_aside_because
    return runtime().vault.open(opinion.sealed_answer, actions.ANSWER).decode()


def _given(*names: str) -> dict[str, str]:
    """The form's fields as they were sent, NUL left out."""
    request.max_content_length = request.max_form_memory_size = MAX_BODY_BYTES
    return {name: request.form.get(name, "").replace("\x00", "") for name in names}


def _forms(status: int = 200, **values: Any) -> Response:
    released = session().scalars(queries.released().order_by(Opinion.id.desc()).limit(ROWS)).all()
    shown: dict[str, Any] = {"asked": {}, "wrong": False, "unknown": False} | values
    return _page("opinions/forms.html", status, released=released, grounds=GROUND_NAMES, provinces=PROVINCES, **shown)


def _page(template: str, status: int = 200, **values: Any) -> Response:
    page = make_response(render_template(template, **values), status)
    page.headers["Cache-Control"] = "no-store"
    page.headers["Content-Security-Policy"] = _POLICY
    return page


assert set(GROUND_NAMES) == set(rules.GROUNDS)
