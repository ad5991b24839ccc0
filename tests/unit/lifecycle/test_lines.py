from __future__ import annotations

from typing import Any


def test_the_start_line_names_run_store_files_and_secrets(folder: Any) -> None:
    folder.write("c.yaml", "lr: 1\n")
    done = folder.run("""
        import givens
        givens.init(project="p", name="n", config=["c.yaml", {"api_key": "a-secret-of-mine"}])
        givens.init(config={})
    """)
    first, *_, last, _ = done.stderr.splitlines()
    store = folder.path / ".givens"
    assert first == f"givens: run n (p) · made {store} · read c.yaml · 1 secret redacted"
    assert f"· in {store}" in last


def test_silence(folder: Any) -> None:
    done = folder.run(
        "import givens; givens.init(config={'a': 1}).config.update(a=2); givens.init(config={})",
        env={"GIVENS_SILENT": "1"},
    )
    assert done.stderr == ""


def test_a_closed_stderr_stops_nobody(folder: Any) -> None:
    folder.run("""
        import os, sys
        os.close(2)
        import givens
        givens.init(config={"lr": 1}).finish()
        sys.stderr = None
        givens.init(config={"lr": 2}).finish()
    """)
    assert [run.config.lr for run in folder.runs()] == [1, 2]
