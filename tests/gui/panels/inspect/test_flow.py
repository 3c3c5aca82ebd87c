"""The network as a diagram of what flows through it."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from micronn_core.explain.derivations import Number
from micronn_gui.panels.inspect.flow import FlowDiagram
from micronn_gui.session.neuron_pictures import neuron_pictures
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.diagram.diagram import NetworkDiagram
from tests.gui.inspecting import by_hand, inspect, picture, weights
from tests.gui.running import begin


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the diagram was told last."""
    said: dict[str, Any] = {}
    show = NetworkDiagram.show_network

    def showing(
        self: NetworkDiagram,
        columns: Any,  # noqa: ANN401
        links: Any,  # noqa: ANN401
        backward: bool = False,
        focus: Any = None,  # noqa: ANN401
    ) -> None:
        said.update(columns=columns, links=[link.values for link in links], backward=backward)
        said.update(lit=[i for i, link in enumerate(links) if link.lit], focus=focus)
        show(self, columns, links, backward, focus)

    monkeypatch.setattr(NetworkDiagram, "show_network", showing)
    return said


@pytest.fixture
def flow(qtbot: QtBot, training: TrainingState, states: States, told: dict[str, Any]) -> FlowDiagram:
    made = FlowDiagram(training, states.inspection)
    qtbot.addWidget(made)
    made.resize(640, 480)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def diagram(flow: FlowDiagram) -> NetworkDiagram:
    found = flow.findChild(NetworkDiagram)
    assert found is not None
    return found


@pytest.mark.parametrize("hidden", [(10,), (512, 512), (16, 12, 8, 6)], ids=str)
def test_that_forward_links_are_weight_times_activation(
    qtbot: QtBot,
    training: TrainingState,
    states: States,
    flow: FlowDiagram,
    told: dict[str, Any],
    hidden: tuple[int, ...],
) -> None:
    inspection = inspect(qtbot, states, hidden=hidden)
    inspection.open_step("loss")
    numbers, layers = by_hand(weights(training), picture(0), 0), weights(training)
    assert not told["backward"]
    np.testing.assert_allclose(told["links"][0], numbers["z1"], atol=1e-12)
    for i in range(2, len(layers) + 1):
        np.testing.assert_allclose(
            told["links"][i - 1], layers[i - 1][0] * numbers[f"a{i - 1}"].T, atol=1e-12
        )
    for i, column in enumerate(told["columns"][1:], 1):
        np.testing.assert_allclose(column.values, numbers[f"a{i}"][:, 0], atol=1e-12)
    learned = neuron_pictures(training.shown.parameters, training.start_parameters)
    np.testing.assert_allclose(told["columns"][1].images, learned.values.reshape(-1, 28, 28))
    flow.grab()


@pytest.mark.parametrize("hidden", [(10,), (16, 12, 8, 6)], ids=str)
def test_that_backward_links_carry_the_errors(
    qtbot: QtBot,
    training: TrainingState,
    states: States,
    flow: FlowDiagram,
    told: dict[str, Any],
    hidden: tuple[int, ...],
) -> None:
    inspection = inspect(qtbot, states, hidden=hidden)
    inspection.open_step("dW1")
    numbers, layers = by_hand(weights(training), picture(0), 0), weights(training)
    assert told["backward"]
    for i in range(2, len(layers) + 1):
        np.testing.assert_allclose(told["links"][i - 1], layers[i - 1][0] * numbers[f"dz{i}"], atol=1e-12)
    for i, column in enumerate(told["columns"][1:], 1):
        np.testing.assert_allclose(column.values, numbers[f"dz{i}"][:, 0], atol=1e-12)
    np.testing.assert_allclose(told["columns"][1].images, numbers["dW1"].reshape(-1, 28, 28), atol=1e-12)
    flow.grab()


