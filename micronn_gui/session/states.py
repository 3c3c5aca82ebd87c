"""All states of the application: the one place that knows them all."""

from __future__ import annotations

from dataclasses import dataclass

from micronn_gui.session.answer import Answer
from micronn_gui.session.drawing import Drawing
from micronn_gui.session.examples import Examples
from micronn_gui.session.experiments import Experiments
from micronn_gui.session.health import Health
from micronn_gui.session.inspection import Inspection
from micronn_gui.session.my_digits import MyDigitsState
from micronn_gui.session.opened_data import OpenedData
from micronn_gui.session.opened_picture import OpenedPicture
from micronn_gui.session.recipe_undo import RecipeUndo
from micronn_gui.session.runs import Runs
from micronn_gui.session.saved_files import SavedFiles
from micronn_gui.session.training import TrainingState
from micronn_gui.session.undo import Undo
from micronn_gui.worker.training_worker import TrainingWorker


@dataclass(frozen=True)
class States:
    """What the window is made of: each panel is given those of them that it shows."""

    training: TrainingState
    opened: OpenedData
    opened_picture: OpenedPicture
    drawing: Drawing
    undo: Undo
    files: SavedFiles
    answer: Answer
    examples: Examples
    my_digits: MyDigitsState
    inspection: Inspection
    health: Health
    runs: Runs
    experiments: Experiments

    def close(self) -> None:
        """End what each of them does in the background, the watchers before what they watch."""
        for state in (
            self.experiments,
            self.runs,
            self.answer,
            self.examples,
            self.my_digits,
            self.health,
            self.inspection,
            self.opened,
            self.opened_picture,
            self.training,
            self.files,
        ):
            state.close()


def make_states(worker: TrainingWorker) -> States:
    """Return all states around a worker, each given those that it watches."""
    training, drawing = TrainingState(worker), Drawing()
    undo, files = Undo(drawing, RecipeUndo(training)), SavedFiles()
    my_digits, runs = MyDigitsState(training, drawing, files), Runs(training, files)
    for source in (my_digits, runs, files):
        source.undoable.connect(undo.add)
    return States(
        training,
        OpenedData(training),
        OpenedPicture(training, drawing),
        drawing,
        undo,
        files,
        answer=Answer(training, drawing),
        examples=Examples(training),
        my_digits=my_digits,
        inspection=Inspection(training, drawing),
        health=Health(training),
        runs=runs,
        experiments=Experiments(my_digits, runs),
    )
