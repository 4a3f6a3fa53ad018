"""Settings fail at boot, naming the variable, and show no secret."""

import base64
import json

import pytest

from onex.chassis.settings import SettingError, Settings

KEY = base64.b64encode(bytes(32)).decode()
ENVIRON = {
    "ONEX_DATABASE_URL_REGISTRY": "postgresql+psycopg://registry:hush@db/registry",
    "ONEX_AMQP_URL_REGISTRY": "amqp://registry:hush@mq/onex",
    "ONEX_PUBLIC_URL": "https://onex.example/",
    "ONEX_PII_KEYS": json.dumps({"k1": KEY}),
    "ONEX_PII_INDEX_KEY": KEY,
    "ONEX_LEARNER_ID_KEY": KEY,
}


def test_a_whole_environment_is_read() -> None:
    settings = Settings.for_service("registry", ENVIRON)
    assert settings.public_url == "https://onex.example"
    assert settings.pii_keys == {"k1": bytes(32)}
    assert settings.partners_amqp_url is None


@pytest.mark.parametrize("name", ENVIRON)
def test_a_missing_setting_is_named(name: str) -> None:
    with pytest.raises(SettingError, match=f"^{name} is not set: it should hold "):
        Settings.for_service("registry", {key: value for key, value in ENVIRON.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ONEX_PII_KEYS", "not json"),
        ("ONEX_PII_KEYS", "{}"),
        ("ONEX_PII_KEYS", '{"k1": "c2hvcnQ="}'),
        ("ONEX_PII_INDEX_KEY", "hush-hush"),
        ("ONEX_LEARNER_ID_KEY", base64.b64encode(bytes(31)).decode()),
        ("ONEX_WORKER_PORT_REGISTRY", "eighty"),
        ("ONEX_DATABASE_POOL_SIZE", "1.5"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named_and_its_value_is_not_shown(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name} cannot be read") as caught:
        Settings.for_service("registry", ENVIRON | {name: value})
    assert value not in str(caught.value)


def test_an_unknown_service_is_told_which_there_are() -> None:
    with pytest.raises(SettingError, match="creditbank"):
        Settings.for_service("registrar", ENVIRON)


def test_settings_show_no_secret() -> None:
    shown = repr(Settings.for_service("registry", ENVIRON))
    assert "hush" not in shown
    assert KEY not in shown
