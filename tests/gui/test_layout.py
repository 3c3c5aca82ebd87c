"""Nothing is cut off and nothing overlaps, in the smallest window and in every state of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSlider,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from micronn_core.explain.derivations import Number
from micronn_gui.main_window import MainWindow
from micronn_gui.session.states import States
from micronn_gui.widgets.controls.toasts import Toast
from tests.gui.inspecting import STROKES, press, words
from tests.gui.running import begin, choose, enter, finish, part

SIZES = [(1024, 700), (1280, 720), (1440, 900), (1920, 1080), (3840, 2160)]
"""From the smallest window in which nothing is out of reach to the largest screens."""
Prepare = Callable[[QtBot, States, MainWindow], None]


def at_rest(qtbot: QtBot, states: States, window: MainWindow) -> None:
    pass


def finished(qtbot: QtBot, states: States, window: MainWindow) -> None:
    states.training.change({"epochs": 1_000})
    states.training.change({"epochs": 3})
    finish(qtbot, states.training)


def in_the_past(qtbot: QtBot, states: States, window: MainWindow) -> None:
    begin(qtbot, states.training, batch_size=8, epochs=3)
    finish(qtbot, states.training)
    states.training.change({"epochs": 1_000_000})
    states.training.show_epoch(2.5)


def with_a_draft(qtbot: QtBot, states: States, window: MainWindow) -> None:
    finished(qtbot, states, window)
    enter(qtbot, part(window, QLineEdit, "Neurons"), "128, 64, 32")


def with_a_bad_value(qtbot: QtBot, states: States, window: MainWindow) -> None:
    enter(qtbot, part(window, QLineEdit, "Learning rate"), "a thousand million")


def with_a_message(qtbot: QtBot, states: States, window: MainWindow) -> None:
    begin(qtbot, states.training, activation="leaky_relu", learning_rate=1000.0)
    states.training.play()
    qtbot.waitUntil(lambda: window.toasts.newest is not None)
    # What is wrong is found out beside the window: a word that comes later would be laid out later.
    qtbot.waitUntil(lambda: window.workspace("train").curves.health.shown is not None)


def with_an_enlarged_neuron(qtbot: QtBot, states: States, window: MainWindow) -> None:
    canvas = window.workspace("train").weights.grid.widget()
    place = canvas.cell(0).topLeft() + QPoint(20, 20)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClick(window.workspace("train").weights.neuron, Qt.Key.Key_Right)


def with_a_wide_and_deep_network(qtbot: QtBot, states: States, window: MainWindow) -> None:
    begin(qtbot, states.training, hidden=(512, 256), activation="leaky_relu")


def per_image(qtbot: QtBot, states: States, window: MainWindow) -> None:
    choose(qtbot, part(window, QComboBox, "Colour scale"), "Scale: per image")


STATES = [
    at_rest,
    finished,
    in_the_past,
    with_a_draft,
    with_a_bad_value,
    with_a_message,
    with_an_enlarged_neuron,
    with_a_wide_and_deep_network,
    per_image,
]


def inspecting(window: MainWindow) -> None:
    window.open_workspace("inspect")
    settle(window)


def each_step(states: States, window: MainWindow) -> Iterator[str]:
    """Open the steps one after the other, each of their formulas, and the deepest part of their numbers."""
    inspecting(window)
    inspection = states.inspection
    assert inspection.explanation is not None
    for step in inspection.explanation.steps:
        inspection.open_step(step.key)
        yield step.key
        results = {tokens[-1] for tokens in step.expressions[1:]}
        for name in sorted(results):
            inspection.choose(Number(name))
            yield f"{step.key}, {name}"


def the_first_network(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    yield from each_step(states, window)


def the_tutorial(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    states.inspection.show_tutorial()
    yield from each_step(states, window)


def a_wide_network(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    begin(qtbot, states.training, hidden=(512, 512))
    yield from each_step(states, window)


def a_deep_network(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    begin(qtbot, states.training, hidden=(64, 32, 16, 12))
    yield from each_step(states, window)


def the_diagram(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    inspecting(window)
    press(qtbot, window.workspace("inspect").step, "Diagram")
    for hidden in ((10,), (512, 512), (64, 32, 16, 12)):
        begin(qtbot, states.training, hidden=hidden)
        for key in ("z1", "dW1"):
            states.inspection.open_step(key)
            yield f"{hidden}, {key}"


def what_was_done_with_a_sample(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    inspecting(window)
    states.inspection.train()
    yield "trained"
    states.inspection.open_step("dW1")
    yield "a gradient checked"
    window.workspace("inspect").open_origin()
    press(qtbot, window.workspace("inspect").training, "check all")
    qtbot.waitUntil(lambda: "all agree" in words(window.workspace("inspect").training))
    yield "all gradients checked"


def a_drawing(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    inspecting(window)
    states.inspection.show_drawing()
    yield "empty"
    states.drawing.show(STROKES)
    yield "drawn"


def a_long_trail(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    begin(qtbot, states.training, hidden=(512, 512), activation="leaky_relu")
    inspecting(window)
    inspection = states.inspection
    inspection.open_step("dW1")
    assert inspection.explanation is not None
    slope = next(name for name in inspection.explanation.arrays if name.endswith("′(z1)"))
    for number in (
        Number("dW1", 400, 700),
        Number("dz1", 400),
        Number(slope, 400),
        Number("z1", 400),
        Number("W1", 400, 700),
        Number("W1 new", 400, 700),
        Number("dW1", 400, 700),
    ):
        inspection.follow(number)
        for digits in (4, 17):
            inspection.show_digits(digits)
            yield f"{inspection.explanation.label_of(number)}, {digits} digits"


INSPECTED = [
    the_first_network,
    the_tutorial,
    a_wide_network,
    a_deep_network,
    the_diagram,
    what_was_done_with_a_sample,
    a_drawing,
    a_long_trail,
]


@pytest.mark.parametrize("size", SIZES[:3], ids=["1024x700", "1280x720", "1440x900"])
@pytest.mark.parametrize("scenes", INSPECTED, ids=lambda scenes: scenes.__name__)
def test_that_in_inspect_nothing_is_cut_off_and_nothing_overlaps(
    qtbot: QtBot,
    states: States,
    window: MainWindow,
    scenes: Callable[[QtBot, States, MainWindow], Iterator[str]],
    size: tuple[int, int],
) -> None:
    window.resize(*size)
    settle(window)
    faults = []
    for state in scenes(qtbot, states, window):
        settle(window)
        assert (window.width(), window.height()) == size, state
        faults += [
            f"{state}: {fault}"
            for fault in (*cut_off(window), *overlapping(window), *outside(window), *scrolled(window))
        ]
    assert faults == [], "\n".join(faults)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_that_nothing_is_cut_off_and_nothing_overlaps(
    qtbot: QtBot, states: States, window: MainWindow, state: Prepare
) -> None:
    state(qtbot, states, window)
    faults = []
    for width, height in SIZES:
        window.resize(width, height)
        settle(window)
        assert (window.width(), window.height()) == (width, height)
        where = f"{width} x {height}: "
        found = (*cut_off(window), *overlapping(window), *outside(window), *scrolled(window))
        faults += [where + fault for fault in found]
    assert faults == [], "\n".join(faults)


def settle(window: MainWindow) -> None:
    """Let every layout follow the window's size: what one of them changes, another may follow."""
    for _ in range(5):
        QApplication.processEvents()
        window.grab()


