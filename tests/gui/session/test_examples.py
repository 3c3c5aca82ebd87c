"""Examples to try: of the present run's data, each of another class, read beside the window."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from micronn_core.common.errors import DataError
from micronn_core.data.catalog import register
from micronn_core.data.dataset import Dataset
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.suiting import suited_to
from micronn_gui.session import examples as module
from micronn_gui.session.examples import COUNT, Examples
from micronn_gui.session.states import States
from tests.core.shapes import letters, write_npz
from tests.gui.running import begin, ready, small_dataset


def ask(qtbot: QtBot, examples: Examples) -> None:
    with qtbot.waitSignal(examples.changed):
        examples.ask()


def test_that_nothing_is_read_before_somebody_asks(qtbot: QtBot, states: States) -> None:
    begin(qtbot, states.training)
    assert states.examples.pictures == ()
    ask(qtbot, states.examples)
    assert len(states.examples.pictures) == COUNT


def test_that_they_are_samples_of_different_classes(qtbot: QtBot, states: States) -> None:
    begin(qtbot, states.training)
    ask(qtbot, states.examples)
    data = small_dataset()
    known = data.values.reshape(-1, 784) / 255
    labels = []
    for _ in range(4):
        for picture in states.examples.pictures:
            assert picture.shape == (28, 28)
            (places,) = np.nonzero(np.abs(known - picture.ravel()).max(axis=1) < 1e-6)
            labels.append(int(data.labels[places[0]]))
        assert labels[-COUNT:] == sorted(set(labels[-COUNT:]))
        states.examples.others()
    assert len(set(labels)) > COUNT


def test_that_they_are_read_on_a_thread_of_their_own_and_once(
    qtbot: QtBot, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def read(config: TrainingConfig) -> Dataset:
        threads.append(threading.current_thread().name)
        return small_dataset()

    monkeypatch.setattr(module, "held_out", read)
    begin(qtbot, states.training)
    ask(qtbot, states.examples)
    states.examples.ask()
    begin(qtbot, states.training, hidden=(12,))
    states.examples.ask()
    assert len(threads) == 1
    assert threads[0].startswith("micronn-examples")


def test_that_where_they_cannot_be_read_there_are_none(
    qtbot: QtBot, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(config: TrainingConfig) -> Dataset:
        raise DataError("not here")

    monkeypatch.setattr(module, "held_out", read)
    begin(qtbot, states.training)
    states.examples.ask()
    qtbot.waitUntil(lambda: not states.examples._looks.isActive())
    states.examples.others()
    assert states.examples.pictures == ()


def test_that_pictures_of_another_data_set_are_gone_as_soon_as_its_run_begins(
    qtbot: QtBot, states: States, tmp_path: Path
) -> None:
    begin(qtbot, states.training)
    ask(qtbot, states.examples)
    source = register(write_npz(tmp_path / "letters.npz", letters()))
    shape = source.spec.features.image_shape
    states.training.new_network(suited_to(TrainingConfig(), source))
    assert states.examples.pictures == ()
    ready(qtbot, states.training)
    ask(qtbot, states.examples)
    assert {picture.shape for picture in states.examples.pictures} == {shape}
    states.drawing.lay_under(states.examples.pictures[0])
    assert states.drawing.picture.shape == shape


def test_that_pictures_of_the_data_set_before_do_not_come_late(
    qtbot: QtBot, states: States, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go = threading.Event()

    def read(config: TrainingConfig) -> Dataset:
        assert let_go.wait(60)
        return small_dataset()

    monkeypatch.setattr(module, "held_out", read)
    begin(qtbot, states.training)
    states.examples.ask()
    source = register(write_npz(tmp_path / "letters.npz", letters()))
    begin(qtbot, states.training, **vars(suited_to(TrainingConfig(), source)))
    let_go.set()
    states.examples.ask()
    qtbot.waitUntil(lambda: not states.examples._looks.isActive())
    assert states.examples.pictures == ()


def test_that_after_the_end_nothing_is_read_any_more(qtbot: QtBot, states: States) -> None:
    begin(qtbot, states.training)
    examples = Examples(states.training)
    examples.close()
    examples.ask()
    assert examples.pictures == ()
    assert examples._future is None
