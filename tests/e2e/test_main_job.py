"""The main job, end to end, through public interfaces only."""

import os
import shlex

import pytest
from rich.console import Console

from onex.audit.audit import audit
from onex.cli.audit import database_urls
from onex.cli.verify import verify_files
from onex.demo.story import Story, Told
from onex.local.platform import Platform


@pytest.mark.rule("PP-22", "PP-45")
def test_every_pass_becomes_one_certificate_one_deposit_and_one_notice(told: Told) -> None:
    figures = told.report.figures
    assert figures["passes"] > 300
    assert figures["passes"] == figures["certificates"] == figures["deposits"] == figures["notices"]
    assert told.report.deliveries["delivered"] == figures["notices"]
    assert told.report.is_clean


@pytest.mark.rule("OP-32")
def test_the_demo_leaves_a_certificate_that_verifies_offline_and_says_how(
    told: Told, platform: Platform, quiet: Console
) -> None:
    said = quiet.file.getvalue()  # type: ignore[attr-defined]
    file = platform.home / "certificate.json"
    assert f"/certificates/v1/credentials/{told.number}" in said
    assert f"onex verify {os.path.relpath(file)} --name {shlex.quote(told.name)}" in said
    asked = {"log_keys": [], "online": False, "partial": False}
    kept = [platform.home / "first.json"]
    assert verify_files(kept, quiet, name=told.name, **asked)  # type: ignore[arg-type]
    assert not verify_files(kept, quiet, name="王不对", **asked)  # type: ignore[arg-type]


def test_a_second_run_on_the_same_data_adds_to_the_figures_and_they_still_agree(
    told: Told, platform: Platform, quiet: Console
) -> None:
    before = audit(database_urls(platform.environment)).figures["certificates"]
    again = Story(platform, quiet, 120).tell()
    assert again.is_good
    assert again.report.figures["certificates"] > before
