"""What `micronn train` begins with: a new network, or a run to go on with."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from typing import Any

from micronn_core.cli import MODEL
from micronn_core.cli.settings_options import training_config, with_given
from micronn_core.cli.terminal import say
from micronn_core.common.errors import ConfigError
from micronn_core.common.folders import runs_folder
from micronn_core.common.texts import tr
from micronn_core.data.catalog import is_file_name
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DataSpec
from micronn_core.data.splits import Split
from micronn_core.drawing.my_digits import exported_dataset
from micronn_core.nn.network import Network
from micronn_core.runs.opening import open_kept
from micronn_core.runs.record import RunRecord, changed_settings
from micronn_core.runs.trained import record_of
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS
from micronn_core.training.history import History, epoch_text
from micronn_core.training.trainer import Trainer

_OF_THE_NETWORK = ("hidden", "activation", "dtype")
"""Settings that weights alone decide as well."""


@dataclass
class Start:
    """What a training begins with.

    Attributes:
        config: its settings.
        more: samples to learn from besides those of the config's split.
        output: where the network is saved if nobody says where.
        name: what is gone on with, as it was named; "" for a new network.
        network: the network to go on with, or None.
        run: the run to go on with exactly, or None.
        before: the run's settings until now.
    """

    config: TrainingConfig
    more: Dataset | None = None
    output: str = MODEL
    name: str = ""
    network: Network | None = None
    run: RunRecord | None = None
    before: TrainingConfig | None = None

    @property
    def seconds(self) -> float:
        """How long it has trained before."""
        return 0.0 if self.run is None else self.run.seconds

    def figures(self) -> dict[str, Any]:
        """Return what JSON lines say of where it goes on."""
        if not self.name:
            return {}
        step = None if self.run is None else self.run.final.metrics.step
        return {"continued": self.name, "from_step": step}

    def check(self, samples: Split, spec: DataSpec) -> None:
        """Make sure that these are the samples to go on with; from others, only the weights can go on.

        Raises:
            ConfigError: the network is not for such samples.
        """
        if self.network is None:
            return
        inputs, answers = self.network.sizes[0], self.network.sizes[-1]
        if (inputs, answers) != (spec.features.count, len(spec.class_names)):
            text = tr(
                "{name} holds a network of {inputs:,} inputs and {answers:,} answers; these samples have "
                "{values:,} values and {classes:,} classes.",
                name=self.name,
                inputs=inputs,
                answers=answers,
                values=spec.features.count,
                classes=len(spec.class_names),
            )
            raise ConfigError("dataset", text)
        if self.run is not None:
            assert self.run.checkpoint is not None
            if not self.run.checkpoint.fits(samples):
                self.run = None
                say(
                    tr(
                        "{name} has learned from other samples than these: its weights go on, but epochs, "
                        "momentum and schedule begin anew.",
                        name=self.name,
                    )
                )

    def trainer(self, samples: Split, threads: int | None) -> Trainer:
        """Return what trains the network."""
        if self.run is None or self.before is None:
            return Trainer(self.config, samples, network=self.network, threads=threads)
        trainer = Trainer(self.before, samples, threads=threads, checkpoint=self.run.checkpoint)
        trainer.change(self.config)
        if trainer.finished:
            epoch = epoch_text(self.run.final.metrics.epoch)
            say(
                tr(
                    "{name} came to its end at epoch {epoch}: set --epochs higher.",
                    name=self.name,
                    epoch=epoch,
                )
            )
        return trainer

    def history(self) -> History:
        """Return the figures of its steps before."""
        history = History()
        if self.run is not None:
            history.restore(self.run.curves)
        return history

    def record(
        self, trainer: Trainer, history: History, spec: DataSpec, seconds: float, ending: str
    ) -> RunRecord:
        """Return the run as it is kept with the network."""
        ending = "failed" if ending == "diverged" else ending
        record = record_of(trainer, history, spec, seconds, ending, self.more)
        run, before = self.run, self.before
        if run is None or before is None:
            return replace(record, fresh=self.network is None)
        changed = changed_settings(before, self.config, run.changed)
        return replace(record, began=run.began, name=run.name, fresh=run.fresh, changed=changed)


def begin(options: argparse.Namespace) -> Start:
    """Return what a new network begins with."""
    more = None if options.more is None else exported_dataset(options.more)
    return Start(_naming(training_config(options), more), more)


def go_on(options: argparse.Namespace) -> Start:
    """Return what --continue names, with the settings that were given besides.

    Raises:
        ConfigError: a setting cannot be changed.
        MicroNNError: it cannot be opened.
    """
    if options.recipe is not None:
        raise ConfigError("recipe", tr("--continue goes on by the settings of the run: leave out --recipe."))
    saved = open_kept(options.kept, runs_folder())
    run = saved.run
    more = run.more if options.more is None and run is not None else None
    if options.more is not None:
        more = exported_dataset(options.more)
    config, before = with_given(saved.config, options), saved.config
    exactly = run is not None and run.checkpoint is not None
    if options.data is not None:
        exactly = exactly and is_file_name(before.dataset)
        before = replace(before, dataset=config.dataset)  # the same file may lie elsewhere now
    config, before = _naming(config, more), _naming(before, more)
    output = options.kept if run is None or run.number == 0 else MODEL
    start = Start(config, more, output, options.kept, saved.network)
    if exactly:
        before.check_change(config)
        return replace(start, run=run, before=before)
    for name in _OF_THE_NETWORK:
        if name in before.changes_to(config):
            setting = tr(SETTINGS[name].label)
            text = tr("{setting} cannot change in a network to go on with: leave it out.", setting=setting)
            raise ConfigError(name, text)
    say(
        tr(
            "{name} holds no more than weights: these go on, but epochs, momentum and schedule begin anew.",
            name=options.kept,
        )
    )
    return start


def _naming(config: TrainingConfig, more: Dataset | None) -> TrainingConfig:
    return replace(config, my_digits="" if more is None else more.fingerprint())
