"""A TCP proxy that breaks connections on command: `python -m tests.fault.chaos.proxy <control port> <listen>=<target> …`.

It listens on each `<listen>` port of the loopback and connects to `<target>`. Over the control port it takes one JSON object a
line, `{"port": <listen>, "do": "cut" | "freeze" | "slow" | "heal", "share": 0.5, "seed": 7}`, and answers with how many
connections it hit:

- cut     the connection is reset on both sides
- freeze  nothing passes, nobody is told; what comes in meanwhile is kept
- slow    a kilobyte at a time, a moment between them
- heal    everything passes again
"""

import asyncio
import json
import random
import sys
from contextlib import suppress

SLOW_BYTES, SLOW_S = 1024, 0.005
BYTES = 65536


class Link:
    """One connection through the proxy."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.ends = client, server
        self.passing = asyncio.Event()
        self.passing.set()
        self.slow = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One direction, until either end closes."""
        with suppress(ConnectionError, OSError):
            while data := await reader.read(SLOW_BYTES if self.slow else BYTES):
                await self.passing.wait()
                if self.slow:
                    await asyncio.sleep(SLOW_S)
                writer.write(data)
                await writer.drain()
        for end in self.ends:
            end.close()

    def cut(self) -> None:
        for end in self.ends:
            end.transport.abort()


class Front:
    """Everything that goes to one target."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.links: set[Link] = set()

    async def accept(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        try:
            from_server, server = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            client.transport.abort()  # nobody listens there now: the caller is told as a closed port would
            return
        link = Link(client, server)
        self.links.add(link)
        try:
            await asyncio.gather(link.carry(reader, server), link.carry(from_server, client))
        finally:
            self.links.discard(link)

    def do(self, what: str, share: float, seed: int) -> int:
        chance = random.Random(seed)
        hit = [link for link in self.links if what == "heal" or chance.random() < share]
        for link in hit:
            match what:
                case "cut":
                    link.cut()
                case "freeze":
                    link.passing.clear()
                case "slow":
                    link.slow = True
                case "heal":
                    link.slow = False
                    link.passing.set()
        return len(hit)


async def serve(control_port: int, ports: dict[int, int]) -> None:
    fronts = {listen: Front(target) for listen, target in ports.items()}

    async def control(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            asked = json.loads(line)
            hit = fronts[asked["port"]].do(asked["do"], asked.get("share", 1.0), asked.get("seed", 0))
            writer.write(f"{hit}\n".encode())
            await writer.drain()
        writer.close()

    for listen, front in fronts.items():
        await asyncio.start_server(front.accept, "127.0.0.1", listen)
    server = await asyncio.start_server(control, "127.0.0.1", control_port)
    await server.serve_forever()


if __name__ == "__main__":
    pairs = (argument.split("=") for argument in sys.argv[2:])
    asyncio.run(serve(int(sys.argv[1]), {int(listen): int(target) for listen, target in pairs}))
