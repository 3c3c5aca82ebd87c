"""The curves: what is left out of a long one, and what is read from it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from micronn_core.training.history import epoch_text
from micronn_gui.panels.train.curves import CurvesPanel
from micronn_gui.panels.train.figure_chart import FigureChart
from micronn_gui.session.states import States
from micronn_gui.session.training import TrainingState
from micronn_gui.widgets.charts.thinning import NOISY_POINTS, POINTS, thin
from micronn_gui.widgets.charts.ticks import round_ticks
from tests.gui.running import LONG, begin, finish, part, train_to

EVERYWHERE = (-math.inf, math.inf)


def long_curve(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x, noisy y and weights."""
    rng = np.random.default_rng(3)
    x = np.arange(count, dtype=float)
    return x, np.exp(-x / count) + rng.normal(0, 0.1, count), rng.integers(1, 50, count).astype(float)


# -- thinning --


@pytest.mark.parametrize("count", [0, 1, 2, POINTS])
def test_that_a_short_curve_is_kept_as_it_is(count: int) -> None:
    x, y, weights = long_curve(count)
    line_x, line_y, band = thin(x, y, weights, *EVERYWHERE, noisy=False)
    np.testing.assert_array_equal(line_x, x)
    np.testing.assert_array_equal(line_y, y)
    assert band is None


@pytest.mark.parametrize(("noisy", "most"), [(False, POINTS), (True, NOISY_POINTS)])
@pytest.mark.parametrize("count", [POINTS + 1, 1_000, 12_345, 300_000])
def test_that_a_long_curve_is_drawn_with_few_points(count: int, noisy: bool, most: int) -> None:
    line_x, line_y, band = thin(*long_curve(count), *EVERYWHERE, noisy=noisy)
    assert most / 2 <= len(line_x) == len(line_y) <= most
    assert (np.diff(line_x) > 0).all()
    assert band is not None
    assert len(band[0]) == len(band[1]) <= 2 * POINTS


def test_that_a_point_of_the_line_is_the_mean_of_its_bin_by_samples() -> None:
    x, y, weights = long_curve(POINTS * 8)
    line_x, line_y, _ = thin(x, y, weights, *EVERYWHERE, noisy=False)
    for i in (1, 17, POINTS - 1):
        bin_ = slice(8 * i, 8 * i + 8)
        assert line_y[i] == pytest.approx(np.average(y[bin_], weights=weights[bin_]))
        assert line_x[i] == pytest.approx(np.average(x[bin_], weights=weights[bin_]))


@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize("count", [POINTS + 1, 5_000, 12_345])
def test_that_the_band_encloses_every_value(count: int, noisy: bool) -> None:
    x, y, weights = long_curve(count)
    band = thin(x, y, weights, *EVERYWHERE, noisy=noisy).band
    assert band is not None
    starts = np.arange(0, count, 2 ** math.ceil(math.log2(count / POINTS)))
    np.testing.assert_array_equal(band[0][::2], x[starts])
    bins = np.array_split(y, starts[1:])
    np.testing.assert_array_equal(band[1][::2], [values.min() for values in bins])
    np.testing.assert_array_equal(band[1][1::2], [values.max() for values in bins])


def test_that_behind_a_short_noisy_curve_every_point_is_drawn() -> None:
    x, y, weights = long_curve(200)
    line_x, _, band = thin(x, y, weights, *EVERYWHERE, noisy=True)
    assert len(line_x) <= NOISY_POINTS
    assert band is not None
    np.testing.assert_array_equal(band[0], x)
    np.testing.assert_array_equal(band[1], y)


@pytest.mark.parametrize("noisy", [False, True])
def test_that_growing_does_not_move_what_is_drawn_already(noisy: bool) -> None:
    x, y, weights = long_curve(2_400)
    before = thin(x[:2_000], y[:2_000], weights[:2_000], *EVERYWHERE, noisy=noisy)
    after = thin(x, y, weights, *EVERYWHERE, noisy=noisy)
    complete = len(before.x) - 1
    np.testing.assert_array_equal(after.x[:complete], before.x[:complete])
    np.testing.assert_array_equal(after.y[:complete], before.y[:complete])
    assert before.band is not None
    assert after.band is not None
    np.testing.assert_array_equal(after.band[1][:498], before.band[1][:498])


def test_that_longer_bins_hold_whole_shorter_ones() -> None:
    x, y, _ = long_curve(2_500)
    ones = np.ones_like(x)
    shorter = thin(x[:2_400], y[:2_400], ones[:2_400], *EVERYWHERE, noisy=False).y
    longer = thin(x, y, ones, *EVERYWHERE, noisy=False).y
    np.testing.assert_allclose(longer[1:150], ((shorter[::2] + shorter[1::2]) / 2)[1:])


def test_that_a_line_begins_where_the_curve_does() -> None:
    x, y, weights = long_curve(POINTS * 8)
    line_x, line_y, _ = thin(x, y, weights, *EVERYWHERE, noisy=False)
    assert (line_x[0], line_y[0]) == (x[0], y[0])


