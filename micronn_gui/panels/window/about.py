"""The texts of the menu: the keyboard, and what MicroNN is made of."""

from __future__ import annotations

from micronn_core.common.texts import tr


def shortcuts_text() -> str:
    """Return the list of keys, as rich text."""
    rows = (
        ("Space", tr("play and pause")),
        ("→", tr("one step of training: sample, batch or epoch")),
        ("L", tr("back to the newest moment (live)")),
        ("← → Home End", tr("with the timeline focused: earlier, later, start, live")),
        ("← → ↑ ↓ Enter", tr("with the neurons focused: choose one, enlarge it")),
        ("Esc", tr("back to all neurons")),
        ("Ctrl+Z, Ctrl+Shift+Z", tr("undo and redo on the pad")),
        ("Esc, Delete", tr("with the pad focused: clear it")),
        ("0 … 9", tr("in Draw: keep the drawing as this digit")),
        ("0 … 9, Delete", tr("with my digits focused: relabel or delete the selected one")),
        ("→ ←", tr("in Inspect: the next step of the explanation, and the one before")),
        ("P N R M D T", tr("in Inspect: previous, next, random, mistake, drawing, tutorial")),
        ("Ctrl+C", tr("in Inspect: copy the number with all its digits")),
        ("F2, Space, Delete", tr("with the table of runs focused: rename, tick, delete the selected run")),
        ("Shift+F1", tr("explain the setting that has the keyboard")),
        ("Ctrl+1, 2, 3, 4", tr("the workspaces")),
        ("Ctrl+N", tr("new network from the same seed")),
        ("Ctrl+S, Ctrl+O", tr("save the network shown, open another")),
        ("Ctrl+V", tr("lay the clipboard's picture on the pad")),
        ("F11", tr("full screen")),
        ("Ctrl+Q", tr("quit")),
    )
    return (
        "<table cellspacing=6>"
        + "".join(f"<tr><td><b>{k}</b></td><td>{t}</td></tr>" for k, t in rows)
        + "</table>"
    )


def about_text() -> str:
    """Return what MicroNN is and whose work it stands on, as rich text."""
    from importlib.metadata import PackageNotFoundError, version  # slow to load, and seldom needed

    try:
        number = version("micronn")
    except PackageNotFoundError:
        number = tr("a checkout")
    return "<br>".join(
        (
            f"<b>MicroNN</b> {number}",
            tr("A small neural network learns handwritten digits before your eyes."),
            "",
            tr("MIT licence. Data: MNIST by Yann LeCun and Corinna Cortes, derived from NIST, CC BY-SA 3.0."),
            tr("Fonts: Inter and JetBrains Mono, OFL. Icons: Lucide, ISC. Qt for Python: LGPL."),
        )
    )
