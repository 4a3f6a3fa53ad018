"""How services speak without losing a word: outbox, relay, inbox, consumer, retry, parking, stream."""