def test_that_zooming_in_shows_every_point_in_sight_and_its_neighbours() -> None:
    x, y, weights = long_curve(10_000)
    line_x, line_y, band = thin(x, y, weights, 500.5, 509.5, noisy=False)
    np.testing.assert_array_equal(line_x, np.arange(500, 511))
    np.testing.assert_array_equal(line_y, y[500:511])
    assert band is None


# -- the panel --


@pytest.fixture
def card(qtbot: QtBot, states: States) -> CurvesPanel:
    made = CurvesPanel(states.training, states.health)
    qtbot.addWidget(made)
    made.resize(1100, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture(params=["loss", "accuracy"])
def panel(request: pytest.FixtureRequest, card: CurvesPanel) -> FigureChart:
    chart: FigureChart = getattr(card, request.param)
    return chart


@pytest.fixture
def loss_panel(card: CurvesPanel) -> FigureChart:
    return card.loss


def legend(panel: FigureChart, name: str) -> str:
    """Return the value that the legend gives."""
    return part(panel, QLabel, name).text().strip()


def place_of(panel: FigureChart, epoch: float) -> QPoint:
    """Return where an epoch is drawn, in the middle of the chart."""
    box = panel.chart.getPlotItem().getViewBox()
    x = panel.chart.mapFromScene(box.mapViewToScene(QPointF(epoch, 0))).x()
    return QPoint(x, panel.chart.height() // 2)


def reading(panel: FigureChart) -> str:
    """Return what hovering has brought up."""
    texts = [label.text() for label in panel.chart.findChildren(QLabel) if label.isVisible()]
    return next((text for text in texts if text.startswith("epoch ")), "")


def test_that_without_figures_the_legend_has_dashes(panel: FigureChart) -> None:
    assert legend(panel, "train") == legend(panel, "val") == "–"


def test_that_the_legend_gives_the_figures_of_the_shown_epoch(
    qtbot: QtBot, training: TrainingState, panel: FigureChart
) -> None:
    begin(qtbot, training, epochs=40)
    finish(qtbot, training)
    for epoch in (40, 11):
        training.show_epoch(epoch)
        metrics = training.history.metrics(epoch)
        values = (metrics.loss, metrics.validation_loss)
        expected = [f"{value:.3f}" for value in values]
        if "%" in legend(panel, "train"):
            values = (metrics.accuracy, metrics.validation_accuracy)
            expected = [f"{100 * value:4.1f} %" for value in values]
        assert [legend(panel, "train"), legend(panel, "val")] == [text.strip() for text in expected]


def test_that_the_legend_follows_a_running_network_and_stays_with_the_past(
    qtbot: QtBot, training: TrainingState, loss_panel: FigureChart
) -> None:
    begin(qtbot, training, epochs=LONG)
    first = legend(loss_panel, "train")
    train_to(qtbot, training, 30)
    qtbot.waitUntil(lambda: legend(loss_panel, "train") != first)
    training.show_epoch(0)
    assert legend(loss_panel, "train") == first
    steps = len(training.history)
    qtbot.waitUntil(lambda: len(training.history) > steps + 50)
    assert legend(loss_panel, "train") == first


@pytest.mark.parametrize("epoch", [0, 7, 33, 40])
def test_that_hovering_reads_the_figures_of_the_epoch_under_the_mouse(
    qtbot: QtBot, training: TrainingState, loss_panel: FigureChart, epoch: int
) -> None:
    begin(qtbot, training, epochs=40)
    finish(qtbot, training)
    qtbot.mouseMove(loss_panel.chart.viewport(), place_of(loss_panel, epoch))
    metrics = training.history.metrics(epoch)
    expected = f"epoch {epoch}   train {metrics.loss:.3f}   val {metrics.validation_loss:.3f}"
    qtbot.waitUntil(lambda: reading(loss_panel) == expected)


def test_that_the_reading_goes_when_the_mouse_leaves_the_plot(
    qtbot: QtBot, training: TrainingState, loss_panel: FigureChart
) -> None:
    begin(qtbot, training, epochs=40)
    finish(qtbot, training)
    qtbot.mouseMove(loss_panel.chart.viewport(), place_of(loss_panel, 20))
    qtbot.waitUntil(lambda: reading(loss_panel) != "")
    qtbot.mouseMove(loss_panel.chart.viewport(), QPoint(2, 2))
    qtbot.waitUntil(lambda: reading(loss_panel) == "")


def test_that_the_full_view_holds_all_epochs_and_the_largest_loss(
    qtbot: QtBot, training: TrainingState, loss_panel: FigureChart
) -> None:
    begin(qtbot, training, epochs=40)
    finish(qtbot, training)
    (left, right), (bottom, top) = loss_panel.chart.getPlotItem().viewRange()
    assert (left, right, bottom) == (0, 40, 0)
    assert top >= np.nanmax(training.history.column("loss"))


def zoom(panel: FigureChart) -> None:
    """Turn the wheel over the curves."""
    target, place = panel.chart.viewport(), QPointF(place_of(panel, 20))
    turn = QWheelEvent(
        place,
        QPointF(target.mapToGlobal(place)),
        QPoint(0, 0),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    before = panel.chart.view_x()
    QApplication.sendEvent(target, turn)
    assert before[0] < panel.chart.view_x()[0] < 20 < panel.chart.view_x()[1] < before[1]


def test_that_a_double_click_and_the_button_return_to_the_full_view(
    qtbot: QtBot, training: TrainingState, card: CurvesPanel
) -> None:
    begin(qtbot, training, epochs=40)
    finish(qtbot, training)
    loss_panel = card.loss
    again = part(card, QToolButton, "Show the whole run again (double click)")
    for back in (
        lambda: qtbot.mouseDClick(
            loss_panel.chart.viewport(), Qt.MouseButton.LeftButton, pos=place_of(loss_panel, 20)
        ),
        lambda: qtbot.mouseClick(again, Qt.MouseButton.LeftButton),
    ):
        assert not again.isVisible()
        zoom(loss_panel)
        assert again.isVisible()
        back()
        assert loss_panel.chart.view_x() == (0, 40)
        assert not again.isVisible()


def test_that_a_zoomed_view_stays_while_the_run_grows_and_a_new_run_resets_it(
    qtbot: QtBot, training: TrainingState, loss_panel: FigureChart
) -> None:
    begin(qtbot, training, epochs=40)
    training.change({"epochs": 60})
    zoom(loss_panel)
    zoomed = loss_panel.chart.view_x()
    finish(qtbot, training)
    assert loss_panel.chart.view_x() == zoomed
    begin(qtbot, training, epochs=25)
    assert loss_panel.chart.view_x() == (0, 25)


def test_that_the_loss_has_a_logarithmic_scale_by_choice(
    qtbot: QtBot, training: TrainingState, loss_panel: FigureChart
) -> None:
    begin(qtbot, training, epochs=40)
    finish(qtbot, training)
    log = part(loss_panel, QPushButton, "log")
    qtbot.mouseClick(log, Qt.MouseButton.LeftButton)
    _, (bottom, top) = loss_panel.chart.getPlotItem().viewRange()
    assert loss_panel.chart.log
    assert bottom == -3
    assert 10**top >= np.nanmax(training.history.column("loss"))
    qtbot.mouseClick(log, Qt.MouseButton.LeftButton)
    assert loss_panel.chart.getPlotItem().viewRange()[1][0] == 0


def test_that_accuracy_has_no_logarithmic_scale(card: CurvesPanel) -> None:
    assert not any(button.isVisible() for button in card.accuracy.findChildren(QPushButton))


def test_that_a_hidden_panel_catches_up_when_it_is_shown(
    qtbot: QtBot, training: TrainingState, card: CurvesPanel
) -> None:
    loss_panel = card.loss
    card.hide()
    begin(qtbot, training, epochs=30)
    finish(qtbot, training)
    card.show()
    assert loss_panel.chart.view_x() == (0, 30)
    assert legend(loss_panel, "train") == f"{training.history.metrics(30).loss:.3f}"


def test_that_the_band_holds_the_extremes_of_points_that_stand_for_several_steps() -> None:
    x = np.arange(10_000.0)
    y, ones = np.full(10_000, 0.5), np.ones(10_000)
    low, high = y.copy(), y.copy()
    low[1_234], high[8_765] = 0.1, 0.9
    band = thin(x, y, ones, *EVERYWHERE, noisy=True, extremes=(low, high)).band
    assert band is not None
    assert (band[1].min(), band[1].max()) == (0.1, 0.9)


def test_that_a_change_under_way_is_marked_and_read_at_its_mark(
    qtbot: QtBot, training: TrainingState, loss_panel: FigureChart
) -> None:
    begin(qtbot, training, epochs=LONG)
    train_to(qtbot, training, 20)
    training.pause()
    training.change({"learning_rate": 0.5, "epochs": 2_000})
    (change,) = training.changes.all
    assert change.text == f"Learning rate 0.1 → 0.5 at epoch {epoch_text(change.epoch)}"
    loss_panel.refresh()
    x, _ = loss_panel.chart._events.getData()
    assert set(x) == {change.epoch}
    qtbot.mouseMove(loss_panel.chart.viewport(), place_of(loss_panel, change.epoch))
    qtbot.waitUntil(lambda: change.text in [each.text() for each in loss_panel.findChildren(QLabel)])


def test_that_the_card_says_that_all_is_well_and_how_to_read_it(
    qtbot: QtBot, training: TrainingState, card: CurvesPanel
) -> None:
    healthy = next(each for each in card.findChildren(QLabel) if each.text() == "healthy")
    begin(qtbot, training, epochs=40)
    assert not healthy.isVisible()
    finish(qtbot, training)
    qtbot.waitUntil(healthy.isVisible)
    assert "down is good" in card.health._text.text


@pytest.mark.parametrize("end", [7, 125, 500, 750, 1_234, 1_000_000])
def test_that_an_axis_has_round_numbers_and_no_quarters(end: int) -> None:
    for most in (2, 3, 4, 5, 6):
        ticks = round_ticks(0, end, most, whole=True)
        step = ticks[1] - ticks[0]
        assert ticks[0] == 0
        assert f"{step:.0e}"[0] in "125"
        assert len(ticks) <= most + 1
