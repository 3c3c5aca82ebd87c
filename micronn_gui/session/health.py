"""What is wrong with the run, looked for anew a few times in a second's time at most."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, Signal

from micronn_core.diagnostics.findings import Finding, Run
from micronn_core.diagnostics.health import examine
from micronn_core.diagnostics.layer_statistics import LayerFigures, layer_figures, probe_trace
from micronn_core.nn.activations import ACTIVATIONS, Array
from micronn_core.nn.network import Network, Parameters
from micronn_core.training.history import Snapshot
from micronn_gui.session.live_changes import LiveChange
from micronn_gui.session.probe import Probe
from micronn_gui.session.throttle import Throttle
from micronn_gui.session.training import TrainingState
from micronn_gui.worker.update import Status

RATE = "learning_rate"
INTERVAL = 700
"""Least milliseconds between two examinations."""
SHARE = 50
"""After an examination there is a pause of so many times its length, however wide the network is."""
SOON = 60
"""Milliseconds until the test pictures are asked for again while they are being read."""
PATIENCE = 3
"""Examinations of a running network that must miss a finding before it goes: lest it flickers."""


class Health(QObject):
    """Examines the newest moment of the run whenever there is more to know of it.

    Attributes:
        findings: what was found last and not dismissed, the most important first.
    """

    changed = Signal()
    """There are other findings."""
    probed = Signal()
    """The test pictures have been read."""

    def __init__(self, training: TrainingState) -> None:
        super().__init__(training)
        self._training = training
        self._probe = Probe()
        self._examination = Throttle(self._examine, INTERVAL, SHARE, self)
        self._closed = False
        self._probe_announced = False
        self._begin()
        training.run_started.connect(self._begin)
        training.config_changed.connect(self._settings_changed)
        for changed in (training.history_grew, training.shown_changed, training.status_changed):
            changed.connect(self._examination.ask)

    # -- what panels ask --

    def pictures(self, parameters: Parameters) -> Array | None:
        """Return test pictures to try a network on, (pixels, m); None while there are none."""
        dtype = parameters.vector.dtype
        pictures = self._probe.pictures(self._training.config, parameters.sizes, dtype)
        if self._probe.pending(self._training.config):
            self._examination.later(SOON)
        elif not self._probe_announced:
            self._probe_announced = True
            self.probed.emit()
        return pictures

    def undone_by(self, finding: Finding) -> LiveChange | None:
        """Return the latest change of settings, if a trouble came after it or may have become worse by it."""
        latest = self._training.changes.latest
        if latest is None:
            return None
        raised = latest.after.get(RATE, 0.0) > latest.before.get(RATE, math.inf)
        return latest if raised or finding.kind not in self._before_change else None

    # -- intents --

    def dismiss(self, kind: str) -> None:
        """Say nothing of a kind of finding for the rest of this run."""
        self._dismissed.add(kind)
        self._examination.now()

    def close(self) -> None:
        """Examine no more, whoever asks for it."""
        self._closed = True
        self._examination.stop()
        self._probe.close()

    # -- examining --

    def _begin(self) -> None:
        self.findings: tuple[Finding, ...] = ()
        self._dismissed: set[str] = set()
        self._before_change: frozenset[str] = frozenset()  # what was found before the latest change
        self._since = self._missed = 0
        self._rate = self._training.config.learning_rate
        self.changed.emit()

    def _settings_changed(self) -> None:
        """Remember what ailed before; look at what comes after a change of the learning rate by itself."""
        self._before_change = frozenset(finding.kind for finding in self.findings)
        if self._training.config.learning_rate != self._rate:
            self._rate = self._training.config.learning_rate
            history = self._training.history
            self._since = history.metrics(-1).step if len(history) else 0
            self._missed = PATIENCE
            self._examination.now()

    def _examine(self) -> bool:
        """Look what is wrong; False while there is nothing to look at."""
        moment, history = self._training.newest, self._training.history
        if self._closed:
            return False
        first = history.first()
        start = self._training.start_parameters or (first.parameters if first else None)
        if moment is None or start is None:
            return False
        config = self._training.config
        layers, largest = self._layers(moment)
        if self._probe.pending(config):
            return False  # and comes back soon
        classes = len(self._training.class_names)
        run = Run(config, history, moment, start, layers, classes, largest, self._since)
        self._take_in(examine(run, self._dismissed))
        return True

    def _layers(self, moment: Snapshot) -> tuple[tuple[LayerFigures, ...], float]:
        """Return the figures of the layers, and the largest pixel that they were tried on."""
        pictures = self.pictures(moment.parameters)
        if pictures is None:
            return (), float("nan")
        network = Network(moment.parameters, ACTIVATIONS[self._training.config.activation])
        figures = layer_figures(network, probe_trace(network, pictures), moment.gradient)
        is_picture = self._training.image_shape is not None  # else scaled by the data set, outliers and all
        return figures, float(pictures.max()) if is_picture else float("nan")

    def _take_in(self, found: tuple[Finding, ...]) -> None:
        """Take in new findings at once, and the end of old ones when it lasts."""
        before, now = ({finding.kind for finding in some} for some in (self.findings, found))
        gone = before - now - self._dismissed
        self._missed = self._missed + 1 if gone else 0
        waiting = gone and now <= before and self._missed < PATIENCE
        if waiting and self._training.status is Status.RUNNING:
            return
        self._missed = 0
        if found != self.findings:
            self.findings = found
            self.changed.emit()
