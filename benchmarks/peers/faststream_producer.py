"""Says events to FastStream's first service: a loop of `publish`."""

import asyncio

from faststream.rabbit import RabbitBroker  # type: ignore[import-not-found]

from benchmarks.peers import work
from benchmarks.peers.producing import events, wait_for_go


async def main() -> None:
    queue = "rows" if "rows" in work.settings()["database_urls"] else "issuer"
    todo = events()
    async with RabbitBroker(work.settings()["amqp_url"]) as broker:
        await broker.start()
        wait_for_go()
        for one in todo:
            await broker.publish(one, queue, persist=True)


if __name__ == "__main__":
    asyncio.run(main())
