"""Where a number comes from: its parts, the weightiest first, each leading one level deeper."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from micronn_core.common.texts import tr
from micronn_core.explain.arithmetic import aligned_texts, number_text
from micronn_core.explain.derivations import Derivation, Factor, Number, Term
from micronn_core.explain.explanation import Explanation
from micronn_core.explain.words import name_in_words, parts_in_words
from micronn_gui.panels.panel import Panel
from micronn_gui.session.inspection import Inspection
from micronn_gui.session.neuron_pictures import neuron_pictures
from micronn_gui.session.training import TrainingState
from micronn_gui.theme import px
from micronn_gui.widgets.charts.evidence import Evidence
from micronn_gui.widgets.charts.ranked_bars import Part, RankedBars
from micronn_gui.widgets.controls.buttons import IconButton, button, keep_place, label

TITLE_DIGITS = 3
"""Significant digits of the number in the title."""
ARROW = 12
"""Room for the sign between two numbers of the trail, in pixels."""
SHORT = 3
"""Significant digits of the largest of the factors beside the parts' names."""


class OriginPanel(Panel):
    """Follows the inspection."""

    closed = Signal()
    """Nobody wants to see it any more."""

    def __init__(self, training: TrainingState, inspection: Inspection) -> None:
        super().__init__(tr("Where the number comes from"))
        self._training, self._inspection = training, inspection
        self.title.hide()
        self._heading = label("", "title")
        self._heading.setWordWrap(True)
        self.head.insertWidget(0, self._heading, 1)
        self.head.setStretch(2, 0)
        self._close = IconButton("x", tr("Close (Esc)"), "soft", 16, "tool")
        self._close.setShortcut(Qt.Key.Key_Escape)
        self._close.clicked.connect(self.closed)
        self.head.addWidget(self._close)
        self._crumbs = QHBoxLayout()
        self._crumbs.setSpacing(0)
        self.body.addLayout(self._crumbs)
        self._note = label("", "soft")
        self._note.setWordWrap(True)
        self.body.addWidget(self._note)
        self._evidence = Evidence(tr("Evidence, pixel by pixel"))
        self._evidence.chosen.connect(self._follow_pixel)
        self.body.addWidget(self._evidence)
        self._bars = RankedBars(tr("Parts of the number"))
        self._bars.chosen.connect(self._follow_part)
        keep_place(self._bars)
        self.body.addWidget(self._bars, 1000)  # as high as its rows need; the sum follows them
        self._equals, self._sum = label(tr("sum"), "soft"), label("", "figure")
        total = QHBoxLayout()
        total.setContentsMargins(px(4), 0, px(8), 0)  # as the rows above it
        total.addWidget(self._equals)
        total.addStretch(1)
        total.addWidget(self._sum)
        self.body.addLayout(total)
        self._deeper = button("", tr("Where the weightiest part comes from"), "link")
        self._deeper.clicked.connect(self._go_deeper)
        keep_place(self._deeper)
        self.body.addWidget(self._deeper, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)
        self._shown: Number | None = None
        self._targets: list[Number | None] = []
        self._pixels: dict[int, Number | None] = {}
        inspection.changed.connect(self.touch)
        inspection.moved.connect(self.touch)

    # -- following --

    def refresh(self) -> None:
        """Show the parts of the number that is looked at."""
        explanation, number = self._inspection.explanation, self._inspection.number
        self._show_crumbs()
        known = explanation is not None and number is not None
        for part in (self._note, self._bars, self._sum, self._equals, self._deeper):
            part.setVisible(known)
        if explanation is None or number is None:
            self._heading.setText(tr("Where numbers come from"))
            self._evidence.hide()
            return
        derivation = explanation.derive(number)
        value = number_text(derivation.value, TITLE_DIGITS)
        self._heading.setText(
            tr("Why {number} is {value}", number=self._name(explanation, number), value=value)
        )
        self._note.setText(self._words(explanation, derivation))
        self._show_evidence(derivation)
        parts = self._parts(explanation, derivation)
        self._targets = [target for _, target in parts]
        self._bars.show_parts([part for part, _ in parts], stay=number == self._shown)
        self._shown = number
        self._equals.setText(tr("sum") if _is_added(derivation) else "=")
        self._sum.setText(self._texts(derivation)[-1])
        self._offer_deeper(next((part.name for part, target in parts if target is not None), None))

    def _offer_deeper(self, name: str | None) -> None:
        """Offer to go on to the weightiest part that leads on, if there is one."""
        self._deeper.setVisible(name is not None)
        if name is None:
            return
        text, metrics = tr("one level deeper: {name} ›", name=name), self._deeper.fontMetrics()
        room = self.width() - 2 * self.body.contentsMargins().left() - px(16)
        self._deeper.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))
        self._deeper.setAccessibleName(text)

    def _name(self, explanation: Explanation, number: Number) -> str:
        """Name a number in symbols or in words."""
        if self._inspection.maths:
            return explanation.label_of(number)
        return name_in_words(explanation, number)

    def _text(self, value: float) -> str:
        return number_text(value, self._inspection.digits)

    def _texts(self, derivation: Derivation) -> list[str]:
        """Write the terms and the number itself, with the same decimals where they are added."""
        values, digits = [term.value for term in derivation.terms], self._inspection.digits
        if _is_added(derivation):
            return aligned_texts([*values, derivation.value], digits)
        return [*aligned_texts(values, digits), self._text(derivation.value)]

    def _words(self, explanation: Explanation, derivation: Derivation) -> str:
        """Say in a sentence what the parts are."""
        if derivation.kind != "given" and not self._inspection.maths:
            return parts_in_words(explanation, derivation)
        match derivation.kind:
            case "given" if derivation.number.name in ("x", "y"):
                return tr("Given: part of the sample.")
            case "given":
                return tr("Given: a weight or bias of the network at this moment.")
            case "function":
                return tr("{f} of this number.", f=derivation.function)
            case "share":
                total = self._text(sum(term.value for term in derivation.terms))
                return tr(
                    "Its share of the sum, {sum}. The largest z is taken off first: same shares.", sum=total
                )
        if len(derivation.terms) == 1:
            return tr("A product of these factors.")
        return tr("The sum of these parts, the weightiest first. A click leads one level deeper.")

    def _parts(self, explanation: Explanation, derivation: Derivation) -> list[tuple[Part, Number | None]]:
        if derivation.kind == "given":
            return self._consequences(explanation, derivation.number)
        if derivation.kind == "sum" and len(derivation.terms) == 1:
            factors = derivation.terms[0].factors
            return [self._factor_part(explanation, factor) for factor in factors]
        rows = list(
            zip(derivation.terms, _products(derivation.terms), self._texts(derivation)[:-1], strict=True)
        )
        rows.sort(key=lambda row: -abs(row[0].value))
        return [self._term_part(explanation, *row) for row in rows]

    def _term_part(
        self, explanation: Explanation, term: Term, detail: str, text: str
    ) -> tuple[Part, Number | None]:
        target = _leading_on(explanation, term.factors)
        name = term.label
        symbol = name in explanation.arrays
        if len(term.factors) == 1:
            detail = term.factors[0].text if self._inspection.maths else ""
            symbol = symbol or name == term.factors[0].text
        if symbol and target is not None:
            name = self._name(explanation, target)
        if detail == name:
            detail = ""
        picture = self._neuron_picture(explanation, target)
        return Part(name, detail, term.value, text, target is not None, picture), target

    def _factor_part(self, explanation: Explanation, factor: Factor) -> tuple[Part, Number | None]:
        name = factor.text if factor.number is None else self._name(explanation, factor.number)
        return (
            Part(name, "", factor.value, self._text(factor.value), factor.number is not None),
            factor.number,
        )

    def _consequences(self, explanation: Explanation, number: Number) -> list[tuple[Part, Number | None]]:
        """For a weight or bias: its gradient and its value after the step."""
        found: list[tuple[Part, Number | None]] = []
        for name in (f"d{number.name}", f"{number.name} new"):
            if name in explanation.arrays:
                other = Number(name, number.row, number.column)
                value = explanation.value(other)
                found.append((Part(self._name(explanation, other), "", value, self._text(value)), other))
        return found

    def _neuron_picture(self, explanation: Explanation, target: Number | None) -> NDArray[np.floating] | None:
        """Return the picture of a first hidden neuron, where the sample is a picture."""
        sample = self._inspection.sample
        if sample is None or sample.image_shape is None or target is None or target.name != "a1":
            return None
        pictures = neuron_pictures(explanation.network.parameters, self._training.start_parameters)
        picture: NDArray[np.floating] = pictures.values[target.row].reshape(sample.image_shape)
        return picture

    def _show_evidence(self, derivation: Derivation) -> None:
        """Show parts that are pixels as a picture."""
        sample, image_shape = self._inspection.sample, None
        if sample is not None:
            image_shape = sample.image_shape
        pixels = len(sample.x) if sample is not None else -1
        terms = derivation.terms
        of_pixels = image_shape is not None and len(terms) >= pixels and _reads_sample(terms[0])
        self._evidence.setVisible(of_pixels)
        if of_pixels and image_shape is not None:
            values = np.array([term.value for term in terms[:pixels]]).reshape(image_shape)
            self._pixels = {i: _weight_of(terms[i]) for i in range(pixels)}
            self._evidence.show_values(values)

    # -- the trail --

    def _show_crumbs(self) -> None:
        while (item := self._crumbs.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        trail, explanation = self._inspection.trail, self._inspection.explanation
        if explanation is None or len(trail) < 2:
            return
        room = self.contentsRect().width() - 2 * self.body.contentsMargins().left()
        for place in reversed(range(len(trail))):  # as many of the last as there is room for
            crumb = self._crumb(explanation.label_of(trail[place]), place)
            room -= crumb.sizeHint().width() + px(ARROW)
            if room < 0 and self._crumbs.count():
                crumb.deleteLater()
                break
            if self._crumbs.count():
                self._crumbs.insertWidget(0, label("›", "faint"))
            self._crumbs.insertWidget(0, crumb)
            crumb.show()
        self._crumbs.addStretch(1)

    def _crumb(self, text: str, place: int) -> QPushButton:
        crumb = button(text, tr("Back to {number}", number=text), "crumb")
        crumb.clicked.connect(lambda: self._inspection.go_back(place))
        crumb.setParent(self)
        crumb.ensurePolished()  # so that it knows its width
        return crumb

    # -- intents --

    def _go_deeper(self) -> None:
        self._follow_part(next(i for i, target in enumerate(self._targets) if target is not None))

    def _follow_part(self, i: int) -> None:
        target = self._targets[i]
        if target is not None:
            self._inspection.follow(target)

    def _follow_pixel(self, row: int, column: int) -> None:
        sample = self._inspection.sample
        if sample is not None and sample.image_shape is not None:
            target = self._pixels.get(row * sample.image_shape[1] + column)
            if target is not None:
                self._inspection.follow(target)


def _is_added(derivation: Derivation) -> bool:
    """Return whether a number is the sum of several terms, and neither a product nor a function."""
    return derivation.kind == "sum" and len(derivation.terms) > 1


def _products(terms: Sequence[Term]) -> list[str]:
    """Write the factors of each term, those of one place with the same decimals."""
    written: list[list[str]] = [[] for _ in terms]
    for place in range(max((len(term.factors) for term in terms), default=0)):
        there = [i for i, term in enumerate(terms) if len(term.factors) > place]
        texts = aligned_texts([terms[i].factors[place].value for i in there], SHORT)
        for i, text in zip(there, texts, strict=True):
            written[i].append(text)
    return [" × ".join(texts) for texts in written]


def _leading_on(explanation: Explanation, factors: tuple[Factor, ...]) -> Number | None:
    """Return the factor that has parts of its own; else the first that is a number of the explanation."""
    numbers = [factor.number for factor in factors if factor.number is not None]
    computed = [number for number in numbers if explanation.rules[number.name].kind != "given"]
    return next(iter([*computed, *numbers]), None)


def _reads_sample(term: Term) -> bool:
    return any(factor.number is not None and factor.number.name == "x" for factor in term.factors)


def _weight_of(term: Term) -> Number | None:
    return next((factor.number for factor in term.factors if factor.number is not None), None)
