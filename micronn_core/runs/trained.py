"""The record of a run whose trainer is at hand."""

from __future__ import annotations

from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DataSpec
from micronn_core.runs.record import Moment, RunRecord, thinned
from micronn_core.training.history import History
from micronn_core.training.trainer import Trainer


def record_of(
    trainer: Trainer,
    history: History,
    spec: DataSpec,
    seconds: float,
    ending: str,
    more: Dataset | None = None,
) -> RunRecord:
    """Return a run as it stands, with all that it takes to go on exactly.

    Args:
        trainer: it has taken a step.
        history: the figures of its steps.
        spec: what the inputs and answers of its network mean.
        seconds: how long it trained.
        ending: one of `ENDINGS`.
        more: samples that it learns from besides those of its config's split.
    """
    kept = trainer.checkpoint()
    loss, accuracy = history.latest_validation(kept.metrics.epoch)
    last = kept.metrics._replace(validation_loss=loss, validation_accuracy=accuracy)
    return RunRecord(
        trainer.config,
        spec,
        thinned(history),
        Moment(last, kept.parameters),
        None if kept.best is None else Moment(*kept.best),
        seconds,
        ending,
        checkpoint=kept,
        more=more,
    )
