"""Train on the explained sample, on a copy; and check gradients against measured slopes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout

from micronn_core.common.texts import mark, number, tr
from micronn_core.explain.derivations import Number
from micronn_core.explain.explanation import Explanation
from micronn_core.explain.gradient_check import CheckProgress, GradientCheck, check_all, check_gradient
from micronn_gui.panels.panel import Panel
from micronn_gui.session.inspection import TUTORIAL, Inspection
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import button, label

CHANGES = 3
"""How many of the weights that changed most are named."""
SOUND = 1e-5
"""Relative error up to which a gradient is right: float64's central difference is no better."""
MEASURABLE = 1e-10
"""Slopes that differ by less cannot be told apart by measuring."""


class SampleTrainingPanel(Panel):
    """Follows the inspection."""

    def __init__(self, training: TrainingState, inspection: Inspection) -> None:
        super().__init__(tr("Train on this sample"))
        self._inspection = inspection
        self._outcome, self._changes = label("", "reading"), label("", "soft")
        for words in (self._outcome, self._changes):
            words.setWordWrap(True)
        self._train = button(tr("Train on this sample"), tr("Take exactly this step, on a copy"), "outline")
        self._train.clicked.connect(inspection.train)
        self._keep = button(tr("Keep"), tr("Let the network go on with these weights"), "primary")
        self._keep.clicked.connect(inspection.keep)
        self._back = button(tr("Put back"), tr("Forget the copy"), "outline")
        self._back.clicked.connect(inspection.put_back)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        for control in (self._train, self._keep, self._back):
            buttons.addWidget(control)
        for control in (self._keep, self._back):
            control.hide()  # until there is a copy
        self._check = label("", "reading")
        self._check.setWordWrap(True)
        self._check.setAccessibleName(tr("Gradient check"))
        self._check_all = button(tr("check all"), tr("Measure the slope of every weight and bias"), "link")
        self._check_all.clicked.connect(self._begin_check)
        check_row = QHBoxLayout()
        check_row.addWidget(self._check, 1)
        check_row.addWidget(self._check_all)
        self.title.hide()
        self.body.addWidget(self._outcome)
        self.body.addWidget(self._changes)
        self.body.addLayout(buttons)
        self.body.addLayout(check_row)
        self._checking: Iterator[CheckProgress] | None = None
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._check_on)
        inspection.changed.connect(self._begin_anew)
        inspection.moved.connect(self.touch)
        training.status_changed.connect(self.touch)

    def _begin_anew(self) -> None:
        self._timer.stop()
        self._checking = None
        self.touch()

    def refresh(self) -> None:
        """Show what the step did to the answer, and what can be done with it."""
        inspection, explanation = self._inspection, self._inspection.explanation
        trained = inspection.progress is not None
        self._train.setEnabled(explanation is not None)
        self._train.setText(tr("Once more") if trained else tr("Train on this sample"))
        self._keep.setVisible(trained and inspection.source != TUTORIAL)
        self._keep.setEnabled(inspection.may_keep)
        self._keep.setToolTip(
            tr("Let the network go on with these weights")
            if inspection.may_keep
            else tr("The run has newer weights than this copy; go to LIVE and train on the sample there")
        )
        self._back.setVisible(trained)
        self._check_all.setEnabled(explanation is not None)
        if explanation is None:
            self._outcome.clear()
            self._changes.clear()
            self._check.clear()
            return
        before, after = inspection.progress or (explanation.before, explanation.after)
        text = (
            mark("p {before:.3f} → {after:.3f}, loss {loss_0:.3f} → {loss_1:.3f}")
            if trained
            else mark("the step: p {before:.3f} → {after:.3f}, loss {loss_0:.3f} → {loss_1:.3f}")
        )
        self._outcome.setText(
            tr(
                text,
                before=before.probability,
                after=after.probability,
                loss_0=before.loss,
                loss_1=after.loss,
            )
        )
        self._changes.setText(tr("most changed: {names}", names=", ".join(self._largest(explanation))))
        if self._checking is None:
            self._show_check(explanation)

    def _show_check(self, explanation: Explanation) -> None:
        """Check the gradient of the number that is looked at, or of the weight that it is."""
        number = self._inspection.number
        name = "" if number is None else number.name
        if number is not None and f"d{name}" in explanation.arrays and name[0] in "Wb":
            number = Number(f"d{name}", number.row, number.column)
        if number is None or not number.name.startswith(("dW", "db", "dz")) or number.name.endswith("new"):
            self._check.setText(tr("Choose a gradient to check it, or"))
            return
        check = check_gradient(explanation, number)
        self._check.setText(
            tr(
                "{name}: {analytic:.6g} by backpropagation, {numerical:.6g} measured, "
                "error {error:.0e} {sign}",
                name=explanation.label_of(number),
                analytic=check.analytic,
                numerical=check.numerical,
                error=check.relative_error,
                sign=self._sign(check),
            )
        )

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
        worst = progress.worst
        text = (
            mark("gradient check: {count:,} of {total:,}, largest error {error} {sign}")
            if progress.checked < progress.total
            else mark("all {total:,} gradients agree to {error} {sign}")
        )
        self._check.setText(
            tr(
                text,
                count=progress.checked,
                total=progress.total,
                error=number(worst.relative_error, ".1e") if worst else "0",
                sign=self._sign(worst) if worst else "",
            )
        )
