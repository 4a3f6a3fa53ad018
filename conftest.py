"""Here, and not in tests/, so that its options are known wherever pytest is started and whatever it is given."""

from hypothesis import HealthCheck, settings

# No test fails because a machine is busy.
settings.register_profile("onex", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("onex")

pytest_plugins = ["tests.harness.report", "tests.messaging.stage"]
