"""FastStream as its documentation shows it: a subscriber an event, an async session, ORM rows, one commit.

Default settings but for durable queues, without which a restart of the broker would lose what waits.
`python -m benchmarks.peers.faststream_services issuer` runs one service.
"""

import asyncio
import sys
from typing import Any

from faststream import FastStream  # type: ignore[import-not-found]
from faststream.rabbit import ExchangeType, RabbitBroker, RabbitExchange, RabbitQueue  # type: ignore[import-not-found]
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from benchmarks.peers import work

ISSUED = RabbitExchange("issued", type=ExchangeType.FANOUT, durable=True)


def application(part: str) -> FastStream:
    """The service of one part."""
    broker = RabbitBroker(work.settings()["amqp_url"], logger=None)  # else two lines are logged for every message
    make = async_sessionmaker(create_async_engine(work.database_url(part)), expire_on_commit=False)
    queue = RabbitQueue(part, durable=True)
    if part == "issuer":
        desk = work.Desk()
        issued = broker.publisher(exchange=ISSUED, persist=True)

        @broker.subscriber(queue)
        async def on_result(one: dict[str, Any]) -> None:
            async with make() as session:
                certificate, told = desk.issue(one, (await session.scalars(work.NEXT_PLACE)).one())
                session.add(certificate)
                await session.commit()
            await issued.publish(told)

    elif part == "credit":

        @broker.subscriber(queue, ISSUED)
        async def on_certificate(one: dict[str, Any]) -> None:
            deposit, *entries = work.deposit_of(one)
            async with make() as session:
                session.add(deposit)
                await session.flush()
                session.add_all(entries)
                await session.commit()

    elif part == "notices":

        @broker.subscriber(queue, ISSUED)
        async def on_certificate_to_note(one: dict[str, Any]) -> None:
            notice = work.notice_of(one)
            async with make() as session:
                session.add(notice)
                await session.commit()
            await asyncio.to_thread(work.post, notice.id, notice.body)

    else:

        @broker.subscriber(queue)
        async def on_row(one: dict[str, Any]) -> None:
            async with make() as session:
                session.add(work.arrival_of(one))
                await session.commit()

    return FastStream(broker)


if __name__ == "__main__":
    asyncio.run(application(sys.argv[1]).run())
