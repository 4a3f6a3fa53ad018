"""Here, and not in tests/, so that its options are known wherever pytest is started and whatever it is given."""

pytest_plugins = ["tests.harness.report", "tests.messaging.stage"]
