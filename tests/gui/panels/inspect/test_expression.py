"""A formula with its actual numbers, and what belongs together in it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from micronn_core.explain.derivations import Number
from micronn_core.explain.explanation import Explanation, explain
from micronn_core.nn.network import Network, Parameters
from micronn_gui.panels.inspect.expression import Expression
from micronn_gui.panels.inspect.linking import Marks, linked
from micronn_gui.widgets.images.heat_map import HeatMap
from tests.gui.inspecting import click_cell, heat_map, heat_maps, words


def explained(sizes: tuple[int, ...], scale: float = 0.5) -> Explanation:
    rng = np.random.default_rng(2)
    parameters = Parameters(sizes, dtype=np.float64)
    parameters.vector[...] = rng.normal(0, scale, parameters.vector.size)
    return explain(Network(parameters), rng.random((sizes[0], 1)), 1, 0.1)


@pytest.fixture
def shown(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401 - a function with defaults
    """Return how to show an expression, and what each heat map was told to mark last."""
    marks: dict[str, tuple[set[int], set[int]]] = {}
    highlight = HeatMap.highlight

    def marking(self: HeatMap, rows: Any = (), columns: Any = ()) -> None:  # noqa: ANN401
        marks[self.accessibleName()] = set(rows), set(columns)
        highlight(self, rows, columns)

    monkeypatch.setattr(HeatMap, "highlight", marking)
    made = Expression()
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()

    def show(
        explanation: Explanation,
        key: str,
        number: Number | None = None,
        image_shape: tuple[int, int] | None = None,
    ) -> tuple[Expression, dict[str, tuple[set[int], set[int]]]]:
        made.show_tokens(explanation, explanation.step(key).expressions[0], number, image_shape)
        heat_maps(made)  # laid out
        return made, marks

    return show


@pytest.mark.parametrize("key", ["z1", "a1", "z2", "a2", "loss", "dz2", "dW2", "dz1", "dW1", "update"])
def test_that_each_matrix_says_its_name_and_shape_and_shows_its_values(shown: Any, key: str) -> None:  # noqa: ANN401
    explanation = explained((4, 3, 5))
    view, _ = shown(explanation, key)
    step = explanation.step(key)
    for token in step.expressions[0]:
        name = token.removesuffix("ᵀ")
        if name not in explanation.arrays:
            assert token in words(view)
            continue
        values = explanation.arrays[name].T if token.endswith("ᵀ") else explanation.arrays[name]
        rows, columns = values.shape
        assert f"{token} ({rows}×{columns})" in words(view)
        written = heat_map(view, name).text_of(rows - 1, columns - 1)
        assert float(written.replace("−", "-")) == pytest.approx(values[-1, -1], abs=0.005)


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 0.1, 1.0, 3e4])
def test_that_numbers_of_any_size_can_be_read(shown: Any, scale: float) -> None:  # noqa: ANN401
    explanation = explained((4, 3, 5), scale)
    view, _ = shown(explanation, "z1")
    values = explanation.arrays["W1"]
    row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
    text = heat_map(view, "W1").text_of(int(row), int(column))
    assert float(text.replace("−", "-")) == pytest.approx(
        values[row, column], rel=0.06 if scale > 1e-6 else 0.34
    )
    assert len(text) <= 9


def test_that_a_cell_of_a_transposed_matrix_is_the_number_of_the_matrix_itself(
    qtbot: QtBot,
    shown: Any,  # noqa: ANN401
) -> None:
    view, _ = shown(explained((4, 3, 5)), "dz1")
    spy = QSignalSpy(view.chosen)
    click_cell(qtbot, heat_map(view, "W2"), 2, 4)
    assert list(spy.at(0)) == ["W2", 4, 2]
    view, _ = shown(explained((4, 3, 5)), "dz1", Number("W2", 4, 2))
    assert heat_map(view, "W2").selected == (2, 4)


def test_that_hovering_a_neuron_marks_its_row_of_weights(qtbot: QtBot, shown: Any) -> None:  # noqa: ANN401
    view, marks = shown(explained((4, 3, 5)), "z2")
    place = heat_map(view, "z2").cell(3, 0).center()
    qtbot.mouseMove(heat_map(view, "z2"), QPoint(1, 1))
    qtbot.mouseMove(heat_map(view, "z2"), place)
    assert marks["W2"] == ({3}, set())
    assert marks["b2"] == marks["z2"] == ({3}, set())
    assert marks["a1"] == (set(), set())
    QApplication.sendEvent(heat_map(view, "z2"), QEvent(QEvent.Type.Leave))
    assert marks["W2"] == (set(), set())


def test_that_hovering_an_input_marks_its_column_of_weights(qtbot: QtBot, shown: Any) -> None:  # noqa: ANN401
    view, marks = shown(explained((4, 3, 5)), "z1")
    qtbot.mouseMove(heat_map(view, "x"), heat_map(view, "x").cell(2, 0).center())
    assert marks["W1"] == (set(), {2})
    assert marks["x"] == ({2}, set())
    qtbot.mouseMove(heat_map(view, "W1"), heat_map(view, "W1").cell(1, 3).center())
    assert marks["x"] == ({3}, set())
    assert marks["z1"] == ({1}, set())


def test_that_hovering_a_pixel_marks_the_same_pixel_of_the_weights(qtbot: QtBot, shown: Any) -> None:  # noqa: ANN401
    view, marks = shown(explained((36, 3, 5)), "z1", Number("z1", 1), (6, 6))
    qtbot.mouseMove(heat_map(view, "x"), heat_map(view, "x").cell(4, 2).center())
    assert marks["W1"] == marks["x"] == ({4}, {2})
    assert marks["z1"] == (set(), set())


def test_that_pictures_show_the_row_of_the_number(shown: Any) -> None:  # noqa: ANN401
    explanation = explained((36, 3, 5))
    view, _ = shown(explanation, "z1", Number("z1", 2), (6, 6))
    assert "W1[2] (6×6)" in words(view)
    text = heat_map(view, "W1").text_of(3, 4)
    assert float(text.replace("−", "-")) == pytest.approx(explanation.arrays["W1"][2, 22], abs=0.005)


# -- linking --

SHAPES = [(3, 4), None, (4, 1), None, (3, 1), None, (3, 1)]
TOKENS = ("W1", "·", "x", "+", "b1", "=", "z1")


def test_that_in_a_product_rows_belong_to_rows_and_columns_to_rows() -> None:
    row, column, nothing = Marks(frozenset({1})), Marks(columns=frozenset({2})), Marks()
    second = Marks(frozenset({2}))
    assert linked(TOKENS, SHAPES, 0, 1, 2) == [row, nothing, second, nothing, row, nothing, row]
    assert linked(TOKENS, SHAPES, 2, 2, 0)[0] == column
    assert linked(TOKENS, SHAPES, 6, 1, 0)[:3] == [row, nothing, nothing]


def test_that_in_an_outer_product_a_column_belongs_to_a_column() -> None:
    shapes = [(3, 1), None, (1, 4), None, (3, 4)]
    marks = linked(("dz1", "·", "xᵀ", "=", "dW1"), shapes, 4, 1, 2)
    assert marks[0].rows == {1}
    assert marks[2].columns == {2}
    assert marks[4].rows == {1}
    right = linked(("dz1", "·", "xᵀ", "=", "dW1"), shapes, 2, 0, 3)
    assert right[4].columns == {3}


def test_that_without_a_product_equal_places_belong_together() -> None:
    marks = linked(("a2", "−", "y", "=", "dz2"), [(5, 1), None, (5, 1), None, (5, 1)], 0, 4, 0)
    assert [mark.rows for mark in marks] == [{4}, frozenset(), {4}, frozenset(), {4}]
