"""Jobs on processes of their own: what comes back, what a death does, and that none is left behind."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from micronn_core.experiments.jobs import Background, Ended, Failed, Job
from tests.core.experiments import jobs
from tests.paths import CHECKOUT


def run(work: Sequence[Job], processes: int | None = None) -> list[list[object]]:
    """Run jobs to their end and return the messages of each."""
    messages: list[list[object]] = [[] for _ in work]
    with closing(Background(work, processes)) as background:
        while not background.finished:
            for job, content in background.take(timeout=0.1):
                messages[job].append(content)
    return messages


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture(autouse=True)
def _no_process_left_behind() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


def test_that_every_job_sends_what_it_yields_in_its_order_and_then_its_end() -> None:
    found = run([partial(jobs.count, 3), partial(jobs.count, 0), partial(jobs.count, 2)], processes=2)
    assert found == [[0, 1, 2, Ended()], [Ended()], [0, 1, Ended()]]


def test_that_a_process_has_nothing_of_qt_hears_no_ctrl_c_and_multiplies_on_one_thread() -> None:
    assert run([jobs.look_around]) == [[[], {1}, Ended()]]


def test_that_a_process_that_dies_is_one_failed_job_and_the_others_go_on() -> None:
    killed, counted = run([jobs.be_killed, partial(jobs.count, 2)], processes=1)
    assert killed[0] == 1
    assert isinstance(killed[1], Failed)
    assert "exit code -9" in killed[1].reason
    assert counted == [0, 1, Ended()]


def test_that_an_error_for_the_user_is_the_reason_of_a_failure() -> None:
    assert run([jobs.refuse]) == [[1, Failed("There are no such digits.")]]


def test_that_any_other_error_is_told_in_a_sentence() -> None:
    assert run([jobs.stumble]) == [
        [Failed("It broke off: ZeroDivisionError: integer division or modulo by zero.")]
    ]


def test_that_no_more_processes_run_at_once_than_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    run([partial(jobs.note_begin_and_end, str(path))] * 3, processes=1)
    assert path.read_text("utf-8").split() == ["begin", "end"] * 3


def test_that_closing_ends_all_processes_at_once_and_starts_no_more() -> None:
    background = Background([jobs.work_for_ever] * 3, processes=2)
    pids: list[int] = []
    while len(pids) < 2:
        pids += [content for _, content in background.take(timeout=0.1) if isinstance(content, int)]
    background.close()  # the processes would work for ever
    assert all(map(gone, pids))
    assert background.take() == []
    assert background.finished
    background.close()  # once more does no harm


def test_that_taking_without_a_timeout_never_waits() -> None:
    with closing(Background([jobs.say_nothing_for_ever])) as background:
        assert background.take() == []


def test_that_processes_do_not_outlive_whoever_started_them_and_forgot() -> None:
    code = (
        "from micronn_core.experiments.jobs import Background\n"
        "from tests.core.experiments import jobs\n"
        "if __name__ == '__main__':\n"
        "    background = Background([jobs.work_for_ever])\n"
        "    print(background.take(timeout=60)[0].content)\n"
    )
    # The processes inherit the pipes, so this returns when the last of them has ended.
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, timeout=90, check=True
    )
    assert ended.stderr == ""
    assert int(ended.stdout) > 0
