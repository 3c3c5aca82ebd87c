"""Try a change: the one place where a run is trained again with something different."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import tr, trn
from micronn_core.runs.record import RunRecord
from micronn_core.settings.config import TrainingConfig
from micronn_gui.panels.panel import Refreshing
from micronn_gui.panels.runs.experiment_progress import progress_text
from micronn_gui.panels.runs.luck import LuckPage
from micronn_gui.panels.runs.run_words import setting_name, setting_text
from micronn_gui.panels.runs.values_field import ValuesField
from micronn_gui.session.estimates import duration
from micronn_gui.session.experiments import Experiments, variations
from micronn_gui.session.runs import Runs
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import Segments, button, label, restyle
from micronn_gui.widgets.controls.popover import Popover

WIDTH = 416
MOST_SETTINGS = 3
FIRST = "learning_rate"
"""The setting that is offered first."""
CHANGE, LUCK = "change", "luck"


class TryChange(Refreshing, Popover):
    """Takes what is to be different, says what that will be, and starts it.

    Args:
        owner: the widget that it belongs to.
        training: the run of today, where none is selected.
        runs: all runs.
        experiments: trains several at once.
    """

    run_wanted = Signal(TrainingConfig, str)
    """A run of these settings is to begin before everybody's eyes; the id of that which it came from."""

    def __init__(self, owner: QWidget, training: TrainingState, runs: Runs, experiments: Experiments) -> None:
        super().__init__(owner, px(WIDTH))
        self._training, self._runs, self._experiments = training, runs, experiments
        self._run: RunRecord | None = None
        self.title.setText(tr("Try a change"))
        self.setAccessibleName(self.title.text())
        self._about = label("", "soft")
        self._about.setWordWrap(True)
        self._kinds = Segments(
            [
                (CHANGE, tr("Something different"), tr("Another learning rate, more neurons …")),
                (LUCK, tr("Is it luck?"), tr("The same again, with other chances or other judges")),
            ],
            tr("What to try"),
        )
        self._kinds.chosen.connect(self._show_kind)
        self._fields = [ValuesField(i + 1, optional=i > 0) for i in range(MOST_SETTINGS)]
        self._luck = LuckPage(experiments.cross_validation)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._change_page())
        self._pages.addWidget(self._luck)
        self._luck.changed.connect(self.touch)
        self._note = label("", "plan")
        self._note.setWordWrap(True)
        self._note.setMinimumHeight(px(68))  # three lines: what it says may change, its room does not
        self._note.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._start = button("", "", "primary")
        self._start.clicked.connect(self._start_or_stop)
        body = self.body
        for part in (self._about, self._kinds, self._pages, self._note):
            body.addWidget(part)
        body.addWidget(self._start)
        self._fields[0].show_setting(FIRST)
        experiments.changed.connect(self.touch)

    def _change_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        for i, field in enumerate(self._fields):
            column.addWidget(field)
            field.changed.connect(self._follow_values)
            field.line.returnPressed.connect(self._start_or_stop)
            field.setVisible(i == 0)
        self._more = button(tr("+ something else as well"), tr("Every combination is then tried"), "link")
        self._more.clicked.connect(self._offer_more)
        self._usual = button(tr("the usual values"), tr("Fill in values that are worth a comparison"), "link")
        self._usual.clicked.connect(self._fill_in_examples)
        row = QHBoxLayout()
        row.addWidget(self._more)
        row.addStretch(1)
        row.addWidget(self._usual)
        column.addLayout(row)
        column.addStretch(1)
        return page

    # -- what it is about --

    def open_for(self, run: RunRecord | None, anchor: QWidget, luck: bool = False) -> None:
        """Open it beside an anchor, about a run or, without one, the settings of today."""
        self._run = run
        if self._experiments.running is None:
            self._kinds.choose(LUCK if luck else CHANGE)
        self._show_kind()
        self.open_at(anchor)
        if not luck:
            self._fields[0].line.setFocus()

    @property
    def _base(self) -> TrainingConfig:
        return self._run.config if self._run is not None else self._training.config

    @property
    def _origin(self) -> str:
        return self._run.id if self._run is not None else ""

    @property
    def _settings(self) -> list[tuple[str, str]]:
        """The settings that differ, and their values as they are written."""
        if self._kinds.key == LUCK:
            return self._luck.settings(self._base)
        return [(field.name, field.text) for field in self._fields if field.isVisible() and field.name]

    def _show_kind(self) -> None:
        self._pages.setCurrentIndex(1 if self._kinds.key == LUCK else 0)
        self.touch()

    def _follow_values(self) -> None:
        self.touch()

    def _fill_in_examples(self) -> None:
        """Fill in the usual values of the last setting that is shown."""
        [field for field in self._fields if field.isVisible() and field.name][-1].fill_in_examples()

    def _offer_more(self) -> None:
        hidden = [field for field in self._fields if not field.isVisibleTo(self)]
        hidden[0].show()
        self._more.setVisible(len(hidden) > 1)
        self.refresh()
        self.fit()

    # -- following --

    def refresh(self) -> None:
        """Say what will be started, or how that stands which was."""
        running = self._experiments.running
        title = self._runs.title(self._run) if self._run is not None else tr("the present recipe")
        self._about.setText(
            tr("Like {run}, but with one thing different: so what you see comes from that.", run=title)
            if self._kinds.key == CHANGE
            else tr("Like {run} in everything but chance: how far do the figures scatter?", run=title)
        )
        for field in self._fields:
            field.show_base(self._base)
        last = [field for field in self._fields if field.isVisibleTo(self) and field.row is not None][-1:]
        self._usual.setEnabled(any(field.row is not None and bool(field.row.examples) for field in last))
        self._pages.setEnabled(running is None)
        self._kinds.setEnabled(running is None)
        self._luck.show_about(self._base)
        problem = ""
        try:
            text, possible = self._progress() if running is not None else self._plan()
        except ConfigError as error:
            text = problem = str(error)
            possible = False
        self._say(text, problem)
        self._show_button(running is not None, possible)

    def _progress(self) -> tuple[str, bool]:
        running = self._experiments.running
        assert running is not None
        words = tr(
            "{progress}. What you see elsewhere goes on meanwhile, more slowly.",
            progress=progress_text(running),
        )
        return words, True

    def _plan(self) -> tuple[str, bool]:
        """Return what would be started, and whether it can be."""
        if self._kinds.key == LUCK and self._luck.folds:
            return self._plan_folds(self._luck.folds), True
        settings = self._settings
        if any(not text.strip() for _, text in settings):
            return self._ask_for_values(), False
        configs = variations(self._base, settings)
        if len(configs) > 1:
            return self._plan_sweep(configs), True
        return self._plan_run(configs[0])

    def _ask_for_values(self) -> str:
        empty = next(
            field for field in self._fields if field.isVisible() and field.name and not field.text.strip()
        )
        return tr(
            "{setting} is {value} now. Write another value, or several with commas between them: one begins "
            "before your eyes, several train in the background.",
            setting=_capital(setting_name(empty.name)),
            value=setting_text(empty.name, self._base),
        )

    def _plan_run(self, config: TrainingConfig) -> tuple[str, bool]:
        changes = self._base.changes_to(config)
        if not changes:
            return tr("Nothing is different yet: this would repeat the run number by number."), False
        words = ", ".join(
            tr(
                "{setting} {value} in place of {before}",
                setting=setting_name(name),
                value=setting_text(name, config),
                before=setting_text(name, self._base),
            )
            for name in changes
        )
        return tr(
            "One run, before your eyes: {changes}. What was trained before is kept among the runs.",
            changes=words,
        ), True

    def _plan_sweep(self, configs: list[TrainingConfig]) -> str:
        sweep = self._experiments.sweep
        return trn(
            "{count:,} run in the background, about {time}. It is kept among the runs.",
            "{count:,} runs in the background, {at_once} at a time, about {time}. Their curves are drawn "
            "while they come, and each is kept among the runs.",
            len(configs),
            time=duration(sweep.expected_s(configs)),
            at_once=sweep.at_once(configs),
        )

    def _plan_folds(self, folds: int) -> str:
        time = duration(self._experiments.cross_validation.expected_s(self._base, folds))
        return trn(
            "{count} part of the samples judges in turn, about {time}.",
            "{count} parts of the samples judge in turn, each a network that learned from the others: about "
            "{time}.",
            folds,
            time=time,
        )

    def _say(self, text: str, problem: str) -> None:
        self._note.setText(text)
        state = "wrong" if problem else ""
        if self._note.property("state") != state:
            self._note.setProperty("state", state)
            restyle(self._note)

    def _show_button(self, running: bool, possible: bool) -> None:
        text = tr("Stop") if running else tr("Start")
        self._start.setEnabled(possible)
        if self._start.text() != text:
            self._start.setText(text)
            self._start.setAccessibleName(text)
            self._start.setToolTip(
                tr("Stop at once; what is complete stays")
                if running
                else tr("Train as it says above (Enter)")
            )
            self._start.setObjectName("outline" if running else "primary")
            restyle(self._start)

    # -- intents --

    def _start_or_stop(self) -> None:
        self.refresh()
        if not self._start.isEnabled():
            return
        if self._experiments.running is not None:
            self._experiments.stop()
        elif self._kinds.key == LUCK and self._luck.folds:
            self._experiments.cross_validation.start(self._base, self._luck.folds)
        else:
            self._start_runs()

    def _start_runs(self) -> None:
        configs, settings, base, origin = (
            variations(self._base, self._settings),
            self._settings,
            self._base,
            self._origin,
        )
        self.dismiss()
        if len(configs) > 1:
            self._experiments.sweep.start(base, settings, origin)
        else:
            self.run_wanted.emit(configs[0], origin)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
