"""The explained step taken: the answer before and after, on a copy; and gradients against slopes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from micronn_core.common.texts import mark, number, percent, tr
from micronn_core.explain.derivations import Number
from micronn_core.explain.explanation import Explanation
from micronn_core.explain.gradient_check import CheckProgress, GradientCheck, check_all, check_gradient
from micronn_gui.panels.panel import Refreshing
from micronn_gui.session.inspection import TUTORIAL, Inspection
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import button, label, restyle

CHANGES = 3
"""How many of the weights that changed most are named."""
SOUND = 1e-5
"""Relative error up to which a gradient is right: float64's central difference is no better."""
MEASURABLE = 1e-10
"""Slopes that differ by less cannot be told apart by measuring."""


class SampleTrainingPanel(Refreshing, QWidget):
    """Follows the inspection."""

    def __init__(self, training: TrainingState, inspection: Inspection) -> None:
        super().__init__()
        self._inspection = inspection
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(self._step_box())
        column.addLayout(self._check_row())
        self._checking: Iterator[CheckProgress] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._check_on)
        inspection.changed.connect(self._begin_anew)
        inspection.moved.connect(self.touch)
        training.status_changed.connect(self.touch)

    def _step_box(self) -> QFrame:
        """Build what the step did to the answer, before and after, and what can be done with it."""
        inspection = self._inspection
        self._of = label("", "soft")
        self._of.setWordWrap(True)
        self._before, self._after = label("", "large"), label("", "large-good")
        figures = QHBoxLayout()
        figures.setSpacing(px(6))
        figures.addWidget(self._of, 1)
        for part in (self._before, label("→", "soft"), self._after):
            figures.addWidget(part)
        self._loss, self._changes = label("", "reading"), label("", "soft")
        for words in (self._loss, self._changes):
            words.setWordWrap(True)
        self._train = button("", tr("Take exactly this step, on a copy"), "primary")
        self._train.clicked.connect(inspection.train)
        self._keep = button(tr("Keep"), tr("Let the network go on with these weights"), "outline")
        self._keep.clicked.connect(inspection.keep)
        self._back = button(tr("Put back"), tr("Forget the copy"), "outline")
        self._back.clicked.connect(inspection.put_back)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(6))
        for control in (self._train, self._keep, self._back):
            buttons.addWidget(control)
        for control in (self._keep, self._back):
            control.hide()  # until there is a copy
        self._title = label("", "heading")
        self._title.setWordWrap(True)
        box = QFrame()
        box.setObjectName("codebox")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(px(12), px(10), px(12), px(10))
        inside.setSpacing(px(6))
        inside.addWidget(self._title)
        inside.addLayout(figures)
        inside.addWidget(self._loss)
        inside.addWidget(self._changes)
        inside.addLayout(buttons)
        return box

    def _check_row(self) -> QHBoxLayout:
        self._check = label("", "soft")
        self._check.setWordWrap(True)
        self._check.setAccessibleName(tr("Gradient check"))
        self._agree = label("", "good")
        self._check_all = button(tr("check all"), tr("Measure the slope of every weight and bias"), "link")
        self._check_all.clicked.connect(self._begin_check)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self._check, 1)
        row.addWidget(self._agree)
        row.addWidget(self._check_all)
        return row

    def _begin_anew(self) -> None:
        self._timer.stop()
        self._checking = None
        self.touch()

    def refresh(self) -> None:
        """Show what the step did to the answer, and what can be done with it."""
        inspection, explanation = self._inspection, self._inspection.explanation
        trained = inspection.progress is not None
        pictured = inspection.sample is None or inspection.sample.image_shape is not None
        self._title.setText(
            tr("One learning step on this picture") if pictured else tr("One learning step on this sample")
        )
        self._train.setEnabled(explanation is not None)
        first = tr("Train on this picture") if pictured else tr("Train on this sample")
        self._train.setText(tr("Again") if trained else first)
        self._train.setAccessibleName(self._train.text())
        self._keep.setVisible(trained and inspection.source != TUTORIAL)
        self._keep.setEnabled(inspection.may_keep)
        self._keep.setToolTip(
            tr("Let the network go on with these weights")
            if inspection.may_keep
            else tr("The run has newer weights than this copy; go to LIVE and train on the sample there")
        )
        self._back.setVisible(trained)
        self._check_all.setEnabled(explanation is not None)
        for words in (self._loss, self._changes):
            words.setVisible(inspection.maths and explanation is not None)
        if explanation is None:
            for words in (self._of, self._before, self._after, self._check, self._agree):
                words.clear()
            return
        before, after = inspection.progress or (explanation.before, explanation.after)
        self._of.setText(tr("sure of {name}:", name=explanation.class_name(explanation.label)))
        self._before.setText(percent(before.probability, 1))
        self._after.setText(percent(after.probability, 1))
        self._show_better(after.loss < before.loss)
        self._loss.setText(
            tr(
                "p {before:.3f} → {after:.3f}, loss {loss_0:.3f} → {loss_1:.3f}",
                before=before.probability,
                after=after.probability,
                loss_0=before.loss,
                loss_1=after.loss,
            )
        )
        self._changes.setText(tr("most changed: {names}", names=", ".join(self._largest(explanation))))
        if self._checking is None:
            self._show_check(explanation)

    def _show_better(self, better: bool) -> None:
        """Colour the figure after the step."""
        role = "large-good" if better else "large"
        if role != self._after.objectName():
            self._after.setObjectName(role)
            restyle(self._after)

    def _show_check(self, explanation: Explanation) -> None:
        """Check the gradient of the number that is looked at, or of the weight that it is."""
        number = self._inspection.number
        name = "" if number is None else number.name
        if number is not None and f"d{name}" in explanation.arrays and name[0] in "Wb":
            number = Number(f"d{name}", number.row, number.column)
        if number is None or not number.name.startswith(("dW", "db", "dz")) or number.name.endswith("new"):
            self._check.setText(tr("gradients checked by measuring"))
            self._agree.clear()
            return
        check = check_gradient(explanation, number)
        text = (
            mark("{name}: {analytic:.6g} by backpropagation, {numerical:.6g} measured, error {error:.0e}")
            if self._inspection.maths
            else mark("its gradient by the rules {analytic:.4g}, by measuring {numerical:.4g}")
        )
        self._check.setText(
            tr(
                text,
                name=explanation.label_of(number),
                analytic=check.analytic,
                numerical=check.numerical,
                error=check.relative_error,
            )
        )
        self._agree.setText(self._sign(check))

    def _sign(self, check: GradientCheck) -> str:
        if check.at_kink:
            return tr("(at a kink)")
        too_small = abs(check.analytic - check.numerical) <= MEASURABLE
        return "✓" if check.relative_error <= SOUND or too_small else "✗"

    def _largest(self, explanation: Explanation) -> list[str]:
        """Return the largest changes of weights and biases, by the step or by the training so far."""
        inspection, after = self._inspection, explanation.new_network()
        before = explanation.network
        if inspection.untrained is not None and inspection.trained is not None:
            before, after = inspection.untrained, inspection.trained
        found: list[tuple[float, str]] = []
        pairs = zip(before.parameters.layers, after.parameters.layers, strict=True)
        for i, (old, new) in enumerate(pairs, 1):
            for name, change in ((f"W{i}", new.weight - old.weight), (f"b{i}", new.bias - old.bias)):
                size = np.abs(change).ravel()
                for place in np.argpartition(-size, min(CHANGES, size.size) - 1)[:CHANGES]:
                    row, column = divmod(int(place), change.shape[1])
                    label_of = explanation.label_of(Number(name, row, column))
                    found.append((float(change[row, column]), label_of))
        found.sort(key=lambda entry: -abs(entry[0]))
        return [f"{name} {number(value, '+.3g')}" for value, name in found[:CHANGES]]

    # -- all of them --

    def watch(self, seen: bool) -> None:
        """Check while somebody looks."""
        if seen and self._checking is not None:
            self._timer.start()
        else:
            self._timer.stop()

    def _begin_check(self) -> None:
        explanation = self._inspection.explanation
        if explanation is not None:
            self._checking = check_all(explanation)
            self._timer.start()

    def _check_on(self) -> None:
        progress = next(self._checking, None) if self._checking is not None else None
        if progress is None:
            self._timer.stop()
            self._checking = None  # the result stays until another number is looked at
            return
        done = progress.checked == progress.total
        self._check.setText(
            tr("gradients checked by measuring")
            if done
            else tr("measured: {count:,} of {total:,}", count=progress.checked, total=progress.total)
        )
        self._check.setToolTip(
            tr(
                "{count:,} gradients, largest error {error}",
                count=progress.checked,
                error=number(progress.largest_error, ".1e"),
            )
        )
        self._agree.setText(self._verdict(progress) if done else "")

    def _verdict(self, progress: CheckProgress) -> str:
        """Say whether all gradients that can be measured are right."""
        sound = progress.worst is None or self._sign(progress.worst) == "✓"
        return tr("all agree ✓") if sound else tr("not all agree ✗")
