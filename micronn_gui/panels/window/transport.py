"""The transport: new network, play and pause, step, the timeline, the speed, the figures."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import number, percent, tr, trn
from micronn_core.settings.table import SETTINGS
from micronn_core.training.trainer import StepSize
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.charts.figure import ACCURACY, LOSS
from micronn_gui.widgets.charts.timeline import Timeline
from micronn_gui.widgets.controls.buttons import IconButton, keep_place, label, steady
from micronn_gui.widgets.controls.entry import Entry, read_entry_in_use
from micronn_gui.widgets.controls.menu import Menu
from micronn_gui.widgets.guard import Guarded
from micronn_gui.worker.update import Status

SPEEDS: tuple[float | None, ...] = (1, 2, 5, 10, 20, 50, 100, None)
"""Steps a second at each place of the speed slider; None is as fast as it goes."""

LEAST_WIDTHS = {"rate": 1_260, "loss": 1_000, "speed": 860, "accuracy": 760, "total": 640, "step": 560}
"""From these widths on, in pixels, there is room for each part; the least important gives way first.

What large text leaves no room for is still to be had by its key and by Find anything.
"""


class TransportPanel(Guarded, QFrame):
    """Drives the run and shows where it stands."""

    new_network_wanted = Signal()

    def __init__(self, training: TrainingState) -> None:
        super().__init__()
        self.setObjectName("transport")
        self.setAccessibleName(tr("Transport"))
        self._training = training
        self._step_size = StepSize.EPOCH
        self._again = IconButton(
            "rotate-ccw", tr("New network of what the recipe shows (Ctrl+N)"), "text", 17, "round"
        )
        self._again.clicked.connect(self.new_network_wanted)
        self._play = IconButton("play", tr("Play (Space)"), "accent_text", 20, "play", fill=True)
        self._play.clicked.connect(training.toggle)
        self._step = self._step_button()
        self._epoch, self._total = label("", "figure"), label("/ 0", "faint")
        self._more = Entry()
        self._more.setFixedWidth(px(58))
        self._more.setAccessibleName(tr("Epochs more"))
        keep_place(self._more)  # the timeline must not move when the run ends
        self._more.entered.connect(self._choose_more)
        self.timeline = Timeline()
        self.timeline.setAccessibleName(tr("Timeline"))
        self.timeline.setToolTip(
            tr("Drag to see every panel as it was; training goes on. Arrows: one moment; End: live")
        )
        self.timeline.sought.connect(training.show_epoch)
        self.timeline.neighbour_sought.connect(training.show_neighbour)
        self.timeline.live_sought.connect(training.show_live)
        self._speed = self._speed_slider()
        self._figures = {
            "accuracy": label("–", "figure"),
            "loss": label("–", "figure"),
            "rate": label("–", "figure"),
        }
        self._lay_out()
        training.status_changed.connect(self._follow_status)
        training.shown_changed.connect(self._follow)
        training.history_grew.connect(self._follow_growth)
        training.config_changed.connect(self._follow_config)
        training.wanted_changed.connect(self._follow_status)
        training.run_started.connect(self._follow)
        self._follow_status()
        self._follow_config()

    # -- building --

    def _step_button(self) -> QToolButton:
        self._step_texts = {
            StepSize.SAMPLE: (tr("Step sample"), tr("One update from the next sample alone (→)")),
            StepSize.BATCH: (tr("Step batch"), tr("One update from the next batch (→)")),
            StepSize.EPOCH: (tr("Step epoch"), tr("All batches up to the end of the epoch (→)")),
        }
        step_button = QToolButton()
        step_button.setObjectName("step")
        step_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        step_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = Menu(step_button)
        group = QActionGroup(menu)
        for size, (text, tip) in self._step_texts.items():
            action = QAction(text, group)
            action.setToolTip(tip)
            action.setCheckable(True)
            action.setData(size.value)
            menu.addAction(action)
        menu.setToolTipsVisible(True)
        group.triggered.connect(self._choose_step)
        step_button.setMenu(menu)
        step_button.pressed.connect(read_entry_in_use)
        step_button.clicked.connect(self.step)
        self._show_step(step_button)
        return step_button

    def _show_step(self, step_button: QToolButton) -> None:
        text, tip = self._step_texts[self._step_size]
        step_button.setText(text)
        step_button.setToolTip(tip)
        step_button.setAccessibleName(text)
        for action in step_button.menu().actions():
            action.setChecked(action.data() == self._step_size.value)

    def _speed_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, len(SPEEDS) - 1)
        slider.setPageStep(1)
        slider.setValue(len(SPEEDS) - 1)
        slider.setFixedWidth(px(96))
        slider.setAccessibleName(tr("Speed"))
        slider.valueChanged.connect(self._choose_speed)
        return slider

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(px(20), px(8), px(20), px(8))
        row.setSpacing(px(12))
        for control in (self._again, self._play, self._step):
            row.addWidget(control)
        counter = QHBoxLayout()
        counter.setSpacing(px(6))
        for part in (self._epoch, self._total):
            counter.addWidget(part)
        self._epoch_caption = label(tr("Epoch"), "caption")
        row.addLayout(_captioned(self._epoch_caption, counter))
        row.addWidget(self._more)
        row.addWidget(self.timeline, 1)
        self._speed_caption = label("", "caption")
        self._speed_caption.ensurePolished()
        letters = self._speed_caption.fontMetrics().horizontalAdvance
        widest = max(letters(_speed_text(speed)) for speed in SPEEDS)
        self._speed_caption.setFixedWidth(max(px(96), widest + 2))  # what follows must not move
        self._speed.setFixedHeight(steady(label("", "figure"), percent(1, 1)).height())  # the captions align
        row.addLayout(_captioned(self._speed_caption, self._speed))
        captions = {
            "accuracy": tr("val accuracy"),
            "loss": tr("train loss"),
            "rate": tr("steps/s"),
        }
        self._captions = {name: label(text, "caption") for name, text in captions.items()}
        for name, figure in self._figures.items():
            figure.setAccessibleName(captions[name])
            for part in (self._captions[name], figure):
                part.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            steady(figure, percent(1, 1))
            figure.setFixedWidth(max(figure.width(), self._captions[name].sizeHint().width()))
            row.addLayout(_captioned(self._captions[name], figure))
        self._giving_way: dict[str, tuple[QWidget, ...]] = {
            **{name: (self._captions[name], figure) for name, figure in self._figures.items()},
            "speed": (self._speed_caption, self._speed),
            "total": (self._total,),
            "step": (self._step,),
        }
        self._choose_speed(len(SPEEDS) - 1)

    def minimumSizeHint(self) -> QSize:
        """Return the room for what never gives way."""
        whole, row = super().minimumSizeHint(), self.layout()
        seen = [parts for parts in self._giving_way.values() if not parts[0].isHidden()]
        needed = sum(max(part.minimumSizeHint().width() for part in parts) for parts in seen)
        return QSize(whole.width() - needed - len(seen) * (row.spacing() if row else 0), whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the least important parts give way where there is little width."""
        super().resizeEvent(event)
        for name, least in LEAST_WIDTHS.items():
            for widget in self._giving_way[name]:
                widget.setVisible(self.width() >= px(least))

    # -- following the training --

    def _follow_status(self) -> None:
        status = self._training.status
        running, finished = status is Status.RUNNING, status is Status.FINISHED
        self._play.show_as("pause" if running else "play", self._play_tip())
        self._play.setEnabled(status in (Status.RUNNING, Status.PAUSED, Status.FINISHED))
        self._step.setEnabled(status in (Status.RUNNING, Status.PAUSED))
        goes_on = finished and not self._training.pending
        self._more.setVisible(goes_on)
        self._more.show_text(_plus(self._training.more_epochs))
        self._more.setToolTip(self._play_tip())
        self._epoch_caption.setText(tr("Play trains on") if goes_on else tr("Epoch"))
        self._show_rate()

    def _play_tip(self) -> str:
        """Say what a press on Play does now."""
        training = self._training
        if training.status is Status.RUNNING:
            return tr("Pause (Space)")
        if training.pending:
            return tr("Train the new network that the recipe shows; this one is kept (Space)")
        if training.status is Status.FINISHED:
            count = training.more_epochs
            return trn("Train {count:,} epoch more (Space)", "Train {count:,} epochs more (Space)", count)
        return tr("Play (Space)")

    def _follow(self) -> None:
        training = self._training
        total = training.config.epochs
        metrics = training.shown_metrics()
        newest = training.newest.metrics.epoch if training.newest else 0.0
        shown = metrics.epoch if metrics else 0.0
        self._epoch.setText(_counter(shown))
        self.timeline.show_state(
            total, newest, shown, training.live, tr("epoch {epoch}", epoch=_short(shown))
        )
        nan = math.nan
        accuracy, loss = (metrics.validation_accuracy, metrics.loss) if metrics else (nan, nan)
        self._figures["accuracy"].setText(ACCURACY.text(accuracy))  # as the curves write them
        self._figures["loss"].setText(LOSS.text(loss))
        self._show_rate()

    def _follow_config(self) -> None:
        steady(self._epoch, _counter(0 if self._training.config.full_batch else 0.5))
        self._total.setText(f"/ {number(self._training.config.epochs)}")
        self.timeline.show_events([(change.epoch, change.text) for change in self._training.changes.all])
        self._follow_status()
        self._follow()

    def _follow_growth(self) -> None:
        if not self._training.live:  # else the shown moment moves as well, and says so
            self._follow()

    def _show_rate(self) -> None:
        rate = self._training.steps_per_second
        text = "–" if math.isnan(rate) else number(rate, "6.1f" if rate < 1000 else "6,.0f")
        self._figures["rate"].setText(text)

    # -- intents --

    def step(self) -> None:
        """Take one step of the chosen size."""
        self._training.step(self._step_size)

    def _choose_more(self, text: str) -> None:
        """Take over by how many epochs the run is to go on; what is no such number is put back."""
        try:
            config = self._training.config
            more: int = SETTINGS["epochs"].parse(text.strip().lstrip("+"), config)
            config.with_values({"epochs": config.epochs + more})
        except ConfigError:
            more = self._training.more_epochs
        self._training.more_epochs = more
        self._more.show_text(_plus(more))
        self._follow_status()

    def _choose_step(self, action: QAction) -> None:
        self._step_size = StepSize(action.data())
        self._show_step(self._step)

    def _choose_speed(self, place: int) -> None:
        speed = SPEEDS[place]
        self._speed_caption.setText(_speed_text(speed))
        self._speed.setToolTip(tr("At most so many steps a second, or as fast as it goes"))
        self._training.set_speed(speed)


def _speed_text(speed: float | None) -> str:
    return tr("Speed: full") if speed is None else tr("Speed: {steps:.0f}/s", steps=speed)


def _captioned(caption: QLabel, body: QWidget | QHBoxLayout) -> QVBoxLayout:
    """Return a column: the caption over its body."""
    column = QVBoxLayout()
    column.setSpacing(0)
    column.addStretch(1)
    column.addWidget(caption)
    if isinstance(body, QWidget):
        column.addWidget(body)
    else:
        column.addLayout(body)
    column.addStretch(1)
    return column


def _counter(epoch: float) -> str:
    """Write an epoch at fixed width: 000,213; with two decimals where it is not whole."""
    if epoch == int(epoch):
        return number(int(epoch), "07,d")
    return number(math.floor(epoch * 100) / 100, "010,.2f")


def _short(epoch: float) -> str:
    return number(epoch, ",.0f" if epoch == int(epoch) else ",.2f")


def _plus(count: int) -> str:
    return number(count, "+,")