def test_that_the_tutorials_inputs_are_nodes_of_their_own(
    qtbot: QtBot, states: States, flow: FlowDiagram, told: dict[str, Any]
) -> None:
    inspection = inspect(qtbot, states)
    inspection.show_tutorial()
    inspection.open_step("z1")
    expected = [[0.2 * 0.5, -0.3 * 0.8, 0.1 * 0.2], [0.4 * 0.5, 0.1 * 0.8, -0.2 * 0.2]]
    np.testing.assert_allclose(told["links"][0], expected, atol=1e-15)
    assert told["columns"][-1].names == ("class 0", "class 1")
    flow.grab()


@pytest.mark.parametrize(
    ("key", "nodes", "links", "lit"),
    [
        ("x", [None, None], [False, False], []),
        ("z1", ["z1", None], [True, False], [0]),
        ("a1", ["a1", None], [True, False], [0]),
        ("z2", ["a1", "z2"], [True, True], [1]),
        ("a2", ["a1", "a2"], [True, True], [1]),
        ("loss", ["a1", "a2"], [True, True], []),
        ("dz2", ["a1", "dz2"], [True, True], []),
        ("dW2", ["a1", "dz2"], [True, True], [1]),
        ("dz1", ["dz1", "dz2"], [True, True], [1]),
        ("dW1", ["dz1", "dz2"], [True, True], [0]),
        ("update", ["a1", "a2"], [True, True], [0, 1]),
        ("check", ["a1 new", "a2 new"], [True, True], [0, 1]),
    ],
)
def test_that_a_step_lights_what_it_is_about_and_leaves_what_comes_later_empty(
    qtbot: QtBot,
    states: States,
    flow: FlowDiagram,
    told: dict[str, Any],
    key: str,
    nodes: list[str | None],
    links: list[bool],
    lit: list[int],
) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step(key)
    assert inspection.explanation is not None
    assert [column.empty for column in told["columns"]] == [False, *(name is None for name in nodes)]
    for column, name in zip(told["columns"][1:], nodes, strict=True):
        if name is not None:
            np.testing.assert_array_equal(column.values, inspection.explanation.arrays[name][:, 0])
    assert [bool(values.any()) for values in told["links"]] == links
    assert told["lit"] == lit
    winner = told["columns"][2].winner
    assert winner == (None if (nodes[1] or "").startswith("dz") else told["columns"][2].values.argmax())
    flow.grab()


@pytest.mark.parametrize(("key", "name"), [("loss", "a"), ("dz1", "dz")])
def test_that_keys_lead_from_node_to_node_and_enter_opens_its_number(
    qtbot: QtBot, states: States, flow: FlowDiagram, key: str, name: str
) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step(key)
    view = diagram(flow)
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert inspection.number == Number("x", 0)
    inspection.open_step(key)
    seen = []
    for column in (1, 2):
        qtbot.keyClick(view, Qt.Key.Key_Right)
        if view.accessibleDescription().count("→"):  # on the link between
            qtbot.keyClick(view, Qt.Key.Key_Return)
            seen.append(inspection.number)
            qtbot.keyClick(view, Qt.Key.Key_Right)
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert inspection.number is not None
        assert inspection.number.name == f"{name}{column}"
        assert inspection.step is not None
        assert inspection.step.key == key
    assert seen


def test_that_a_click_on_a_node_opens_its_number(qtbot: QtBot, states: States, flow: FlowDiagram) -> None:
    inspection = inspect(qtbot, states)
    inspection.open_step("loss")
    view = diagram(flow)
    missing = {"x", "a1", "a2", "W2"}
    for x, y in itertools.product(range(2, view.width(), 12), range(2, view.height(), 12)):
        inspection.open_step("loss")
        first = inspection.number
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
        assert inspection.number is not None
        if inspection.number != first:
            missing.discard(inspection.number.name)
        if not missing:
            break
    assert not missing


def test_that_hidden_it_waits_and_catches_up_when_shown(
    qtbot: QtBot, training: TrainingState, states: States, flow: FlowDiagram, told: dict[str, Any]
) -> None:
    inspect(qtbot, states)
    flow.hide()
    told.clear()
    begin(qtbot, training, hidden=(7,))
    assert told == {}
    flow.show()
    assert len(told["columns"][1].values) == 7
