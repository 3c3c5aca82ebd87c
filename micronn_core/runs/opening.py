"""Whatever can be gone on with, by the name that somebody has for it: a file, or a run of the window's."""

from __future__ import annotations

from pathlib import Path

from micronn_core.common.archives import MOST_BYTES, open_archive
from micronn_core.common.errors import StorageError
from micronn_core.common.files import open_file, reading
from micronn_core.common.texts import mark, tr
from micronn_core.nn.activations import ACTIVATIONS
from micronn_core.nn.network import Network
from micronn_core.runs.record import RunRecord
from micronn_core.runs.run_file import read_run
from micronn_core.runs.saved_network import SavedNetwork, load_network, with_suffix
from micronn_core.runs.store import RunStore

_DAMAGED = mark("{path} is no network and no run of MicroNN's, or it is damaged ({error}).")


def network_of(run: RunRecord) -> SavedNetwork:
    """Return the network that a run, read with its weights, has led to."""
    parameters = run.final.parameters
    assert parameters is not None, "the run was read with its weights"
    network = Network(parameters.writable_copy(), ACTIVATIONS[run.config.activation])
    return SavedNetwork(network, run.config, run.spec, run.final.metrics._asdict(), run)


def open_kept(name: str, runs: Path) -> SavedNetwork:
    """Open a saved network, the file of a run, or a kept run.

    Args:
        name: the path of a file; or the number of a kept run, its name or its id.
        runs: the folder of the kept runs.

    Raises:
        StorageError: there is none of that name, or more than one, or it cannot be used.
    """
    path = next((path for path in (Path(name), with_suffix(name)) if path.is_file()), None)
    if path is None:
        return network_of(_kept(name, RunStore(runs)))
    return open_saved(path)


def open_saved(path: Path) -> SavedNetwork:
    """Open a saved network, or the file of a run.

    Raises:
        StorageError: it cannot be used; says why.
    """
    return network_of(read_run(path, weights=True)) if _is_run(path) else load_network(path)


def _is_run(path: Path) -> bool:
    with reading(path, damaged=_DAMAGED), open_file(path, MOST_BYTES) as stream:
        if stream.read(2) != b"PK":
            return False  # what it is instead is said by whoever reads networks
    with open_archive(path, _DAMAGED) as archive:
        return "final" in archive and "W1" not in archive


def _kept(name: str, store: RunStore) -> RunRecord:
    """Return the only run that is called so."""
    known = store.list()
    words = name.split()
    number = words[-1] if len(words) == 1 or words[0].casefold() == "run" else ""
    found = [run for run in known if name in (run.id, run.name) or number == str(run.number)]
    if len(found) > 1:
        text = tr(
            "There are {count} runs called {name!r}. Give one of their ids: {ids}.",
            count=len(found),
            name=name,
            ids=", ".join(run.id for run in found),
        )
        raise StorageError(text)
    if not found:
        text = tr(
            "{name}: there is no such file, and no kept run of that number or name in {folder}. "
            "Check its name.",
            name=name,
            folder=store.folder,
        )
        raise StorageError(text)
    return store.read(found[0].id)
