"""What is built and installed away from the checkout has all that it needs, and nothing that breaks it."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from micronn_core.common import resources
from micronn_core.common.errors import DataError
from tests.content import assert_same_bytes
from tests.paths import CHECKOUT

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("packaging")]

FONTS = {
    "Inter-Regular.ttf": ("Inter", 400),
    "Inter-Medium.ttf": ("Inter", 500),
    "Inter-SemiBold.ttf": ("Inter", 600),
    "Inter-Bold.ttf": ("Inter", 700),
    "JetBrainsMono-Regular.ttf": ("JetBrains Mono", 400),
    "JetBrainsMono-Bold.ttf": ("JetBrains Mono", 700),
}


def python(*words: str, cwd: Path, **environment: str) -> str:
    """Run this Python elsewhere, without the network, and return what it prints."""
    run = subprocess.run(
        [sys.executable, *words],
        cwd=cwd,
        env=os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INDEX": "1"} | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as it is released: built from the source archive."""
    folder = tmp_path_factory.mktemp("dist")
    python("-m", "build", "--no-isolation", "--outdir", str(folder), str(CHECKOUT), cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the installed wheel and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    python("-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), str(wheel), cwd=folder)
    return folder


def test_that_an_installed_wheel_finds_every_resource_of_the_checkout(
    installed: Path, tmp_path: Path
) -> None:
    resources = CHECKOUT / "resources"
    shipped = sorted(
        str(path.relative_to(resources))
        for path in resources.rglob("*")
        if path.is_file() and "screenshots" not in path.parts and path.suffix not in {".po", ".pot", ".py"}
    )
    code = (
        "import pathlib, sys; from micronn_core.common import resources\n"
        "print(*[resources.resource(*pathlib.Path(name).parts) for name in sys.argv[1:]], sep='\\n')"
    )
    found = python("-c", code, *shipped, cwd=tmp_path, PYTHONPATH=str(installed)).splitlines()
    assert len(found) == len(shipped) >= 10
    for name, place in zip(shipped, found, strict=True):
        assert Path(place) == installed / "micronn_core" / "_resources" / name
        assert_same_bytes(Path(place).read_bytes(), (resources / name).read_bytes())


def test_that_an_installed_wheel_brings_the_command(installed: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from importlib.metadata import distribution; d = distribution('micronn')\n"
        "(command,) = d.entry_points.select(group='console_scripts'); main = command.load()\n"
        "print(d.version, command.name, sys.modules[main.__module__].__file__)"
    )
    printed = python("-c", code, cwd=tmp_path, PYTHONPATH=str(installed)).split()
    assert printed == ["0.1.0", "micronn", str(installed / "micronn_gui" / "__main__.py")]


def test_that_the_wheel_holds_the_two_packages_and_no_more(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"micronn_core", "micronn_gui", "micronn-0.1.0.dist-info"}
    assert not [name for name in names if "screenshots" in name or "__pycache__" in name]
    assert "micronn-0.1.0.dist-info/licenses/LICENSE" in names


def test_that_a_missing_resource_is_named_with_its_remedy() -> None:
    with pytest.raises(DataError, match=r"mnist.no-such-file.*Reinstall MicroNN"):
        resources.resource("mnist", "no-such-file")


@pytest.mark.parametrize(("file", "expected"), FONTS.items())
def test_that_each_font_is_a_true_cut_of_its_family(
    file: str, expected: tuple[str, int], qtbot: QtBot
) -> None:
    family, weight = expected
    for name in FONTS:
        assert QFontDatabase.addApplicationFont(str(resources.resource("fonts", name))) >= 0
    font = QFont(family)
    font.setWeight(QFont.Weight(weight))
    assert QFontInfo(font).family() == family
    assert QFontInfo(font).weight() == weight
    assert QFontDatabase.weight(family, file.removesuffix(".ttf").split("-")[1]) == weight


def test_that_the_release_of_pyside_that_loses_references_is_excluded() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    requirements = {r.name: r.specifier for r in map(Requirement, project["dependencies"])}
    pyside = requirements["PySide6-Essentials"]
    assert not pyside.contains("6.12.0")
    assert pyside.contains("6.8.3")
    assert pyside.contains("6.11.3")
    assert pyside.contains("6.12.1")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_that_calls_into_qt_keep_the_references_of_none(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(500):
        label.setText(str(number))
    assert abs(sys.getrefcount(None) - before) < 100
