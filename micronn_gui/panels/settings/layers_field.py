"""The hidden layers: written in a line, or one below the other in a small editor."""

from __future__ import annotations

from collections.abc import Sequence

from micronn_core.common.errors import ConfigError
from micronn_core.common.texts import number, tr
from micronn_core.data.catalog import source_of
from micronn_core.nn.network import Parameters
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.setting import Setting
from micronn_core.settings.table import MAX_LAYERS
from micronn_gui.panels.settings.fields import NumberField
from micronn_gui.theme import px
from micronn_gui.widgets.controls.buttons import IconButton
from micronn_gui.widgets.controls.layer_editor import LayerEditor
from micronn_gui.widgets.controls.popover import Popover

WIDTH = 280
"""Width of the editor's card, in pixels."""


class LayersField(NumberField):
    """The widths of the hidden layers, such as 10 or 128, 32: in a line, and in an editor that opens."""

    def __init__(self, row: Setting) -> None:
        super().__init__(row)
        self.beside = IconButton("layers", tr("Edit the layers one by one"), "soft", 18, "tool")
        self.beside.clicked.connect(self._open)
        self._shown = TrainingConfig()
        self._editor: LayerEditor | None = None  # and its card: built when first asked for
        self._card: Popover | None = None

    def show_config(self, config: TrainingConfig) -> None:
        """Show the widths in a config, and how many numbers its network has."""
        super().show_config(config)
        self._shown = config
        self._show_layers()

    def _show_layers(self) -> None:
        if self._editor is None:
            return
        config = self._shown
        sizes = source_of(config.dataset).spec.sizes(config.hidden)
        summary = tr(
            "{sizes} · {count} parameters",
            sizes=" → ".join(map(str, sizes)),
            count=number(Parameters.count(sizes)),
        )
        self._editor.show_layers(config.hidden, summary)

    def _open(self) -> None:
        if self._card is None or self._editor is None:
            self._editor = LayerEditor(MAX_LAYERS)
            self._card = Popover(self.control, px(WIDTH))
            self._card.title.setText(self.label)
            self._card.body.addWidget(self._editor)
            self._card.closed.connect(self._show_layers)  # forgets what could not be used
            self._editor.edited.connect(self._take)
            self._editor.resized.connect(self._card.fit)
        row = self.control.parentWidget()
        if not self._card.isHidden():
            self._card.dismiss()
        elif row is not None:
            self._show_layers()
            self._card.open_at(row)
            self._editor.take_keyboard()

    def _take(self, widths: Sequence[str], i: int) -> None:
        """Read what was wanted in the editor as if it had been written in the line."""
        try:
            hidden = self.row.parse(", ".join(width or "0" for width in widths), self._shown)
        except ConfigError as error:
            if self._editor is not None:
                self._editor.show_problem(str(error), i)
        else:
            self.edited.emit(hidden)
