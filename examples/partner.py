"""A partner's consumer: reads everything it may hear from the first event on, and prints one line an event.

ONEX_PARTNER_AMQP_URL=amqp://partner:…@host:5672/partners python examples/partner.py [stream]
"""

import os
import sys

import kombu

stream = sys.argv[1] if len(sys.argv) > 1 else "certificates.stream"
with kombu.Connection(os.environ["ONEX_PARTNER_AMQP_URL"]) as connection:
    channel = connection.channel()
    channel.basic_qos(0, 500, False)  # a stream is read with acknowledgements, so many ahead of them

    def on_message(message):
        print(message.headers["cloudEvents_type"], message.headers["cloudEvents_id"], message.body, flush=True)
        channel.basic_ack(message.delivery_tag)  # makes room for more; the stream keeps its events

    channel.basic_consume(stream, callback=on_message, arguments={"x-stream-offset": "first"})
    while True:
        connection.drain_events()
