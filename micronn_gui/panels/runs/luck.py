"""Is it luck? The same again with other seeds, or judged by other samples."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from micronn_core.common.texts import percent, tr, trn
from micronn_core.experiments.cross_validation import MAX_FOLDS, MIN_FOLDS, Summary
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import MAX_SEED
from micronn_gui.session.experiments import CrossValidation
from micronn_gui.theme import px
from micronn_gui.widgets.charts.fold_bars import FoldBars, FoldRow
from micronn_gui.widgets.controls.buttons import Segments, guard_wheel, label

SEEDS, FOLDS = "seeds", "folds"
USUAL_SEEDS, USUAL_FOLDS = 3, 5
MOST_SEEDS = 8


class LuckPage(QWidget):
    """How many seeds or folds, and how the folds come along."""

    changed = Signal()
    """Something else is to be tried."""

    def __init__(self, cross_validation: CrossValidation) -> None:
        super().__init__()
        self._work = cross_validation
        self._is_theirs = False  # whether what was found is of the settings that it is about
        self._how = Segments(
            [
                (
                    SEEDS,
                    tr("Other seeds"),
                    tr("Other first weights and another order, each a run of its own"),
                ),
                (FOLDS, tr("Other judges"), tr("Folds: each part of the samples judges once")),
            ],
            tr("Where the chance lies"),
        )
        self._how.chosen.connect(self._follow_choice)
        self._count = QComboBox()
        self._count.setAccessibleName(tr("How often"))
        self._count.setToolTip(tr("How many times it is trained"))
        self._count.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        guard_wheel(self._count)
        self._count.activated.connect(self.changed)
        self._words = label("", "soft")
        self._words.setWordWrap(True)
        self._bars = FoldBars(tr("Validation accuracy of each fold"), tr("epoch {epoch:,}", epoch=1000))
        self._bars.setToolTip(
            tr("Each fold's validation accuracy, from 0 to 100 %; the dashed line is their mean.")
        )
        self._result = label("", "value")
        self._result.setToolTip(
            tr("Mean ± standard deviation over the folds (of a sample: divided by n − 1)")
        )
        row = QHBoxLayout()
        row.addWidget(self._how)
        row.addStretch(1)
        row.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addLayout(row)
        column.addWidget(self._words)
        column.addWidget(self._bars, 1)
        column.addWidget(self._result)
        self._fill()

    @property
    def folds(self) -> int:
        """Into how many folds the samples are to be cut; 0 where other seeds are to be tried."""
        return int(self._count.currentData()) if self._how.key == FOLDS else 0

    def settings(self, base: TrainingConfig) -> list[tuple[str, str]]:
        """Return the seeds that are to be tried, as a sweep has them."""
        seeds = [(base.seed + i) % (MAX_SEED + 1) for i in range(1, int(self._count.currentData()) + 1)]
        return [("seed", ", ".join(map(str, seeds)))]

    def _follow_choice(self) -> None:
        self._fill()
        self.changed.emit()

    def _fill(self) -> None:
        folds = self._how.key == FOLDS
        self._count.clear()
        for n in range(MIN_FOLDS, (MAX_FOLDS if folds else MOST_SEEDS) + 1):
            self._count.addItem(trn("{count} time", "{count} times", n), n)
        self._count.setCurrentIndex(self._count.findData(USUAL_FOLDS if folds else USUAL_SEEDS))
        self._words.setText(
            tr(
                "Every sample judges once: the samples are cut into parts, and each part judges a network "
                "that has learned from all others."
            )
            if folds
            else tr(
                "The seed decides the first weights, the order of the samples, and which of them judge. "
                "Each seed is a run of its own, kept among the others."
            )
        )

    # -- following --

    def show_about(self, base: TrainingConfig) -> None:
        """Show how the folds of these settings stand, if it is about folds."""
        self._is_theirs = self._work.running or self._work.config == replace(base, my_digits="")
        self._bars.setVisible(bool(self.folds))
        self._result.setVisible(bool(self.folds))
        if self.folds:
            self._bars.show_rows(self._rows(), self._mean)
            self._result.setText(self._found())

    @property
    def _summary(self) -> Summary | None:
        return self._work.summary() if self._is_theirs else None

    @property
    def _mean(self) -> float:
        found = self._summary
        return math.nan if found is None or len(self._work.results) < 2 else found.accuracy

    def _rows(self) -> list[FoldRow]:
        work, rows = self._work, []
        if not self._is_theirs:
            return [FoldRow(str(i + 1), 0.0, math.nan, "–") for i in range(self.folds)]
        for i in range(work.folds):
            if i < len(work.results):
                share = work.results[i].metrics.validation_accuracy
                rows.append(FoldRow(str(i + 1), 1.0, share, percent(share, 2)))
            elif work.progress is not None and work.config is not None and i == work.progress.fold:
                epoch = work.progress.metrics.epoch
                text = tr("epoch {epoch:,}", epoch=int(epoch))
                rows.append(FoldRow(str(i + 1), epoch / work.config.epochs, math.nan, text))
            else:
                rows.append(FoldRow(str(i + 1), 0.0, math.nan, "–"))
        return rows

    def _found(self) -> str:
        found, n = self._summary, len(self._work.results)
        if found is None:
            return " "
        if n == 1:
            return tr("{accuracy} after one fold", accuracy=percent(found.accuracy, 2))
        return tr(
            "{accuracy} ± {deviation}   loss {loss:.3f} ± {spread:.3f}",
            accuracy=percent(found.accuracy, 2),
            deviation=percent(found.accuracy_deviation, 2),
            loss=found.loss,
            spread=found.loss_deviation,
        )
