"""Commits facts with their events, some transactions rolled back: `python -m tests.fault.steps.writer <what to say> …`.

Each argument is one transaction, `name:what the door does,…`; one that begins with `-` is rolled back.
"""

import os
import sys
import time

from sqlalchemy import text

from onex.chassis.database import Database
from onex.messaging import outbox
from tests.messaging.trial import organization

PAUSE_S = 0.05  # so that there is more than one batch


def main(transactions: list[str]) -> None:
    database = Database(os.environ["ONEX_DATABASE_URL_REGISTRY"], "registry", pool_size=1)
    for one in transactions:
        facts = [tuple(fact.split(":")) for fact in one.removeprefix("-").split(",")]
        with database.session() as session:
            session.begin()
            names = {"names": [name for name, _ in facts]}
            session.execute(text("INSERT INTO trial (name) SELECT unnest(CAST(:names AS text[]))"), names)
            for name, does in facts:
                outbox.append(session, organization(name, does=does))
            if one.startswith("-"):
                outbox.flush(session)
                session.rollback()
            else:
                session.commit()
        time.sleep(PAUSE_S)


if __name__ == "__main__":
    main(sys.argv[1:])
