"""What differs from the project's last run, said at init or at the first log."""

from __future__ import annotations

import json
from typing import Any


def says(done: Any) -> list[str]:
    """The parts of givens' lines that tell a difference."""
    parts = (part.strip() for line in done.stderr.splitlines() for part in line.removeprefix("givens:").split(" · "))
    return [part for part in parts if " differ" in part or "after all" in part]


SCRIPT = """
    import givens
    givens.init(project="p", name="run", config={config})
    {then}
    givens.log({{"loss": 1}})
"""


def run(folder: Any, config: str, then: str = "", **environ: str) -> list[str]:
    return says(folder.run(SCRIPT.format(config=config, then=then), env=environ))


def test_the_first_run_and_a_run_like_it_say_nothing(folder: Any) -> None:
    assert run(folder, "{'lr': 0.1, 'model': {'depth': 4}}") == []
    assert run(folder, "{'model': {'depth': 4}, 'lr': 0.1}") == []
    assert run(folder, "{'model': {'depth': 4.0}, 'lr': 0.1}") == []


def test_the_start_line_names_the_keys_that_differ_and_both_values(folder: Any) -> None:
    run(folder, "{'lr': 0.1, 'model': {'depth': 4}, 'old': None}")
    told = run(folder, "{'lr': 0.2, 'model': {'depth': 4, 'width': 8}}")
    assert told == [
        "2 keys differ from run: lr 0.1→0.2, model.width nothing→8",
        "1 more key differs from run: old None→nothing",
    ]


def test_a_config_that_comes_after_init_is_compared_at_the_first_log(folder: Any) -> None:
    run(folder, "None", "givens.config.lr = 0.1")
    assert run(folder, "None", "givens.config.lr = 0.2") == ["1 key differs from run: lr 0.1→0.2"]


def test_what_was_said_at_the_start_is_not_said_again(folder: Any) -> None:
    run(folder, "{'lr': 0.1}")
    assert len(run(folder, "{'lr': 0.2}", "pass")) == 1
    assert run(folder, "{'lr': 0.3}", "givens.config.depth = 2") == [
        "1 key differs from run: lr 0.2→0.3",
        "1 more key differs from run: depth nothing→2",
    ]
    # a key that the script sets after init is not missed in between
    assert run(folder, "{'lr': 0.4}", "givens.config.depth = 2") == ["1 key differs from run: lr 0.3→0.4"]


def test_what_was_said_too_early_is_taken_back(folder: Any) -> None:
    grown = "givens.config.layers.append(16)"
    run(folder, "{'layers': [32]}", grown)
    early = "1 key differs from run: layers [32, 16]→[32]"
    assert run(folder, "{'layers': [32]}", grown) == [early, "the same as in run after all: layers"]
    told = run(folder, "{'layers': [32]}", f"{grown}; givens.config.lr = 1")
    assert told == [early, "1 more key differs from run: lr nothing→1; the same after all: layers"]


def test_the_runs_of_one_program_are_compared_with_the_run_before_it(folder: Any) -> None:
    run(folder, "{'lr': 0}")
    told = says(
        folder.run("""
            import givens
            for lr in (1, 2, 3):
                with givens.init(project="p", name=f"turn-{lr}", config={"lr": lr}):
                    givens.log({"loss": 1})
        """)
    )
    assert told == [f"1 key differs from run: lr 0→{lr}" for lr in (1, 2, 3)]
    assert run(folder, "{'lr': 4}") == ["1 key differs from turn-3: lr 3→4"]


def test_other_projects_are_other_matters(folder: Any) -> None:
    folder.run("import givens; givens.init(project='other', config={'lr': 9})")
    assert run(folder, "{'lr': 0.1}") == []


def test_ignored_keys_are_not_told(folder: Any) -> None:
    (folder.path / "pyproject.toml").write_text('[tool.givens]\nignore = ["seed", "paths"]\n')
    run(folder, "{'seed': 1, 'paths': {'out': 'a'}}")
    assert run(folder, "{'seed': 2, 'paths': {'out': 'b'}}") == []


def test_no_secret_is_in_a_head_or_told(folder: Any) -> None:
    told = run(folder, "{'password': 'first-horse-battery'}") + run(folder, "{'password': 'other-horse-battery'}")
    assert len(told) == 1
    assert "horse" not in told[0]
    (head,) = (folder.path / ".givens" / "heads").iterdir()
    assert "horse" not in head.read_text()


def test_a_disabled_run_leaves_no_head_and_a_silent_one_does(folder: Any) -> None:
    run(folder, "{'lr': 1}", GIVENS_MODE="disabled")
    assert not (folder.path / ".givens").exists()
    assert run(folder, "{'lr': 1}", GIVENS_SILENT="1") == []
    assert run(folder, "{'lr': 2}") == ["1 key differs from run: lr 1→2"]


def test_a_large_array_is_no_part_of_a_hint(folder: Any) -> None:
    run(folder, "{'lr': 1, 'grid': __import__('numpy').zeros(100_000)}")
    (head,) = (folder.path / ".givens" / "heads").iterdir()
    assert json.loads(head.read_text())["config"] == {"lr": 1}


def test_heads_that_cannot_be_written_stop_nobody(folder: Any) -> None:
    (folder.path / ".givens").mkdir()
    (folder.path / ".givens" / "heads").write_text("in the way")
    assert run(folder, "{'lr': 1}") == []
    assert folder.only().state == "finished"
