"""The decisions of messaging, ledger and deliveries as state machines, with a store and a clock that the test moves."""
