"""The log as static files: what a web server serves is what the doors say, and a crash leaves nothing half done."""

import os
from pathlib import Path

import pytest

from onex.transparency import notes, tiles, tree
from onex.transparency.notes import Checkpoint
from services.certificates.log import folder
from tests.certificates.given import Pilot
from tests.certificates.log.test_log import Monitor, issue, sequence


@pytest.fixture
def monitor(pilot: Pilot) -> Monitor:
    return Monitor(pilot)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ONEX_LOG_FOLDER", str(tmp_path / "log"))
    return tmp_path / "log"


def publish(pilot: Pilot) -> None:
    while pilot.certificates.fire("publish_log"):
        pass


def files(site: Path) -> dict[str, bytes]:
    return {str(one.relative_to(site)): one.read_bytes() for one in site.rglob("*") if one.is_file()}


def head_of(site: Path, monitor: Monitor) -> Checkpoint:
    """The folder's head, after all that it speaks of was read from the folder and from nowhere else."""
    head = Checkpoint.parse(notes.open_note((site / "checkpoint").read_bytes(), monitor.keys))

    def fetch(name: tiles.TileName) -> bytes:
        return (site / name.path).read_bytes()

    hashes = [
        tree.leaf_hash(entry) for name in tiles.grown_bundles(0, head.size) for entry in tiles.unbundle(fetch(name))
    ]
    assert len(hashes) == head.size
    assert tree.root(head.size, lambda nodes: tiles.read_nodes(nodes, head.size, fetch)) == head.root_hash
    below = tiles.read_nodes([tree.Node(0, at) for at in range(head.size)], head.size, fetch)
    assert below == hashes
    return head


def test_without_the_setting_no_file_is_written(pilot: Pilot, tmp_path: Path) -> None:
    issue(pilot, 3)
    sequence(pilot)
    publish(pilot)
    assert folder.folder_in_force() is None
    assert files(tmp_path) == {}


def test_the_folder_follows_the_log_and_each_file_is_what_the_door_gives(
    pilot: Pilot, monitor: Monitor, site: Path
) -> None:
    publish(pilot)
    assert not site.exists()
    for count in (1, 254, 1, 300, 2, 700):
        issue(pilot, count)
        sequence(pilot)
        publish(pilot)
        assert head_of(site, monitor) == monitor.head()
    for path, content in files(site).items():
        assert monitor.get(f"/log/{path}") == content, path
    full = [path for path in files(site) if ".p/" not in path]
    assert not [path for path in files(site) if path.partition(".p/")[0] in full and ".p/" in path], "outgrown ones go"


def test_only_what_is_new_is_written(pilot: Pilot, site: Path) -> None:
    issue(pilot, 300)
    sequence(pilot)
    publish(pilot)
    before = {one: one.stat().st_mtime_ns for one in site.rglob("*") if one.is_file()}
    publish(pilot)
    issue(pilot, 10)
    sequence(pilot)
    publish(pilot)
    after = {one: one.stat().st_mtime_ns for one in site.rglob("*") if one.is_file()}
    assert {str(one.relative_to(site)) for one in after if after[one] != before.get(one)} == {
        "checkpoint", "tile/0/001.p/54", "tile/entries/001.p/54",
    }  # fmt: skip


def test_killed_at_any_file_the_next_turn_goes_on_and_no_head_was_ever_ahead(
    pilot: Pilot, monitor: Monitor, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(pilot, 700)
    sequence(pilot)
    publish(pilot)
    issue(pilot, 400)
    sequence(pilot)
    real, kills = os.replace, 0

    class Killed(BaseException):
        """The process ends here."""

    while True:
        left = 1 if kills else 0  # one file more each time

        def dies(source: str, target: str) -> None:
            nonlocal left
            if left == 0:
                raise Killed
            left -= 1
            real(source, target)

        monkeypatch.setattr(folder.os, "replace", dies)
        try:
            publish(pilot)
            break
        except Killed:
            kills += 1
            assert kills < 20
            assert head_of(site, monitor).size == 700
    monkeypatch.setattr(folder.os, "replace", real)
    assert kills == 8
    assert head_of(site, monitor).size == 1100


def test_a_long_log_is_written_in_several_turns(
    pilot: Pilot, monitor: Monitor, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "TURN_S", 0)
    issue(pilot, 1600)
    sequence(pilot)
    turns = 0
    while pilot.certificates.fire("publish_log"):
        turns += 1
        assert turns < 40
        assert not (site / "checkpoint").exists()
    assert turns > 4
    assert head_of(site, monitor).size == 1600


def test_the_folder_of_another_log_is_left_alone(pilot: Pilot, site: Path) -> None:
    issue(pilot, 3)
    sequence(pilot)
    site.mkdir()
    foreign = "another.example/log\n2\n" + "A" * 43 + "=\n\n— another.example/log AAAAAAA=\n"
    (site / "checkpoint").write_text(foreign, encoding="utf-8")
    with pytest.raises(folder.FolderOfAnother):
        publish(pilot)
    assert list(files(site)) == ["checkpoint"]
