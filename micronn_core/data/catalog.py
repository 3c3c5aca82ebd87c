"""The data sets there are: those that come with MicroNN, and the files that were opened.

To add a data set that comes with MicroNN, add its row to `DATASETS`. A file is named by its path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

from micronn_core.common.errors import DataError
from micronn_core.common.texts import mark, tr
from micronn_core.data.dataset import Dataset
from micronn_core.data.features import DIGITS_SPEC, DataSpec
from micronn_core.data.mnist import load_mnist_test, load_mnist_train
from micronn_core.data.plausibility import ON_SIDE, remarks_on
from micronn_core.data.readers import read_dataset
from micronn_core.data.splits import split_rule


@dataclass(frozen=True)
class DatasetSource:
    """A data set that can be chosen by name; its samples are read only when they are asked for.

    Attributes:
        name: key in `DATASETS`, or the path of a file.
        label: name as people read it.
        load_train: reads the samples to be split.
        load_test: reads samples that no run learns from or is chosen by; None if there are none.
        spec: what the inputs and answers of a network of it mean.
        count: number of samples to be split; None where that is not known before they are read.
        remark: what is unusual about a file, in words; "" for nothing, or before it is read.
        on_side: whether its pictures lie on their side, as far as that is known.
    """

    name: str
    label: str
    load_train: Callable[[], Dataset]
    load_test: Callable[[], Dataset] | None
    spec: DataSpec
    count: int | None = None
    remark: str = ""
    on_side: bool = False


TURNED = "#transposed"
"""How the name of a file ends whose pictures are turned over the diagonal."""

DATASETS = {
    source.name: source
    for source in (
        DatasetSource("mnist", mark("MNIST"), load_mnist_train, load_mnist_test, DIGITS_SPEC, 60_000),
    )
}
"""The data sets that come with MicroNN."""

_OPENED: dict[str, DatasetSource] = {}


def named(path: Path | str, turned: bool = False) -> str:
    """Return the name of the data set that a file is."""
    return str(Path(path).resolve()) + (TURNED if turned else "")


def register(path: Path | str, turned: bool = False) -> DatasetSource:
    """Read a file of samples and remember it, so that its path is the name of a data set.

    Its test samples are those of the first data set of `DATASETS` with the same inputs and classes.

    Args:
        path: the file.
        turned: whether its pictures are to be turned over the diagonal.

    Raises:
        DataError: says what is wrong with the file, where, and what to do.
    """
    dataset = read_file(path, turned)
    if len(dataset.class_names) < 2:
        raise DataError(
            tr(
                "{path} holds a single class, {name!r}: there is nothing to tell apart. "
                "Add samples of others.",
                path=path,
                name=dataset.class_names[0],
            )
        )
    remark, on_side = remark_about(dataset), tr(ON_SIDE) in dataset.remarks
    source = remember(named(path, turned), dataset.name, dataset.spec, len(dataset))
    return _known(replace(source, remark=remark, on_side=on_side))


def read_file(path: Path | str, turned: bool = False) -> Dataset:
    """Read a file of samples, with remarks on what seems strange; raises as `read_dataset` does.

    Args:
        path: the file.
        turned: whether its pictures are to be turned over the diagonal.

    Raises:
        DataError: its samples are no pictures that could be turned.
    """
    dataset = _read(str(path), _stamp(Path(path)))
    return dataset.transposed() if turned else dataset


def remark_about(dataset: Dataset) -> str:
    """Return all remarks on a file of samples as one text; "" if there are none."""
    if not dataset.remarks:
        return ""
    return tr("{name}: {remarks}", name=dataset.name, remarks=" ".join(dataset.remarks))


def remember(name: str, label: str, spec: DataSpec, count: int) -> DatasetSource:
    """Let a file be a data set without reading it yet.

    Args:
        name: its path.
        label: its name as people read it.
        spec: what the inputs and answers of a network of it mean.
        count: how many samples it holds.
    """
    alike = (source.load_test for source in DATASETS.values() if source.spec == spec)
    source = DatasetSource(name, label, partial(_load, name), next(alike, None), spec, count)
    return _known(source)


def _known(source: DatasetSource) -> DatasetSource:
    _OPENED.pop(source.name, None)  # the one that was opened last comes last
    _OPENED[source.name] = source
    return source


def opened_files() -> tuple[DatasetSource, ...]:
    """Return the files that were opened, the first one first."""
    return tuple(_OPENED.values())


def source_of(name: str) -> DatasetSource:
    """Return a data set by the name that a config gives it.

    Raises:
        DataError: there is none of that name, or its file has not been opened.
    """
    source = DATASETS.get(name) or _OPENED.get(name)
    if source is None:
        if is_file_name(name):
            raise DataError(tr("The data file {path} is not open. Open it first.", path=name))
        raise DataError(
            tr(
                "There is no data set {name!r}. Data sets: {names}; or the path of a file.",
                name=name,
                names=", ".join(DATASETS),
            )
        )
    return source


def is_known(name: str) -> bool:
    """Return whether there is a data set of a name: one of the table, or a file that was opened."""
    return name in DATASETS or name in _OPENED


def label_of(name: str) -> str:
    """Return the name of a data set as people read it; of a file that is not open, its own."""
    source = DATASETS.get(name) or _OPENED.get(name)
    return tr(source.label) if source else name.removesuffix(TURNED).replace("\\", "/").rpartition("/")[2]


def open_source(name: str) -> DatasetSource:
    """Return a data set by its name, and read its file first if that has not been opened.

    Raises:
        DataError: there is none of that name, or its file cannot be used.
    """
    return register(*file_of(name)) if is_file_name(name) and name not in _OPENED else source_of(name)


def split_counts(name: str, split: str) -> tuple[int, int] | None:
    """Return how many samples of a data set a split trains and validates on; None while it is not read.

    Raises:
        ConfigError: it is no split.
    """
    rule = split_rule(split)
    source = DATASETS.get(name) or _OPENED.get(name)
    if not rule.is_shares:
        return rule.counts(0)
    return None if source is None or source.count is None else rule.counts(source.count)


def is_file_name(name: object) -> bool:
    """Return whether the name of a data set is the path of a file, opened or not, here or elsewhere."""
    return isinstance(name, str) and name not in DATASETS and ("/" in name or "\\" in name)


def file_of(name: str) -> tuple[str, bool]:
    """Return the path of the file that a name of a data set means, and whether its pictures are turned."""
    return name.removesuffix(TURNED), name.endswith(TURNED)


def _load(name: str) -> Dataset:
    """Read an opened file again, unless it is the one that was read last and is as it was."""
    dataset = read_file(*file_of(name))
    known = _OPENED.get(name)
    if known is not None and (known.spec, known.count) != (dataset.spec, len(dataset)):
        remember(name, dataset.name, dataset.spec, len(dataset))  # it was written anew
    return dataset


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return what changes when a file does; None if there is none, which reading it will explain."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=1)
def _read(path: str, stamp: tuple[int, int] | None) -> Dataset:
    dataset = read_dataset(path)
    return replace(dataset, remarks=(*dataset.remarks, *remarks_on(dataset)))
