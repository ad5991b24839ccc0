"""Cells of a notebook, typed lines, and IPython."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest

from givens.api.stored.run_cells import cells_of
from givens.api.stored.run_facts import run_facts

needs_ipython = pytest.mark.skipif(importlib.util.find_spec("IPython") is None, reason="IPython is not installed")
needs_kernel = pytest.mark.skipif(importlib.util.find_spec("ipykernel") is None, reason="ipykernel is not installed")


def test_typed_lines_are_the_origin(folder: Any) -> None:
    import subprocess
    import sys

    typed = 'import givens\nrun = givens.init(config={"lr": 1})\ngivens.config.depth = 2\n'
    subprocess.run([sys.executable, "-i"], input=typed, text=True, cwd=folder.path, capture_output=True, check=True)
    run = folder.only()
    assert run.config.as_dict() == {"lr": 1, "depth": 2}
    assert run.explain("depth").origin.file == "<stdin>"
    assert run.state == "finished"


@needs_ipython
def test_ipython_shows_a_config_and_knows_its_cells(folder: Any) -> None:
    done = folder.run("""
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        shell.run_cell("import givens")
        shell.run_cell("run = givens.init(config={'lr': 1, 'model': {'depth': 2}, 'api_key': 'a-secret-of-mine'})")
        shell.run_cell("givens.config.seed = 3")
        shell.run_cell("1 / 0")
        data, _ = shell.display_formatter.format(shell.user_ns["givens"].config)
        print(data["text/html"])
    """)
    run = folder.only()
    assert "<table" in done.stdout and "model.depth" in done.stdout and "secret-of-mine" not in done.stdout
    assert run.explain("seed").origin.file == "<notebook cell>"
    assert run.state == "finished"  # an error in a cell is not the end of the run


@needs_kernel
def test_a_kernel_records_changes_without_warning(folder: Any) -> None:
    """A real kernel, spoken to as a notebook speaks to it."""
    done = folder.run("""
        from jupyter_client.manager import start_new_kernel
        manager, client = start_new_kernel(kernel_name="python3")
        def cell(code):
            outputs = []
            client.execute_interactive(code, timeout=60, output_hook=lambda message: outputs.append(message["content"]))
            return "".join(content.get("text", "") for content in outputs)
        print(cell("import givens; run = givens.init(config={'lr': 1}, name='first')"))
        print(cell("givens.log({'loss': 1}); givens.config.lr = 2"))
        print(cell("1 / 0"))
        print(cell("run = givens.init(config={'lr': 5}, name='second')"))
        print(cell("givens.config.depth = 3"))
        client.stop_channels()
        manager.shutdown_kernel()
    """)
    assert "givens: run first" in done.stdout and "ValueChangedWarning" not in done.stdout
    first, second = folder.runs()
    assert (first.name, first.config.lr, first.state) == ("first", 2, "finished")
    assert first.history("lr")[-1].origin.file == "<notebook cell>"
    assert second.config.as_dict() == {"lr": 5, "depth": 3}


@needs_ipython
def test_the_cells_are_kept_without_their_secrets(folder: Any) -> None:
    folder.run("""
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        def cell(code):
            assert shell.run_cell(code, store_history=True).success
        cell("import givens")
        cell("token = 'hf_abcdefghijklmnopqrstuvwxyzABCDEFGH'\\nrun = givens.init(config={'lr': 1}, name='first')")
        cell("for epoch in range(2):\\n    givens.log({'loss': epoch})")
        cell("second = givens.init(config={'lr': 2}, name='second')")
        cell("import os; os._exit(0)")  # as a kernel that is killed
    """)
    first, second = folder.runs()
    text = cells_of(first)
    assert text is not None and "hf_abc" not in text
    assert "# In [3]\nfor epoch in range(2):\n    givens.log({'loss': epoch})" in text
    assert "# In [4]" in text and "# In [4]" in (cells_of(second) or "") and "# In [5]" not in (cells_of(second) or "")
    assert (
        dict(run_facts(first))["cells"] == "4 until its end"
        and dict(run_facts(second))["cells"] == "4 until its beginning"
    )


def test_a_script_has_no_cells(folder: Any) -> None:
    folder.run("import givens; givens.init(config={'lr': 1})")
    assert cells_of(folder.only()) is None and "cells" not in dict(run_facts(folder.only()))
