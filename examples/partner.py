"""A partner's consumer: reads everything it may hear from the first event on, and prints one line an event.

ONEX_PARTNER_AMQP_URL=amqp://partner:…@host:5672/partners python examples/partner.py [stream]

`certificate_issued` says that a certificate exists, `certificate_standing_changed` that it was suspended, is valid again, was
revoked or replaced: of one certificate the highest `certificate_version` counts, in whatever order they come (the issue is 1).

It keeps its place while it runs, and goes on there when the broker was away. Store the place to go on after a restart too.
"""

import os
import sys
import time

import kombu

stream = sys.argv[1] if len(sys.argv) > 1 else "certificates.stream"
place = "first"


def on_message(message):
    global place
    print(message.headers["cloudEvents_type"], message.headers["cloudEvents_id"], message.body, flush=True)
    place = message.headers["x-stream-offset"] + 1
    message.channel.basic_ack(message.delivery_tag)  # makes room for more; the stream keeps its events


while True:
    connection = kombu.Connection(os.environ["ONEX_PARTNER_AMQP_URL"])
    try:
        channel = connection.channel()
        channel.basic_qos(0, 500, False)  # a stream is read with acknowledgements, so many ahead of them
        channel.basic_consume(stream, callback=on_message, arguments={"x-stream-offset": place})
        while True:
            connection.drain_events()
    except (*connection.connection_errors, *connection.channel_errors) as error:
        print(f"the broker is away ({type(error).__name__}); trying again", file=sys.stderr)
        connection.collect()
        time.sleep(1)  # a broker that is starting is not asked in a hurry
