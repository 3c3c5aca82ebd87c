"""In a language made from its own texts, the window says nothing that was missed, glued or cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from micronn_core.common.texts import ENGLISH, tr, use_language
from micronn_core.data.catalog import opened_files
from micronn_core.data.dataset import Dataset
from micronn_core.experiments.cross_validation import FoldProgress, FoldResult
from micronn_core.experiments.jobs import Failed
from micronn_core.settings.config import TrainingConfig
from micronn_gui.main_window import MainWindow
from micronn_gui.panels.runs.values_field import OFFERED
from micronn_gui.panels.settings.recipe import RecipePanel
from micronn_gui.panels.window.tours import TOURS
from micronn_gui.session import experiments
from micronn_gui.session.states import States
from micronn_gui.widgets.controls.elided_text import ElidedLabel
from micronn_gui.widgets.controls.entry import Entry
from micronn_gui.widgets.controls.folding import FoldingSection
from micronn_gui.widgets.controls.name_label import NameLabel
from micronn_gui.widgets.images.canvas import DigitCanvas
from micronn_gui.workspaces.present_views import LARGE_VIEWS
from micronn_gui.workspaces.registry import WORKSPACES
from tests.core.shapes import flowers, letters, moons, write_csv
from tests.gui import test_layout as layout
from tests.gui.keeping import run_through
from tests.gui.running import begin, finish
from tests.gui.scripted import Scripted, metrics, record
from tests.gui.test_layout import Prepare, cut_off, outside, settle
from tests.gui.test_shapes import open_data
from tests.gui.visible_texts import CODE as CODE_LABEL
from tests.gui.visible_texts import held_texts, painted_words, top_level_widgets
from tests.pen import draw
from tests.pseudo_language import CODE, faults, missed_words

Scene = str | tuple[str, QWidget]
"""What there is to read now, and where, if it is not the whole window."""
Scenes = Callable[[QtBot, States, MainWindow], Iterator[Scene]]
WRITTEN = ("Small", "a thousand million", "a thousand", "million")
"""What the tests call their data, and what they write into a line."""


@pytest.fixture(autouse=True)
def _pseudo(pseudo_translations: Path) -> Iterator[None]:
    """Speak the pseudo language from before there is a window until it is gone."""
    before = QLocale()
    use_language(CODE, pseudo_translations)
    yield
    use_language(ENGLISH, None)
    QLocale.setDefault(before)


def found_faults(window: MainWindow, part: QWidget | None) -> Iterator[str]:
    """Say what is wrong with all that is there now, or with a part of it."""
    if part is None:
        settle(window)
    else:
        QApplication.processEvents()
    folder = Path(window._states.runs.folder).parent
    names = [*WRITTEN, *data_names(), *folder.parts, "none"]
    for where, text in held_texts(*([part] if part else top_level_widgets())):
        yield from (f"{fault}: {text!r} -- {where}" for fault in faults(text, *names))
    code = " ".join(shown.text() for shown in window.findChildren(QLabel, CODE_LABEL))
    for words in painted_words(part or window):
        if words.strip() not in code:
            yield from (f"painted, {fault}: {words!r}" for fault in missed_words(words, *names))
    if part is not None:
        return
    yield from (fault for fault in cut_off(window) if not fault.startswith(ElidedLabel.__name__))
    yield from outside(window)
    yield from clipped(window)


def clipped(window: MainWindow) -> Iterator[str]:
    """Say which words are cut by the edge of what scrolls, or by the box that they are chosen in."""
    for area in window.findChildren(QScrollArea):
        inside, room = area.widget(), area.viewport().width()
        fixed = area.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if area.isVisible() and fixed and inside is not None and inside.width() > room:
            yield f"{type(area).__name__}: {inside.width()} pixels in {room}"
    for box in window.findChildren(QComboBox):
        if box.isVisible() and not box.isEditable():
            option = QStyleOptionComboBox()
            box.initStyleOption(option)
            style, part = box.style(), QStyle.SubControl.SC_ComboBoxEditField
            room = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()
            if box.fontMetrics().horizontalAdvance(box.currentText()) > room:
                yield f"QComboBox {box.currentText()!r} is cut off: {room} pixels"


def data_names() -> Iterator[str]:
    """What the files that were opened call themselves, their columns and their classes."""
    for source in opened_files():
        yield from (source.name, source.label, *source.spec.class_names)
        labels = [source.spec.features.label(i) for i in range(source.spec.features.count)]
        yield from (*labels, *" ".join(labels).split())  # where there is little room, a label is broken


def recipe(window: MainWindow) -> RecipePanel:
    return window.findChildren(RecipePanel)[0]


# -- scenes: each yields whenever there is something new to read --


def every_workspace(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    for entry in WORKSPACES:
        window.open_workspace(entry.name)
        yield entry.name


def the_smallest_window(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    window.resize(window.minimumSize())
    yield from every_workspace(qtbot, states, window)


def every_setting_explained(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    for fold in window.findChildren(FoldingSection):
        fold.open(True)
    yield "all unfolded"
    for name in recipe(window).findChildren(NameLabel):
        name.asked.emit()
        yield f"{name.text()} explained"
        name.asked.emit()


def every_choice_of_a_setting(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[Scene]:
    for fold in window.findChildren(FoldingSection):
        fold.open(True)
    for box in recipe(window).findChildren(QComboBox):
        for i in range(box.count()):
            box.setCurrentIndex(i)
            box.activated.emit(i)
            yield f"{box.accessibleName()}: {box.currentText()}", recipe(window)


def every_value_refused(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[Scene]:
    for fold in window.findChildren(FoldingSection):
        fold.open(True)
    for entry in recipe(window).findChildren(Entry):
        if entry.isEnabled() and not entry.isReadOnly():
            before = entry.text()
            for wrong in ("", "?", "-5", "99999999"):
                entry.setText(wrong)
                entry.setModified(True)
                entry.read()
                yield f"{entry.accessibleName()}: {wrong!r}", recipe(window)
            entry.setText(before)
            entry.setModified(True)
            entry.read()


def every_page_about_a_drawing(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    begin(qtbot, states.training, batch_size=8, epochs=3)
    finish(qtbot, states.training)
    window.open_workspace("draw")
    canvas = window.workspace("draw").findChildren(DigitCanvas)[0]
    for digit in ("3", "7", ""):
        draw(canvas, [[(60, 60), (150, 70), (90, 160)]])
        for tab in window.workspace("draw").findChildren(QPushButton):
            if tab.isCheckable() and tab.isVisible():
                tab.click()
                yield f"{tab.text()}, a drawing"
        if digit:
            qtbot.keyClick(canvas, digit)
            yield f"kept as {digit}"


def every_dialog(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    begin(qtbot, states.training, batch_size=8, epochs=3)
    finish(qtbot, states.training)
    for title in ("Keyboard", "Glossary", "About MicroNN", "New network"):
        for action in [action for action in window.findChildren(QAction) if action.text() == tr(title)]:
            action.trigger()
            yield title
        for dialog in window.findChildren(QDialog):
            dialog.close()


def the_first_steps(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[Scene]:
    first_steps = window.first_steps
    first_steps.show_welcome()
    assert first_steps.welcome is not None
    yield "the welcome", first_steps.welcome
    for tour in TOURS:
        first_steps.begin(tour)
        assert first_steps.card is not None
        for place in range(len(tour.steps)):  # those as well that have nothing to say by now
            first_steps.card._show(place)
            yield f"{tour.name}, step {place + 1}", first_steps.card


def what_is_presented(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[Scene]:
    begin(qtbot, states.training, batch_size=8, epochs=3)
    finish(qtbot, states.training)
    window.present()
    assert window.presenting is not None
    window.presenting.resize(1920, 1080)
    for place, entry in enumerate(LARGE_VIEWS):
        window.presenting.show_view(place)
        yield entry.title, window.presenting
    window.present()


def a_table_of(dataset: Dataset) -> Scenes:
    def scenes(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
        table = write_csv(Path(states.runs.folder).parent / "data.csv", dataset)
        open_data(qtbot, window, states, table)
        yield from every_workspace(qtbot, states, window)
        states.training.change({"epochs": 5})
        finish(qtbot, states.training)
        for show in (
            states.inspection.show_random,
            states.inspection.show_tutorial,
            states.inspection.show_drawing,
        ):
            show()
            yield from every_workspace(qtbot, states, window)

    scenes.__name__ = f"a_table_of_{dataset.name}"
    return scenes


def every_file_refused(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    folder = Path(states.runs.folder).parent
    (folder / "Ж.csv").write_text("Ж", encoding="utf-8")
    with qtbot.waitSignal(states.opened.refused):  # until then a message says that it reads
        window.files.read(folder / "Ж.csv")
    yield "a file of no samples"
    (folder / "ЖЖ.csv").touch()
    for name in ("none.csv", "ЖЖ.csv", ""):
        window.files.read(folder / name)
        yield f"file {name!r}"
        window.toasts.clear()
    for name in ("Ж.csv", "none.png"):
        with qtbot.waitSignal(states.opened_picture.refused):
            window.pictures.read(folder / name)
        yield f"picture {name!r}"


def every_change(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    run_through(qtbot, states)
    window.open_workspace("runs")
    page = window.workspace("runs")
    page.trying.open_for(states.runs.records()[0], page.cards.change_anchor)
    yield "nothing chosen yet"
    field = page.trying._fields[0]
    for name in OFFERED:
        field.show_setting(name, "?")
        page.trying.refresh()
        yield f"{name}: '?'"
    for values in ("0.1", "0.25", "0.25, 0.5"):
        field.show_setting("learning_rate", values)
        page.trying.refresh()
        yield f"rates {values}"
    page.trying.open_for(None, page.cards.change_anchor, luck=True)
    yield "other seeds"
    page.trying._luck._how.choose("folds")
    page.trying._luck._follow_choice()
    yield "folds"
    page.trying.dismiss()


class Sweeps(Scripted):
    def __call__(self, configs: Sequence[TrainingConfig], more: Dataset | None) -> Scripted:
        return self


def every_experiment(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
    run_through(qtbot, states)
    run_through(qtbot, states, hidden=(7,), learning_rate=0.25, l2=0.001, epochs=4, patience=2)
    window.open_workspace("runs")
    yield "two runs"
    for kept in states.runs.records():
        states.runs.choose(kept.id, True)
    yield "two runs compared"
    folds, sweeps = Scripted(), Sweeps()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(experiments, "Background", lambda jobs: folds)
        patch.setattr(experiments, "run_sweep", sweeps)
        states.experiments.cross_validation.start(states.training.config, 3)
        yield "folds begun"
        folds.send(0, FoldResult(0, metrics(3, 0.8125), 1.0))
        folds.send(0, FoldProgress(1, metrics(2)))
        qtbot.waitUntil(lambda: states.experiments.cross_validation.progress is not None)
        yield "folds under way"
        folds.send(0, FoldResult(1, metrics(3, 0.75), 1.0))
        folds.end(0)
        qtbot.waitUntil(lambda: not states.experiments.cross_validation.running)
        yield "folds ended"
        begin(qtbot, states.training, epochs=5)
        states.experiments.sweep.start(states.training.config, [("learning_rate", "0.05, 0.2")])
        yield "sweep begun"
        sweeps.send(0, metrics(2))
        qtbot.waitUntil(lambda: states.experiments.sweep.share > 0)
        yield "sweep under way"
        sweeps.send(0, record(states.experiments.sweep.configs[0], 0.75))
        sweeps.send(1, Failed("«»"))
        sweeps.end(0, 1)
        qtbot.waitUntil(lambda: not states.experiments.sweep.running)
        yield "sweep ended"


def of_layout(prepare: Prepare) -> Scenes:
    def scenes(qtbot: QtBot, states: States, window: MainWindow) -> Iterator[str]:
        prepare(qtbot, states, window)
        yield "Train"

    scenes.__name__ = prepare.__name__
    return scenes


SCENES: list[Scenes] = [
    every_workspace,
    the_smallest_window,
    every_setting_explained,
    every_choice_of_a_setting,
    every_value_refused,
    every_page_about_a_drawing,
    every_dialog,
    the_first_steps,
    what_is_presented,
    every_file_refused,
    every_change,
    *map(a_table_of, (letters(), flowers(), moons())),
    every_experiment,
    *map(of_layout, layout.STATES),
    layout.the_first_network,
    layout.the_tutorial,
    layout.the_diagram,
    layout.a_drawing,
]


@pytest.mark.parametrize("scenes", SCENES, ids=lambda scenes: scenes.__name__)
def test_that_every_text_can_be_translated_and_has_room(
    qtbot: QtBot, states: States, window: MainWindow, scenes: Scenes
) -> None:
    found: dict[str, str] = {}
    window.resize(1440, 900)
    for scene in scenes(qtbot, states, window):
        name, part = (scene, None) if isinstance(scene, str) else scene
        for fault in found_faults(window, part):
            found.setdefault(fault, name)
    for dialog in QApplication.topLevelWidgets():
        if isinstance(dialog, QDialog):
            dialog.close()
    if found:
        pytest.fail("\n".join(f"{fault} <- {scene}" for fault, scene in found.items()), pytrace=False)
