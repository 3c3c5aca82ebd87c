"""All that can be found by its name: actions, runs, ready networks, data sets, settings and words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from micronn_core.common.texts import tr
from micronn_core.settings.suiting import suited_to
from micronn_core.settings.table import SHOWN
from micronn_gui.actions import Action
from micronn_gui.panels.window.glossary import TERMS
from micronn_gui.panels.window.network_files import NetworkFiles
from micronn_gui.panels.window.open_menus import known_data, open_run, run_line
from micronn_gui.panels.window.palette import Found
from micronn_gui.session.runs import Runs
from micronn_gui.session.training import TrainingState


def findable(
    actions: Iterable[Action],
    training: TrainingState,
    runs: Runs,
    networks: NetworkFiles,
    open_setting: Callable[[str], object],
    explain: Callable[[str], object],
) -> Iterator[Found]:
    """Return everything that has a name.

    Args:
        actions: the table of actions.
        training: whose network gives way to another.
        runs: those that can be opened.
        networks: opens the ready ones.
        open_setting: leads to a setting, given its name.
        explain: says what a word means.
    """
    for action in actions:
        if action.do is not None:
            title = (action.now and action.now()) or action.title
            yield Found(action.section, title.replace("&&", "&"), action.keys_text, action.do)
    for record in runs.records():
        do = partial(open_run, runs, record.id)
        yield Found(tr("Run"), run_line(runs, record).replace("&&", "&"), "", do)
    for ready in networks.ready:
        yield Found(tr("Ready network"), ready.title, "", ready.open)
    for source in known_data():
        begin = partial(training.new_network, suited_to(training.config, source))
        yield Found(tr("Data"), tr(source.label), "", begin)
    for name, row in SHOWN.items():
        yield Found(tr("Setting"), tr(row.label), "", partial(open_setting, name))
    for term in TERMS:
        yield Found(tr("What it means"), tr(term.name), "", partial(explain, tr(term.name)))
