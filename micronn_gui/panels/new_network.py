"""The question that is asked before a trained network is discarded."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from micronn_core.config import TrainingConfig
from micronn_gui.session import Session


def ask_new_network(session: Session, config: TrainingConfig, parent: QWidget) -> None:
    """Make a new network of a config; ask first where a trained one would be lost.

    The question does not hold up anything: training goes on under it.
    """
    if not session.trained or session.newest is None:
        session.new_network(config)
        return
    epochs = f"{session.newest.metrics.epoch:,.0f}"
    box = QMessageBox(parent)
    box.setWindowTitle(parent.tr("New network"))
    box.setText(parent.tr("Discard the present network?"))
    box.setInformativeText(
        parent.tr("It has been trained for {n} epochs, and its curves go with it.").format(n=epochs)
    )
    discard = box.addButton(parent.tr("New network"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(parent.tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(discard)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.accepted.connect(lambda: session.new_network(config))
    box.open()