def placed(window: MainWindow) -> list[QWidget]:
    """Return the visible widgets that our layouts have placed: not the insides of Qt's own controls."""
    inner = (QAbstractScrollArea, QComboBox, QSlider, QGraphicsView)
    found, waiting = [], [window.centralWidget()]
    while waiting:
        widget = waiting.pop()
        found.append(widget)
        if not isinstance(widget, inner):
            waiting += [child for child in children(widget) if child.isVisible()]
    scrolling = [area.widget() for area in found if isinstance(area, QScrollArea)]
    for inside in scrolling:
        found += [w for w in inside.findChildren(QWidget) if w.isVisible() and not inner_part(w, inner)]
    return found


def inner_part(widget: QWidget, inner: tuple[type[QWidget], ...]) -> bool:
    parent = widget.parent()
    return isinstance(parent, inner)


def children(widget: QWidget) -> list[QWidget]:
    """Return the parts of a widget that a layout has placed, not the messages that lie over them."""
    found = [child for child in widget.children() if isinstance(child, QWidget) and not child.isWindow()]
    return [child for child in found if not isinstance(child, Toast)]


def name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QPushButton | QToolButton) else ""
    return f"{type(widget).__name__} {text or widget.accessibleName() or widget.objectName()!r}"


def cut_off(window: MainWindow) -> list[str]:
    faults = []
    for widget in placed(window):
        if not (isinstance(widget, QLabel | QPushButton | QToolButton) and widget.text()):
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            fits = widget.height() >= widget.heightForWidth(widget.width())
        else:
            hint = widget.sizeHint()
            fits = widget.width() >= hint.width() and widget.height() >= hint.height()
        if not fits:
            faults.append(f"{name(widget)} is cut off: {widget.size()} of {widget.sizeHint()}")
    for line in window.findChildren(QLineEdit):
        if line.isVisible() and not line.isModified() and not line.property("wrong"):
            needed = line.fontMetrics().horizontalAdvance(line.text())
            if line.contentsRect().width() < needed:
                faults.append(f"{line.text()} is cut off in its line")
    return faults


