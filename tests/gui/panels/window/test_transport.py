"""The transport: every button does what it says, and the timeline shows the past while it trains."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QLabel, QLineEdit, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from micronn_gui.panels.window.transport import TransportPanel
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.figure import ACCURACY
from micronn_gui.worker.update import Status
from tests.gui.running import LONG, begin, enter, finish, part, train_to

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot: QtBot, training: TrainingState) -> TransportPanel:
    made = TransportPanel(training)
    qtbot.addWidget(made)
    made.resize(1440, 84)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def press(qtbot: QtBot, panel: TransportPanel, name: str) -> None:
    qtbot.mouseClick(part(panel, QToolButton, name), LEFT)


def figures(panel: TransportPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def place_of(panel: TransportPanel, training: TrainingState, epoch: float) -> QPoint:
    """Return where an epoch is on the track of the timeline."""
    margin = 28
    return QPoint(margin + round((panel.timeline.width() - 2 * margin) * epoch / training.config.epochs), 32)


def test_that_nothing_can_be_played_before_there_is_a_network(panel: TransportPanel) -> None:
    assert not part(panel, QToolButton, "Play (Space)").isEnabled()
    assert not part(panel, QToolButton, "Step epoch").isEnabled()


def test_that_the_play_button_plays_and_then_pauses(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel
) -> None:
    begin(qtbot, training, epochs=LONG)
    press(qtbot, panel, "Play (Space)")
    assert training.status is Status.RUNNING
    press(qtbot, panel, "Pause (Space)")
    assert training.status is Status.PAUSED
    assert part(panel, QToolButton, "Play (Space)").isEnabled()


def test_that_a_new_network_is_asked_for_and_not_made(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel
) -> None:
    begin(qtbot, training)
    wanted, started = QSignalSpy(panel.new_network_wanted), QSignalSpy(training.run_started)
    press(qtbot, panel, "New network of what the recipe shows (Ctrl+N)")
    assert (wanted.count(), started.count()) == (1, 0)


@pytest.mark.parametrize(
    ("size", "epoch", "text"),
    [
        ("Step sample", 1 / 320, "000,000.00"),
        ("Step batch", 64 / 320, "000,000.20"),
        ("Step epoch", 1.0, "000,001"),
    ],
)
def test_that_a_step_has_the_chosen_size_and_is_counted(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel, size: str, epoch: float, text: str
) -> None:
    begin(qtbot, training, batch_size=64)
    button = part(panel, QToolButton, "Step epoch")
    actions = {action.text(): action for action in button.menu().actions()}
    actions[size].trigger()
    assert button.accessibleName() == button.text() == size
    assert [name for name, action in actions.items() if action.isChecked()] == [size]
    press(qtbot, panel, size)
    qtbot.waitUntil(lambda: training.newest is not None and training.newest.metrics.epoch == epoch)
    assert text in figures(panel)


def test_that_the_figures_are_those_of_the_shown_moment(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel
) -> None:
    begin(qtbot, training, epochs=50)
    finish(qtbot, training)
    for epoch in (50, 12):
        training.show_epoch(epoch)
        metrics = training.history.metrics(epoch)
        assert f"{epoch:07,d}" in figures(panel)
        assert ACCURACY.text(metrics.validation_accuracy) in figures(panel)
        assert f"{metrics.loss:.3f}" in figures(panel)
    assert "/ 50" in figures(panel)


def test_that_dragging_the_timeline_shows_the_past_while_training_goes_on(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel
) -> None:
    begin(qtbot, training, epochs=400)
    training.set_speed(400)
    train_to(qtbot, training, 100)  # so that the timeline, which follows a moment later, is past 50 as well
    qtbot.mousePress(panel.timeline, LEFT, pos=place_of(panel, training, 50))
    seen = []
    for epoch in (40, 30, 20):
        qtbot.mouseMove(panel.timeline, place_of(panel, training, epoch))
        assert training.shown is not None
        seen.append(training.shown.metrics.epoch)
    qtbot.mouseRelease(panel.timeline, LEFT, pos=place_of(panel, training, 20))
    assert seen == pytest.approx([40, 30, 20], abs=1)
    assert not training.live
    assert training.status is Status.RUNNING
    steps = len(training.history)
    qtbot.waitUntil(lambda: len(training.history) > steps)
    assert training.shown is not None
    assert training.shown.metrics.epoch == seen[-1]
    assert panel.timeline.accessibleDescription() == f"epoch {seen[-1]:.0f}"


def test_that_moving_the_mouse_without_the_button_shows_nothing_else(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel
) -> None:
    begin(qtbot, training, epochs=50)
    finish(qtbot, training)
    qtbot.mouseMove(panel.timeline, place_of(panel, training, 10))
    assert training.live


def test_that_dragging_beyond_the_newest_moment_goes_live(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel
) -> None:
    begin(qtbot, training, epochs=50)
    finish(qtbot, training)
    training.show_epoch(3)
    qtbot.mousePress(panel.timeline, LEFT, pos=place_of(panel, training, 10))
    assert not training.live
    qtbot.mouseMove(panel.timeline, QPoint(panel.timeline.width() - 1, 32))
    qtbot.mouseRelease(panel.timeline, LEFT)
    assert training.live
    assert panel.timeline.accessibleDescription() == "LIVE"


def test_that_a_click_on_live_and_the_end_key_return_to_the_newest_moment(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel
) -> None:
    begin(qtbot, training, epochs=80)
    training.change({"epochs": 50})
    finish(qtbot, training)
    training.change({"epochs": 80})
    mark = place_of(panel, training, 50)
    for back in (
        lambda: qtbot.mouseClick(panel.timeline, LEFT, pos=QPoint(mark.x() - 6, 10)),
        lambda: qtbot.keyClick(panel.timeline, Qt.Key.Key_End),
    ):
        training.show_epoch(10)
        assert not training.live
        back()
        assert training.live


def test_that_the_arrow_and_home_keys_walk_through_the_moments(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel
) -> None:
    begin(qtbot, training, epochs=20)
    finish(qtbot, training)
    panel.timeline.setFocus()
    for key, epoch in (
        (Qt.Key.Key_Left, 19),
        (Qt.Key.Key_Left, 18),
        (Qt.Key.Key_Right, 19),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_Right, 1),
    ):
        qtbot.keyClick(panel.timeline, key)
        assert training.shown is not None
        assert training.shown.metrics.epoch == epoch
    assert len(training.history) == 21  # no key has taken a step


def test_that_at_the_end_of_a_run_play_goes_on_for_as_many_epochs_as_are_asked_for_in_place(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel
) -> None:
    begin(qtbot, training, epochs=10)
    more = part(panel, QLineEdit, "Epochs more")
    assert not more.isVisible()
    finish(qtbot, training)
    assert more.isVisible()
    assert more.text() == "+100"
    assert "Play trains on" in figures(panel)
    enter(qtbot, more, "30")
    assert more.text() == "+30"
    press(qtbot, panel, "Train 30 epochs more (Space)")
    assert training.status is Status.RUNNING
    assert not more.isVisible()
    qtbot.waitUntil(lambda: training.status is Status.FINISHED)
    assert len(training.history) == 41
    assert "/ 40" in figures(panel)


@pytest.mark.parametrize("text", ["", "many", "-5", "0", "1e9", "99999999"])
def test_that_what_is_no_number_of_epochs_is_put_back(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel, text: str
) -> None:
    begin(qtbot, training, epochs=2)
    finish(qtbot, training)
    more = part(panel, QLineEdit, "Epochs more")
    enter(qtbot, more, text)
    assert more.text() == "+100"
    assert training.more_epochs == 100


def test_that_play_says_that_it_trains_the_network_that_the_recipe_shows(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel
) -> None:
    begin(qtbot, training, epochs=2)
    finish(qtbot, training)
    training.want(training.config.with_value("hidden", (7,)))
    assert not part(panel, QLineEdit, "Epochs more").isVisible()
    press(qtbot, panel, "Train the new network that the recipe shows; this one is kept (Space)")
    assert training.config.hidden == (7,)
    qtbot.waitUntil(lambda: training.newest is not None and training.newest.metrics.step > 0)


def test_that_a_change_under_way_is_marked_on_the_timeline_and_said_at_its_mark(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel
) -> None:
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 5)
    training.pause()
    training.change({"learning_rate": 0.5, "epochs": 1_000})
    (change,) = training.changes.all
    mark = place_of(panel, training, change.epoch)
    assert panel.timeline.event_at(mark.x() + 2) == change.text
    assert panel.timeline.event_at(mark.x() + 40) == ""


def test_that_the_speed_slider_limits_the_steps_and_says_so(
    qtbot: QtBot, training: TrainingState, panel: TransportPanel
) -> None:
    slider = part(panel, QSlider, "Speed")
    assert "Speed: full" in figures(panel)
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert "Speed: 1/s" in figures(panel)
    begin(qtbot, training, epochs=LONG)
    training.play()
    qtbot.waitUntil(lambda: len(training.history) == 2)
    qtbot.keyClick(slider, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: len(training.history) > 50)
    assert "Speed: full" in figures(panel)


def test_that_in_a_narrow_window_the_least_important_figure_gives_way(panel: TransportPanel) -> None:
    assert "steps/s" in figures(panel)
    panel.resize(1100, 84)
    assert "steps/s" not in figures(panel)
    assert "train loss" in figures(panel)
    panel.resize(952, 84)
    assert "train loss" not in figures(panel)
    assert "val accuracy" in figures(panel)
    panel.resize(800, 84)
    assert not part(panel, QSlider, "Speed").isVisible()
    assert "val accuracy" in figures(panel)
