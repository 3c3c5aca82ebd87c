"""The columns of the table of runs: what each says of a run, and how it is sorted."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from micronn_core.common.texts import number, percent, tr
from micronn_core.runs.record import INTERRUPTED, RunRecord, differences
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS
from micronn_gui.session.runs import Runs
from micronn_gui.worker.update import Status

Key = float | str
NAME = "name"
CHANGED_SIGN = " *"
"""Stands behind a setting that was changed while the run trained."""


@dataclass(frozen=True)
class Column:
    """What a column shows.

    Attributes:
        key: its name; that of the setting, where it shows one.
        title: what stands above it.
        tip: what that means.
        text: returns what stands in a run's cell.
        value: returns what it is sorted by; NaN where there is nothing, which comes last.
        is_number: whether the texts are figures.
    """

    key: str
    title: str
    tip: str
    text: Callable[[RunRecord], str]
    value: Callable[[RunRecord], Key]
    is_number: bool = True


ALWAYS = ("optimizer", "learning_rate", "batch_size")
"""Settings that have a column even if all runs agree in them."""
ELSEWHERE = ("hidden", "epochs", "dataset")
"""Settings that other columns show."""


class RunColumns:
    """Makes the columns for a number of runs.

    Args:
        runs: knows what they are called.
        status: returns what the present run does.
    """

    def __init__(self, runs: Runs, status: Callable[[], Status]) -> None:
        self._runs = runs
        self._status = status

    def of(self, records: Sequence[RunRecord]) -> tuple[Column, ...]:
        """Return those that always stand there, and one for each other setting in which runs differ."""
        differing = differences([record.config for record in records])
        more = [name for name in differing if name not in (*ALWAYS, *ELSEWHERE)]
        name, network, began, ending = self._about()
        settings = map(self._setting, ALWAYS)
        return (name, network, *settings, *self._figures(), *map(self._setting, more), began, ending)

    def _about(self) -> tuple[Column, ...]:
        return (
            Column(
                NAME,
                tr("Run"),
                tr("Tick it to see its curves. F2 or a double click renames it; ★ is never dropped."),
                self._name,
                lambda run: run.name.casefold() or f"{run.number:09}",
                is_number=False,
            ),
            Column(
                "hidden",
                tr("Network"),
                tr("Neurons of each layer, from the pixels to the digits"),
                lambda run: "-".join(map(str, _sizes(run))),
                lambda run: math.prod(_sizes(run)),
            ),
            Column("began", tr("Began"), tr("When its first step was taken"), _when, _began),
            Column("ending", tr("Ended"), tr("How it ended"), self._ending, self._ending, is_number=False),
        )

    def _setting(self, name: str) -> Column:
        short = tr(SETTINGS[name].short)
        title = short[:1].upper() + short[1:]

        def text(run: RunRecord) -> str:
            words = setting_text(name, run.config)
            if name == "initializer" and not run.fresh:
                words = tr("saved weights")
            return words + (CHANGED_SIGN if name in run.changed else "")

        def value(run: RunRecord) -> Key:
            setting = getattr(run.config, name)
            return float(setting) if isinstance(setting, int | float) else text(run)

        tip = tr("A setting; * marks one that was changed while the run trained")
        is_number = isinstance(getattr(TrainingConfig, name), int | float)
        return Column(name, title, tip, text, value, is_number)

    def _figures(self) -> tuple[Column, ...]:
        return (
            Column(
                "epochs",
                tr("Epochs"),
                tr("Passes over the training samples, and how many were planned where these are more"),
                _epochs,
                lambda run: run.final.metrics.epoch,
            ),
            Column(
                "best_accuracy",
                tr("Best val"),
                tr("Highest share of validation samples that it read correctly"),
                lambda run: _share(run.highest_accuracy),
                lambda run: run.highest_accuracy,
            ),
            Column(
                "accuracy",
                tr("Final val"),
                tr("Share of validation samples that it reads correctly at its end"),
                lambda run: _share(run.final.metrics.validation_accuracy),
                lambda run: run.final.metrics.validation_accuracy,
            ),
            Column(
                "best_loss",
                tr("Best loss"),
                tr("Lowest loss on the validation samples: its best weights are those of this moment"),
                lambda run: _loss(run.lowest_loss),
                lambda run: run.lowest_loss,
            ),
            Column(
                "seconds",
                tr("Time"),
                tr("How long it trained, in seconds"),
                lambda run: tr("{seconds:,.1f} s", seconds=run.seconds),
                lambda run: run.seconds,
            ),
            Column(
                "pace",
                tr("ms/epoch"),
                tr("Milliseconds of an epoch, validation and pauses for the window included"),
                lambda run: _plain(1000 * run.seconds_per_epoch),
                lambda run: run.seconds_per_epoch,
            ),
            Column(
                "train_loss",
                tr("Train loss"),
                tr("Loss on the training samples of its last step"),
                lambda run: _loss(run.final.metrics.loss),
                lambda run: run.final.metrics.loss,
            ),
        )

    def _name(self, run: RunRecord) -> str:
        name = self._runs.title(run)
        if run.starred:
            name = f"★ {name}"
        if run.id == self._runs.present_id:
            return tr("{name} · now", name=name)
        return tr("{name} · failed", name=name) if run.ending == "failed" else name

    def _ending(self, run: RunRecord) -> str:
        present = tr("training") if self._status() is Status.RUNNING else tr("paused")
        texts = {
            "finished": tr("finished"),
            "stopped early": tr("stopped early"),
            "stopped": tr("stopped"),
            "failed": tr("failed"),
            INTERRUPTED: tr(INTERRUPTED),
        }
        return texts.get(run.ending, present)


def setting_text(name: str, config: TrainingConfig) -> str:
    """Return a setting's value as people read it."""
    row = SETTINGS[name]
    return row.kind.show(row.value_in(config))


def sort(records: Sequence[RunRecord], column: Column, descending: bool) -> list[RunRecord]:
    """Return runs in the order of a column; those without a value come last either way."""
    values = [(run, column.value(run)) for run in records]
    known = [(run, value) for run, value in values if value == value]  # NaN is unlike itself
    if any(isinstance(value, str) for _, value in known):
        known = [(run, str(value)) for run, value in known]
    known.sort(key=itemgetter(1), reverse=descending)
    return [run for run, _ in known] + [run for run, value in values if value != value]


def _sizes(run: RunRecord) -> tuple[int, ...]:
    return run.spec.sizes(run.config.hidden)


def _began(run: RunRecord) -> float:
    return datetime.fromisoformat(run.began).timestamp()


def _when(run: RunRecord) -> str:
    """Return the time of today, and else the day."""
    began = datetime.fromisoformat(run.began).astimezone()
    return f"{began:%H:%M}" if began.date() == datetime.now().astimezone().date() else f"{began:%Y-%m-%d}"


def _epochs(run: RunRecord) -> str:
    done, planned = run.final.metrics.epoch, run.config.epochs
    whole = number(planned)
    return f"{number(math.floor(done)):>{len(whole)}} / {whole}" if done < planned else number(done, ",.0f")


def _share(value: float) -> str:
    return percent(value, 2)


def _loss(value: float) -> str:
    return number(value, ".4f" if value < 1000 else ".2e") if math.isfinite(value) else "–"


def _plain(value: float) -> str:
    return number(value, ",.3g" if value < 1000 else ",.0f") if math.isfinite(value) else "–"
