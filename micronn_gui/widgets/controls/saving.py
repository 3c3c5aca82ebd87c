"""Where to save a file: one dialog, which asks about replacing under the name that is written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from micronn_core.common.files import with_ending
from micronn_core.common.texts import tr
from micronn_gui.widgets.as_written import as_written

ASKS_ITSELF = sys.platform == "darwin"
"""Whether the system's own dialog asks about replacing, whatever it is told."""


def ask_where_to_save(
    parent: QWidget, title: str, start: Path, kinds: Mapping[str, str], then: Callable[[Path], object]
) -> None:
    """Ask where to save a file, and go on with a path that ends as it should.

    What lies under that path already may be replaced: that has been asked, and answered with yes.

    Args:
        parent: in front of what it is asked.
        title: of the dialog.
        start: the path that is offered.
        kinds: the endings that there are, such as ".npz", and what files of each are called.
        then: goes on; not called if nobody wants to save.
    """
    dialog = QFileDialog(parent, title, str(start.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, not ASKS_ITSELF)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    endings = {f"{label} (*{ending})": ending for ending, label in kinds.items()}
    dialog.setNameFilters(list(endings))
    for filter_, ending in endings.items():
        if ending == start.suffix.lower():
            dialog.selectNameFilter(filter_)
    dialog.selectFile(start.name)

    def ending_now() -> str:
        return endings.get(dialog.selectedNameFilter(), next(iter(kinds)))

    def follow_kind() -> None:
        """Let the name end as the kind that was chosen, if it had another one's ending."""
        dialog.setDefaultSuffix(ending_now()[1:])
        for chosen in map(Path, dialog.selectedFiles()):
            if chosen.suffix.lower() in kinds:
                dialog.selectFile(chosen.with_suffix(ending_now()).name)

    def finish(chosen: str) -> None:
        path = with_ending(chosen, ending_now(), *kinds)
        if not path.exists() or (ASKS_ITSELF and path == Path(chosen)):
            then(path)
        else:
            _ask_to_replace(
                parent,
                path,
                lambda: then(path),
                lambda: ask_where_to_save(parent, title, path, kinds, then),
            )

    dialog.filterSelected.connect(follow_kind)
    dialog.fileSelected.connect(finish)
    follow_kind()
    dialog.open()


def _ask_to_replace(parent: QWidget, path: Path, yes: Callable[[], object], no: Callable[[], object]) -> None:
    box = QMessageBox(parent)
    box.setWindowTitle(tr("Replace a file"))
    box.setText(as_written(tr("{name} is there already. Replace it?", name=path.name)))
    box.setInformativeText(as_written(tr("It lies in {folder}.", folder=path.parent)))
    box.addButton(tr("Replace"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(tr("Choose another name"), QMessageBox.ButtonRole.RejectRole))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.accepted.connect(yes)
    box.rejected.connect(no)
    box.open()
