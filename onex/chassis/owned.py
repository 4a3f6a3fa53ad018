"""One owner's rows, newest first, read by the index that leads from the owner to its rows' ids.

Told only `owner = x ORDER BY id DESC LIMIT 50`, PostgreSQL may walk the primary key from its end until it has met enough rows
of x, as it takes them to lie everywhere. The rows of an owner who has been quiet for a year lie behind millions of others'.
Told an order that begins with the owner, of which it does not know that there is only one, it can only use (owner, id).
"""

from typing import Any, TypeVar

from sqlalchemy import ARRAY, Select, any_, literal

Selected = TypeVar("Selected", bound=Select[*tuple[Any, ...]])


def owned_by(query: Selected, column: Any, owner: Any, *, oldest_first: bool = False) -> Selected:
    """Confine a list to the rows whose `column` is `owner`. There is an index of this column and the id.

    The ids are ordered by whoever pages through the list. For rows of two owners at once (a college's, in a plan) call it
    twice, in the order of the index.
    """
    confined = query.where(column == any_(literal([owner], ARRAY(column.type))))
    return confined.order_by(column if oldest_first else column.desc())
