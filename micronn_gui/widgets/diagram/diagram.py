"""A network and what flows through it for one sample: nodes, and links as thick as their share."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from micronn_core.common.texts import tr
from micronn_gui.theme import px, themes
from micronn_gui.widgets.diagram.diagram_layout import DiagramColumn, DiagramLayout, DiagramLinks, Link, Node
from micronn_gui.widgets.diagram.diagram_painter import DiagramPainter, short_text
from micronn_gui.widgets.guard import Guarded

__all__ = ["DiagramColumn", "DiagramLinks", "NetworkDiagram"]

MOVES: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Columns to the right and rows down that the cursor goes."""


class NetworkDiagram(Guarded, QWidget):
    """Shows columns of nodes and the links between them; wide columns show their strongest nodes."""

    hovered = Signal(int, int)
    """Column and index of the node under the mouse or the keyboard's cursor; -1, -1 when there is none."""

    chosen = Signal(int, int)
    """Column and index of a node that was clicked, or Enter pressed on it."""

    link_chosen = Signal(int, int, int)
    """A link was clicked, or Enter pressed on it: its column, the index of its left and of its right end."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._columns: tuple[DiagramColumn, ...] = ()
        self._links: tuple[DiagramLinks, ...] = ()
        self._backward = False
        self._focus: Node | None = None
        self._layout = DiagramLayout((), (), QSizeF())
        self._painter = DiagramPainter(self._layout, False)
        self._under: Node | Link | None = None
        self._cursor: Node | Link | None = None
        self._fan: Node | None = None
        self._pointed: Node | Link | None = None
        themes.changed.connect(self._repaint)

    def sizeHint(self) -> QSize:
        """Return a size at which 784-10-10 is legible."""
        return QSize(px(640), px(420))

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(px(300), px(240))

    def show_network(
        self,
        columns: Sequence[DiagramColumn],
        links: Sequence[DiagramLinks],
        backward: bool = False,
        focus: tuple[int, int] | None = None,
    ) -> None:
        """Show a network.

        Args:
            columns: the layers, from the left.
            links: what flows between each and the next, one less than columns.
            backward: whether it flows from right to left.
            focus: column and index of the node that is told of: the links of others are faint.

        Raises:
            ValueError: the shapes of columns and links do not fit each other.
        """
        self._columns, self._links, self._backward = tuple(columns), tuple(links), backward
        self._focus = Node(*focus) if focus else None
        self._lay_out()

    def _lay_out(self) -> None:
        self._layout = DiagramLayout(self._columns, self._links, QSizeF(self.size()), self._focus)
        things = {*self._layout.nodes, *(placed.link for placed in self._layout.links)}
        self._under = self._under if self._under in things else None
        self._cursor = self._cursor if self._cursor in things else None
        self._repaint()
        self._point()

    def _repaint(self) -> None:
        self._painter = DiagramPainter(self._layout, self._backward, self._focus)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place everything anew."""
        self._lay_out()

    # -- mouse and keys --

    def _point(self) -> None:
        """Bring out what the mouse points at, or else the keyboard's cursor, and say so."""
        pointed = self._under or (self._cursor if self.hasFocus() else None)
        if pointed != self._pointed:
            self._pointed = pointed
            node = pointed if isinstance(pointed, Node) else Node(-1, -1)
            self.hovered.emit(node.column, node.number)
        self.setAccessibleDescription(self._described(pointed))
        self.update()

    def _go_to(self, thing: Node | Link) -> None:
        """Bring the cursor to a node or a link."""
        if isinstance(thing, Link) and isinstance(self._cursor, Node):
            self._fan = self._cursor
        self._cursor, self._under = thing, None
        self._point()

    def _choose(self, thing: Node | Link) -> None:
        self._cursor = thing
        if isinstance(thing, Node):
            self.chosen.emit(*thing)
        else:
            self.link_chosen.emit(*thing)

    def _described(self, thing: Node | Link | None) -> str:
        if thing is None:
            return ""
        if isinstance(thing, Node):
            column = self._columns[thing.column]
            if column.empty or (column.is_picture and thing.column == 0):
                return tr("{layer}, {neuron}", layer=column.title, neuron=self._name(thing))
            value = short_text(float(column.values[thing.number]))
            return tr("{layer}, {neuron}: {value}", layer=column.title, neuron=self._name(thing), value=value)
        source, target = thing.ends
        value = short_text(float(self._links[thing.column].values[thing.target, thing.source]))
        names = {"source": self._name(source), "target": self._name(target)}
        return tr("{source} → {target}: {value}", **names, value=value)

    def _name(self, node: Node) -> str:
        return self._columns[node.column].names[node.number]

    def _find(self, point: QPointF) -> Node | Link | None:
        return self._layout.node_at(point) or self._layout.link_at(point)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Bring out what is under the mouse."""
        under = self._find(event.position())
        if under != self._under:
            self._under = under
            self.setCursor(Qt.CursorShape.PointingHandCursor if under else Qt.CursorShape.ArrowCursor)
            self._point()

    def leaveEvent(self, event: QEvent) -> None:
        """Bring nothing out any more."""
        self._under = None
        self._point()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose what was clicked."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        thing = self._find(event.position())
        if thing is not None:
            self._choose(thing)

    def event(self, event: QEvent) -> bool:
        """Claim the arrow keys before the window's shortcuts do."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in MOVES
            and self._layout.nodes
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the cursor by the arrow keys, over boxes and links; Enter chooses."""
        if event.key() in MOVES and self._layout.nodes:
            at = self._cursor or next(iter(self._layout.nodes))
            self._go_to(self._layout.beside(at, self._fan, *MOVES[event.key()]))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cursor:
            self._choose(self._cursor)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the cursor."""
        self._cursor = self._cursor or next(iter(self._layout.nodes), None)
        self._point()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the cursor."""
        self._point()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the links, and the nodes over them."""
        with QPainter(self) as painter:
            self._painter.paint(painter, self._pointed)
