"""The question that is asked before a new network takes the place of a trained one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from micronn_core.common.texts import tr, trn
from micronn_gui.session.training import TrainingState


def ask_before_discarding(training: TrainingState, parent: QWidget, then: Callable[[], None]) -> None:
    """Go on with what needs a new network; ask first where a trained one would have to give way.

    The question does not hold up anything: training goes on under it.
    """
    if not training.trained or training.newest is None:
        then()
        return
    epochs = round(training.newest.metrics.epoch)
    text = trn(
        "The present one, trained for {count:,} epoch, is kept among the runs.",
        "The present one, trained for {count:,} epochs, is kept among the runs.",
        epochs,
    )
    box = QMessageBox(parent)
    box.setWindowTitle(tr("New network"))
    box.setText(tr("Begin anew with another network?"))
    box.setInformativeText(text)
    box.addButton(tr("Begin anew"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(tr("Keep it"), QMessageBox.ButtonRole.RejectRole))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.accepted.connect(then)
    box.open()
