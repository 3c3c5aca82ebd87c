"""The weights panel: its images and readings are the numbers of the shown moment, nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from micronn_core.common.texts import number
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.initializers import INITIALIZERS
from micronn_core.nn.network import Network
from micronn_core.runs.pretrained import load_ready
from micronn_core.settings.config import TrainingConfig
from micronn_core.training.history import Snapshot
from micronn_core.training.trainer import new_network
from micronn_gui.panels.train.weights import WeightsPanel
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.histogram import Histogram
from micronn_gui.widgets.charts.signed_bars import SignedBars
from micronn_gui.widgets.images.color_legend import ColorLegend
from tests.gui.running import LONG, begin, choose, finish, part, ready, train_to


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState, states: States) -> WeightsPanel:
    made = WeightsPanel(training, states.health)
    qtbot.addWidget(made)
    made.resize(1000, 460)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


@pytest.fixture
def trained(qtbot: QtBot, training: TrainingState, panel: WeightsPanel) -> WeightsPanel:
    """The panel of a finished run of 30 epochs."""
    begin(qtbot, training, epochs=30)
    finish(qtbot, training)
    return panel


def shown(training: TrainingState) -> Snapshot:
    assert training.shown is not None
    return training.shown


def view(qtbot: QtBot, panel: WeightsPanel, name: str) -> None:
    qtbot.mouseClick(part(panel, QPushButton, name), Qt.MouseButton.LeftButton)


def scale(qtbot: QtBot, panel: WeightsPanel, name: str) -> None:
    choose(qtbot, part(panel, QComboBox, "Colour scale"), f"Scale: {name}")


def canvas(panel: WeightsPanel):  # noqa: ANN201 - the grid's own
    return panel.grid.widget()


def place_of(panel: WeightsPanel, neuron: int, row: int, column: int) -> QPoint:
    """Return where on the canvas a pixel of a neuron is."""
    cell: QRect = canvas(panel).cell(neuron)
    side = cell.width() if cell.width() < cell.height() else cell.height() - 20
    return cell.topLeft() + QPoint(round((column + 0.5) * side / 28), round((row + 0.5) * side / 28))


def reading(panel: WeightsPanel) -> str:
    texts = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
    return next((text for text in texts if "  weight " in text), "")


def texts(panel: WeightsPanel) -> str:
    return "\n".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_that_before_there_is_a_network_the_panel_says_so(panel: WeightsPanel) -> None:
    assert "Loading the data and making a network" in texts(panel)


def test_that_each_view_shows_the_numbers_of_the_shown_moment(
    qtbot: QtBot, training: TrainingState, trained: WeightsPanel
) -> None:
    training.show_epoch(17)
    start = training.start_parameters
    assert start is not None
    now = shown(training)
    expected = {
        "Weights": now.parameters.layers[0].weight,
        "Learned": now.parameters.layers[0].weight - start.layers[0].weight,
        "Gradient": now.gradient.layers[0].weight,
    }
    for name, values in expected.items():
        view(qtbot, trained, name)
        np.testing.assert_array_equal(canvas(trained).images, values.reshape(10, 28, 28))


def test_that_the_bars_are_the_columns_of_w2_and_the_captions_say_what_each_neuron_speaks_for(
    training: TrainingState, trained: WeightsPanel
) -> None:
    second = shown(training).parameters.layers[1]
    np.testing.assert_array_equal(canvas(trained).bars, second.weight.T)
    assert list(canvas(trained).captions) == [
        (f"h{i}", f"speaks for {digit}", f"→ {digit}") for i, digit in enumerate(second.weight.argmax(axis=0))
    ]


def test_that_what_was_learned_is_shown_first_and_before_anything_is_learned_the_panel_says_what_to_do(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel
) -> None:
    begin(qtbot, training, epochs=5)
    assert part(panel, QPushButton, "Learned").isChecked()
    assert "Press Play" in texts(panel)
    finish(qtbot, training)
    assert "speaks for it, ink on" in texts(panel)
    assert "the digits it then votes for" in texts(panel)


def test_that_a_network_whose_start_is_not_known_shows_its_weights_and_says_so(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel
) -> None:
    strange = Network.create(
        (784, 10, 10), ACTIVATIONS["relu"], INITIALIZERS["uniform"], 1234, np.dtype("float32")
    )
    training.new_network(TrainingConfig(seed=8), strange.parameters)
    ready(qtbot, training)
    assert training.start_parameters is None
    np.testing.assert_array_equal(
        canvas(panel).images, strange.parameters.layers[0].weight.reshape(10, 28, 28)
    )
    assert "is not known" in texts(panel)
    qtbot.mouseMove(canvas(panel), place_of(panel, 1, 3, 3))
    assert "start" not in reading(panel)
    view(qtbot, panel, "Layers")
    qtbot.waitUntil(lambda: len(panel.layers.findChildren(Histogram)) == 4)


def test_that_a_ready_network_shows_what_it_has_learned_since_the_first_weights_of_its_seed(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel
) -> None:
    saved = load_ready("tutorial")
    training.open_network(saved)
    ready(qtbot, training)
    first = new_network(saved.config, 784, 10).parameters.layers[0].weight
    learned = saved.network.parameters.layers[0].weight - first
    assert np.abs(learned).max() > 0.1
    np.testing.assert_array_equal(canvas(panel).images, learned.reshape(10, 28, 28))


def test_that_the_past_is_shown_while_training_goes_on(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel
) -> None:
    begin(qtbot, training, epochs=LONG)
    view(qtbot, panel, "Weights")
    train_to(qtbot, training, 20)
    training.show_epoch(4)
    past = shown(training).parameters.layers[0].weight.reshape(10, 28, 28)
    steps = len(training.history)
    qtbot.waitUntil(lambda: len(training.history) > steps + 50)
    np.testing.assert_array_equal(canvas(panel).images, past)


def test_that_the_shared_scale_is_the_largest_of_all_and_the_scale_per_image_each_ones_own(
    qtbot: QtBot, trained: WeightsPanel
) -> None:
    largest = np.abs(canvas(trained).images).max(axis=(1, 2))
    np.testing.assert_array_equal(canvas(trained).limits, np.full(10, largest.max()))
    scale(qtbot, trained, "per image")
    np.testing.assert_array_equal(canvas(trained).limits, largest)
    scale(qtbot, trained, "shared")
    np.testing.assert_array_equal(canvas(trained).limits, np.full(10, largest.max()))


def test_that_a_frozen_scale_stays_through_training_and_the_timeline(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel
) -> None:
    begin(qtbot, training, epochs=60)
    view(qtbot, panel, "Learned")
    training.change({"epochs": 5})
    finish(qtbot, training)
    scale(qtbot, panel, "frozen")
    frozen = canvas(panel).limits.copy()
    assert (frozen == np.abs(canvas(panel).images).max()).all()
    training.change({"epochs": 60})
    finish(qtbot, training)
    assert np.abs(canvas(panel).images).max() > frozen[0]
    np.testing.assert_array_equal(canvas(panel).limits, frozen)
    training.show_epoch(2)
    np.testing.assert_array_equal(canvas(panel).limits, frozen)


def test_that_a_frozen_scale_is_frozen_anew_for_another_view_and_let_go_of_by_a_new_network(
    qtbot: QtBot, training: TrainingState, trained: WeightsPanel
) -> None:
    scale(qtbot, trained, "frozen")
    view(qtbot, trained, "Gradient")
    assert (canvas(trained).limits == np.abs(canvas(trained).images).max()).all()
    begin(qtbot, training, hidden=(4,))
    assert part(trained, QComboBox, "Colour scale").currentText() == "Scale: shared"
    assert len(canvas(trained).limits) == 4


def test_that_the_legend_states_the_scale(qtbot: QtBot, trained: WeightsPanel) -> None:
    legend = part(trained, ColorLegend, "Colour scale")
    limit = canvas(trained).limits[0]
    assert legend.accessibleDescription() == f"from −{limit:.3f} to +{limit:.3f}"
    scale(qtbot, trained, "per image")
    assert legend.accessibleDescription() == "from −max to +max"


@pytest.mark.parametrize(("neuron", "row", "column"), [(0, 0, 0), (3, 14, 9), (9, 27, 27)])
def test_that_hovering_reads_the_weight_under_the_mouse(
    qtbot: QtBot, training: TrainingState, trained: WeightsPanel, neuron: int, row: int, column: int
) -> None:
    qtbot.mouseMove(canvas(trained), place_of(trained, neuron, row, column))
    pixel = row * 28 + column
    moment, start = shown(training), training.start_parameters
    assert start is not None
    now, first = (p.layers[0].weight[neuron, pixel] for p in (moment.parameters, start))
    assert reading(trained) == (
        f"h{neuron} ({row}, {column})  weight {number(now, '+.4f')}  "
        f"start {number(first, '+.4f')}  change {number(float(now) - float(first), '+.4f')}  "
        f"gradient {number(moment.gradient.layers[0].weight[neuron, pixel], '+.2e')}"
    )


def test_that_a_reading_follows_the_shown_moment_and_goes_with_the_mouse(
    qtbot: QtBot, training: TrainingState, trained: WeightsPanel
) -> None:
    qtbot.mouseMove(canvas(trained), place_of(trained, 2, 14, 14))
    training.show_epoch(0)
    first = shown(training).parameters.layers[0].weight[2, 14 * 28 + 14]
    assert f" {number(first, '+.4f')}  start {number(first, '+.4f')}  change +0.0000" in reading(trained)
    cell = canvas(trained).cell(9)
    qtbot.mouseMove(canvas(trained), QPoint(cell.right() + 3, cell.bottom()))
    assert reading(trained) == ""
    assert part(trained, ColorLegend, "Colour scale").isVisible()


def test_that_a_click_enlarges_a_neuron_and_escape_goes_back(
    qtbot: QtBot, training: TrainingState, trained: WeightsPanel
) -> None:
    qtbot.mouseClick(canvas(trained), Qt.MouseButton.LeftButton, pos=place_of(trained, 6, 10, 10))
    assert trained.neuron.isVisible()
    assert trained.neuron.hasFocus()
    first, second = shown(training).parameters.layers
    assert "h6" in texts(trained).splitlines()
    assert f"bias {number(first.bias[6, 0], '+.3f')}" in texts(trained).splitlines()
    assert "at the start " in texts(trained)
    votes = ", ".join(f"{digit} {number(vote, '+.3f')}" for digit, vote in enumerate(second.weight[:, 6]))
    bars = part(trained, SignedBars, "Votes of the neuron for each digit")
    assert bars.accessibleDescription() == votes
    qtbot.keyClick(trained.neuron, Qt.Key.Key_Escape)
    assert not trained.neuron.isVisible()
    assert trained.grid.isVisible()
    assert trained.grid.selected == 6


def test_that_the_button_of_an_enlarged_neuron_goes_back(qtbot: QtBot, trained: WeightsPanel) -> None:
    qtbot.mouseClick(canvas(trained), Qt.MouseButton.LeftButton, pos=place_of(trained, 0, 5, 5))
    qtbot.mouseClick(part(trained, QPushButton, "Back"), Qt.MouseButton.LeftButton)
    assert trained.grid.isVisible()


def test_that_arrows_and_enter_choose_and_enlarge_a_neuron(qtbot: QtBot, trained: WeightsPanel) -> None:
    target = canvas(trained)
    target.setFocus()
    for key, selected in (
        (Qt.Key.Key_Right, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Left, 1),
    ):
        qtbot.keyClick(target, key)
        assert trained.grid.selected == selected
    qtbot.keyClick(target, Qt.Key.Key_Return)
    assert trained.neuron.isVisible()
    assert trained.neuron.index == 1


def test_that_arrows_read_the_pixels_of_an_enlarged_neuron(
    qtbot: QtBot, training: TrainingState, trained: WeightsPanel
) -> None:
    qtbot.mouseClick(canvas(trained), Qt.MouseButton.LeftButton, pos=place_of(trained, 4, 10, 10))
    qtbot.keyClick(trained.neuron, Qt.Key.Key_Right)
    assert reading(trained).startswith("h4 (14, 14)  weight ")
    qtbot.keyClick(trained.neuron, Qt.Key.Key_Up)
    assert reading(trained).startswith("h4 (13, 14)  weight ")


def test_that_a_new_network_closes_an_enlarged_neuron(
    qtbot: QtBot, training: TrainingState, trained: WeightsPanel
) -> None:
    qtbot.mouseClick(canvas(trained), Qt.MouseButton.LeftButton, pos=place_of(trained, 9, 10, 10))
    begin(qtbot, training, hidden=(2,))
    assert trained.grid.isVisible()
    assert len(canvas(trained).images) == 2


def test_that_a_click_on_a_picture_of_the_network_before_enlarges_nothing(
    qtbot: QtBot, training: TrainingState, trained: WeightsPanel
) -> None:
    training.new_network(TrainingConfig(hidden=(2,)))  # the pictures are still those of the other
    qtbot.mouseClick(canvas(trained), Qt.MouseButton.LeftButton, pos=place_of(trained, 9, 10, 10))
    ready(qtbot, training)
    trained.grid.activated.emit(9)
    assert not trained.neuron.isVisible()
    trained.grid.activated.emit(1)
    assert trained.neuron.isVisible()


def test_that_512_neurons_scroll_and_only_those_in_sight_are_painted(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel
) -> None:
    begin(qtbot, training, hidden=(512,))
    bar = panel.grid.verticalScrollBar()
    target = canvas(panel)
    assert target.height() > 4 * panel.grid.viewport().height()
    target.captions = counted = CountedList(target.captions)
    panel.grid.viewport().repaint()
    seen = set(counted.read)
    assert 0 in seen
    assert len(seen) < 120
    bar.setValue(bar.maximum())
    counted.read.clear()
    panel.grid.viewport().repaint()
    assert 511 in counted.read
    assert len(set(counted.read)) < 120
    assert not set(counted.read) & set(range(200))


class CountedList(list[tuple[str, ...]]):
    """A list that remembers which of its entries were read."""

    def __init__(self, entries: list[tuple[str, ...]]) -> None:
        super().__init__(entries)
        self.read: list[int] = []

    def __getitem__(self, i):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN204
        self.read.append(i)
        return super().__getitem__(i)


def test_that_selecting_by_keys_scrolls_to_the_neuron(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel
) -> None:
    begin(qtbot, training, hidden=(256,))
    panel.grid.select(255)
    assert canvas(panel).visibleRegion().boundingRect().contains(canvas(panel).cell(255).center())


def test_that_a_deep_network_shows_no_votes(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel
) -> None:
    begin(qtbot, training, hidden=(12, 6), epochs=5)
    finish(qtbot, training)
    assert canvas(panel).images.shape == (12, 28, 28)
    assert canvas(panel).bars.shape == (12, 0)
    assert "vote" not in texts(panel)
    biases = shown(training).parameters.layers[0].bias[:, 0]
    assert canvas(panel).captions[3] == ("h3", f"bias {number(biases[3], '+.2f')}", number(biases[3], "+.2f"))
    qtbot.mouseClick(
        canvas(panel), Qt.MouseButton.LeftButton, pos=canvas(panel).cell(3).topLeft() + QPoint(9, 9)
    )
    assert panel.neuron.isVisible()
    assert "vote" not in texts(panel)


@pytest.mark.parametrize("views", ["Weights", "Learned", "Gradient"])
def test_that_weights_all_alike_are_drawn_without_a_fault(
    qtbot: QtBot, training: TrainingState, panel: WeightsPanel, views: str
) -> None:
    begin(qtbot, training)  # nothing has changed since the start
    spy = QSignalSpy(panel.grid.activated)
    view(qtbot, panel, views)
    panel.grid.viewport().repaint()
    qtbot.mouseClick(canvas(panel), Qt.MouseButton.LeftButton, pos=place_of(panel, 1, 3, 3))
    panel.neuron.repaint()
    assert spy.count() == 1
