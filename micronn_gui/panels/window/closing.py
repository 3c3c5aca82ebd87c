"""The question that is asked before a window closes whose work could not all be saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from micronn_core.common.texts import tr
from micronn_gui.widgets.as_written import as_written

NAMED = 3
"""Most things that are named one by one."""


def ask_before_losing(
    losses: Mapping[str, str],
    parent: QWidget,
    save: Callable[[Path], None],
    close: Callable[[], None],
    go_on: Callable[[], None],
) -> None:
    """Ask what to do about what could not be saved. The question does not hold up anything.

    Args:
        losses: why things could not be saved, by what they are called.
        parent: the window that was to be closed.
        save: saves them in a folder, and closes the window if that went well.
        close: closes the window.
        go_on: goes on in the window.
    """
    box = QMessageBox(QMessageBox.Icon.Warning, tr("Close MicroNN"), "", parent=parent)
    box.setText(tr("Not everything could be saved. If you close the window, it is lost."))
    lines = [tr("{what}: {reason}", what=what, reason=reason) for what, reason in losses.items()]
    more = [tr("… and {count:,} more", count=len(lines) - NAMED)] if len(lines) > NAMED else []
    box.setInformativeText(as_written("\n\n".join(lines[:NAMED] + more)))
    elsewhere = box.addButton(tr("Save elsewhere …"), QMessageBox.ButtonRole.AcceptRole)
    without = box.addButton(tr("Close without"), QMessageBox.ButtonRole.DestructiveRole)
    box.setEscapeButton(box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole))
    box.setDefaultButton(elsewhere)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def answer() -> None:
        chosen = box.clickedButton()
        if chosen is without:
            close()
        elif chosen is elsewhere and (folder := _ask_folder(parent)):
            save(Path(folder))
        else:
            go_on()

    box.finished.connect(answer)
    box.open()


def _ask_folder(parent: QWidget) -> str:
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return QFileDialog.getExistingDirectory(parent, tr("Save elsewhere"), documents)
