"""One owner's rows, newest first, read by the index that leads from the owner to its rows' ids.

Told only `owner = x ORDER BY id DESC LIMIT 50`, PostgreSQL may walk the primary key from its end until it has met enough rows
of x, as it takes them to lie everywhere. The rows of an owner who has been quiet for a year lie behind millions of others'.
Told an order that begins with the owner, of which it does not know that there is only one, it can only use (owner, id).
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import ARRAY, Select, any_, false, literal

from onex.chassis.access import Caller, Role

Selected = TypeVar("Selected", bound=Select[*tuple[Any, ...]])


def owned_by(query: Selected, column: Any, owner: Any, *, oldest_first: bool = False) -> Selected:
    """Confine a list to the rows whose `column` is `owner`. There is an index of this column and the id.

    The ids are ordered by whoever pages through the list. For rows of two owners at once (a college's, in a plan) call it
    twice, in the order of the index.
    """
    confined = query.where(column == any_(literal([owner], ARRAY(column.type))))
    return confined.order_by(column if oldest_first else column.desc())


def seen_by(who: Caller, every: Selected, own: Mapping[Role, Any]) -> Selected:
    """All for operator and Ministry; for a role in `own`, rows whose column there is the caller's; nothing for anyone else."""
    if who.sees_everything:
        return every
    if who.role not in own:
        return every.where(false())
    return owned_by(every, own[who.role], owner_id(who))


def owner_id(who: Caller) -> Any:
    """By what a caller's own rows are known: the learner's or organization's id, a province's code."""
    return {Role.LEARNER: who.learner_id, Role.PROVINCE: who.province_code}.get(who.role, who.organization_id)