def overlapping(window: MainWindow) -> list[str]:
    faults = []
    for parent in {widget.parent() for widget in placed(window)}:
        if not isinstance(parent, QWidget) or isinstance(parent, QAbstractScrollArea | QGraphicsView):
            continue
        siblings = [child for child in children(parent) if child.isVisible() and not child.size().isEmpty()]
        faults += [
            f"{name(one)} overlaps {name(other)}"
            for i, one in enumerate(siblings)
            for other in siblings[i + 1 :]
            if one.geometry().intersects(other.geometry())
        ]
    return faults


def scrolled(window: MainWindow) -> list[str]:
    """Return whether the page has less room than it needs."""
    area = window.findChild(QScrollArea, "pages")
    bars = {"across": area.horizontalScrollBar(), "down": area.verticalScrollBar()}
    return [f"the page scrolls {way} by {bar.maximum()}" for way, bar in bars.items() if bar.maximum() > 0]


def outside(window: MainWindow) -> list[str]:
    def place(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())

    scrolling = window.findChildren(QAbstractScrollArea)
    return [
        f"{name(widget)} is outside"
        for widget in placed(window)
        if not window.rect().contains(place(widget))
        and not any(area.isAncestorOf(widget) for area in scrolling)
    ]


def test_that_at_720_lines_the_recipe_needs_no_scrolling(window: MainWindow) -> None:
    window.resize(1280, 720)
    settle(window)
    for area in window.workspace("train").recipe.findChildren(QAbstractScrollArea):
        if area.isVisible() and isinstance(area, QScrollArea):
            assert area.verticalScrollBar().maximum() == 0


def test_that_the_window_does_not_become_smaller_than_its_frame(window: MainWindow) -> None:
    window.resize(200, 100)
    settle(window)
    assert (window.width(), window.height()) == (window.minimumWidth(), window.minimumHeight())
    assert window.width() <= SIZES[0][0]
    assert window.height() <= SIZES[0][1]
    for frame in (window.header, window.transport, window.rail):
        assert frame.width() >= frame.minimumSizeHint().width()
