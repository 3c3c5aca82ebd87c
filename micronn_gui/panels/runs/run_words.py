"""What is said of a run: its shape, what differs, how far it came."""

from __future__ import annotations

import math
from collections.abc import Iterable

from micronn_core.common.texts import number, tr, trn
from micronn_core.runs.lineage import changed_since, origin_of
from micronn_core.runs.record import RunRecord
from micronn_core.settings.config import TrainingConfig
from micronn_core.settings.table import SETTINGS


def shape_text(run: RunRecord) -> str:
    """Return the neurons of each layer: 784 → 10 → 10."""
    return " → ".join(map(str, run.spec.sizes(run.config.hidden)))


def setting_text(name: str, config: TrainingConfig) -> str:
    """Return a setting's value as people read it."""
    row = SETTINGS[name]
    return row.kind.show(row.value_in(config))


def setting_name(name: str) -> str:
    """Return what a setting is called in the middle of a line: "learning rate"."""
    label = tr(SETTINGS[name].label)
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]  # L2 stays L2


def changes_text(run: RunRecord, origin: RunRecord) -> list[str]:
    """Return what differs from the run that a run came from: "rate 0.02, was 0.1"."""
    return [
        tr(
            "{setting} {value}, was {before}",
            setting=tr(SETTINGS[name].short),
            value=setting_text(name, run.config),
            before=setting_text(name, origin.config),
        )
        for name in changed_since(run, origin)
    ]


def origin_text(run: RunRecord, runs: Iterable[RunRecord]) -> list[str]:
    """Return in a few words each what differs from the run that a run came from, or how it began."""
    origin = origin_of(run, runs)
    if not run.fresh and origin is None:
        return [tr("began with saved weights")]
    if origin is None:
        return [tr("where it began")]
    if changes := changes_text(run, origin):
        return changes
    if origin.id == run.origin and not run.fresh:
        return [tr("goes on from another")]
    return [tr("the same again") if run.fresh else tr("began with saved weights")]


def epochs_text(run: RunRecord) -> str:
    """Return how far a run came: "8 epochs"."""
    done, planned = run.final.metrics.epoch, run.config.epochs
    if math.floor(done) < planned:
        return trn(
            "{done} of {planned:,} epoch", "{done} of {planned:,} epochs", planned,
            done=number(math.floor(done)), planned=planned,
        )  # fmt: skip
    return trn("{count:,} epoch", "{count:,} epochs", planned)


def accuracy_text(value: float) -> str:
    """Return a share in percent, without its sign; a dash where there is none."""
    return number(100 * value, ".1f") if math.isfinite(value) else "–"
