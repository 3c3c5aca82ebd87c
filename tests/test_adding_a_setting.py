"""A setting is added in one place: with its row alone, all of the program knows it.

A copy of the program gets one more row in its table of settings, and nothing else. A program of its own,
written below, then looks for the setting everywhere.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import CHECKOUT

ROW = """
    warmth: float = setting(
        0.5,
        Setting(
            label=mark("Warmth"),
            short=mark("warmth"),
            subject=mark("The warmth"),
            kind=FromZero(2),
            section=TRAINING,
            help=mark("How warm the network is"),
            what=mark("Keeps the network warm."),
            latex=r"w \\geq 0",
            expect=mark("Up: it is warmer."),
            source=mark("this test"),
            live=True,
            aliases=("warm",),
            examples="0, 1, 2",
        ),
    )
"""

LOOK = {
    "the config, its checks and its files": """
from micronn_core.common.errors import ConfigError
from micronn_core.settings.config import TrainingConfig

assert TrainingConfig().warmth == TrainingConfig.from_json("{}").warmth == 0.5
assert TrainingConfig.from_json(TrainingConfig(warmth=1.5).to_json()).warmth == 1.5
assert not TrainingConfig().needs_new_network(TrainingConfig(warmth=1.5))
try:
    TrainingConfig(warmth=3)
except ConfigError as error:
    assert (error.field, str(error)) == ("warmth", "The warmth must be a number from 0 (off) to 2, not 3.")
else:
    raise AssertionError
""",
    "the command line": """
from argparse import ArgumentParser
from micronn_core.cli import main, settings_options

parser = ArgumentParser()
settings_options.add_settings(parser)
for words, warmth in ((["--warmth", "1.5"], 1.5), (["--warm", "0"], 0), ([], 0.5)):
    assert settings_options.training_config(parser.parse_args(words)).warmth == warmth
try:
    main.main(["train", "--help"])
except SystemExit:
    pass
""",
    "the explanations": """
from micronn_core.settings.table import EXPLAINED

assert EXPLAINED["warmth"].what == "Keeps the network warm."
""",
    "sweeps": """
from micronn_core.experiments.sweep import grid, read_values, run_name, setting_name
from micronn_core.settings.config import TrainingConfig

values = {setting_name("warm"): read_values("warmth", "0, 1.5")}
configs = grid(TrainingConfig(), values)
assert [config.warmth for config in configs] == [0, 1.5]
assert run_name(configs[1], values) == "warmth 1.5"
""",
    "the differences between runs, and their table": """
from micronn_core.runs.record import differences
from micronn_core.runs.tables import as_csv
from micronn_core.settings.config import TrainingConfig

assert differences([TrainingConfig(), TrainingConfig(warmth=1)]) == ("warmth",)
assert "warmth" in as_csv([]).decode("utf-8-sig").split(",")
""",
    "the training": """
import numpy as np
from micronn_core.data.dataset import Samples
from micronn_core.data.splits import Split
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.trainer import Trainer

samples = Samples(np.zeros((4, 3), np.float32), np.arange(3))
with Trainer(TrainingConfig(), Split(samples, samples, np.arange(3), np.arange(3)), 3) as trainer:
    trainer.change(trainer.config.with_value("warmth", 2))
    assert trainer.config.warmth == 2
""",
    "the window": """
from PySide6.QtWidgets import QLabel, QLineEdit
from micronn_core.settings.config import TrainingConfig
from micronn_gui.app import make_application
from micronn_gui.panels.runs.run_words import setting_text
from micronn_gui.panels.runs.values_field import OFFERED
from micronn_gui.panels.settings.recipe import RecipePanel
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.training_worker import TrainingWorker

application = make_application()
training = TrainingState(TrainingWorker())
try:
    panel = RecipePanel(training)
    (edit,) = (edit for edit in panel.findChildren(QLineEdit) if edit.accessibleName() == "Warmth")
    assert "How warm the network is" in edit.toolTip()
    assert edit.text() == "0.5"
    edit.setText("1.5")
    edit.setModified(True)
    edit.returnPressed.emit()
    assert training.config.warmth == 1.5  # live: at once
    panel._explain("warmth")
    assert "Keeps the network warm." in [label.text() for label in panel.findChildren(QLabel)]
    assert "warmth" in OFFERED
    assert setting_text("warmth", training.config) == "1.5"
finally:
    training.close()
""",
}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program whose table has one more row."""
    folder = tmp_path_factory.mktemp("program")
    ignored = shutil.ignore_patterns("__pycache__", "mnist", "models", "screenshots")
    for name in ("micronn_core", "micronn_gui", "resources"):
        shutil.copytree(CHECKOUT / name, folder / name, ignore=ignored)
    table = folder / "micronn_core" / "settings" / "table.py"
    before, last = "\n    my_digits: str = setting(", table.read_text("utf-8")
    assert last.count(before) == 1
    table.write_text(last.replace(before, ROW.rstrip() + before), "utf-8")
    return folder


@pytest.mark.parametrize("place", LOOK)
def test_that_a_setting_whose_row_is_written_is_known_to(program: Path, place: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(program), "QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run(
        [sys.executable, "-c", LOOK[place]], cwd=program, env=environment, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    if place == "the command line":
        assert "--warmth WARMTH, --warm WARMTH" in run.stdout
        assert "How warm the network is (0.5)" in run.stdout
