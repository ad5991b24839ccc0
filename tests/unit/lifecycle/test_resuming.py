"""Resume: values given now win, stored ones fill the gaps, and nothing of the sessions before is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import givens
from givens.api.stored.opening import open_by_id
from givens.journal.layout import Store

FIRST = """
    import os, givens
    run = givens.init(project="digits", id="mine", name="first try", tags=["a"], config={
        "lr": 0.1, "model": {"depth": 4, "width": 2.0}, "seed": 3,
    })
    run.config.update_locked({"owner": "sweep"}, "sweep")
    for step in range(3):
        run.log({"loss": 1.0 - step / 10})
    run.summary["best"] = 0.5
    run.config.lr = 0.2
    os.kill(os.getpid(), 9)
"""


def test_given_values_win_and_stored_ones_fill_the_gaps(folder: Any) -> None:
    folder.run(FIRST, code=-9)
    done = folder.run("""
        import givens
        run = givens.init(id="mine", resume="allow", config={"lr": 0.05, "model": {"width": 2, "depth": 4}})
        assert run.resumed and run.session == 2 and run.name == "first try" and run.tags == ("a",), run
        assert run.project == "digits"
        assert run.config == {"lr": 0.05, "model": {"depth": 4, "width": 2}, "seed": 3, "owner": "sweep"}, run.config
        assert dict(run.summary) == {"loss": 0.8, "best": 0.5}
        run.config.owner = "me"  # a lock does not survive
        run.log({"loss": 0.7})
        run.summary["best"] = 0.6
        print(run.explain("seed"))
        print(run.explain("lr"))
    """)
    assert " resumed: session 2, from step 3, " in done.stderr
    assert "1 key differs from session 1: lr 0.2→0.05" in done.stderr  # neither 2.0→2 nor the order of keys
    assert "session 1 of 2" in done.stdout
    assert "0.2  train.py:" in done.stdout
    run = folder.only()
    assert (run.state, run.name) == ("finished", "first try")
    assert run.config == {"lr": 0.05, "model": {"depth": 4, "width": 2}, "seed": 3, "owner": "me"}
    assert run.results["loss"].last_step == 3
    assert (run.results["loss"].min, run.results["loss"].max, run.results["loss"].times) == (0.7, 1.0, 4)
    assert [(each.number, each.ended) for each in run.sessions] == [(1, "interrupted"), (2, "finished")]
    assert [change.new for change in run.history("lr")] == [0.1, 0.2, 0.05]
    assert not run.folded.state.locks
    assert len(list((folder.path / ".givens" / "runs").iterdir())) == 2


def test_a_section_that_is_given_again_replaces_the_stored_one_and_a_deep_merge_fills_it(folder: Any) -> None:
    folder.run(FIRST, code=-9)
    folder.run("""
        import givens
        with givens.init(id="mine", resume="must", merge="deep", config={"model": {"depth": 8}}) as run:
            assert run.config.model == {"depth": 8, "width": 2.0}
        with givens.init(id="mine", resume="must", config={"model": {"depth": 8}}) as run:
            assert run.session == 3 and run.config.model == {"depth": 8}
    """)
    run = folder.only()
    assert run.config.model == {"depth": 8}
    assert [change.action for change in run.history("model.width")] == ["set", "delete"]


def test_three_sessions_that_were_killed_lose_nothing_and_each_goes_on(folder: Any) -> None:
    script = """
        import os, givens
        run = givens.init(id="mine", resume="allow", config={"base": 1})
        for number in range(5):
            run.config[f"key{run.session}_{number}"] = number
            run.log({"loss": run.session + number / 10})
        os.kill(os.getpid(), 9)
    """
    for _ in range(3):
        folder.run(script, code=-9)
    run = folder.only()
    assert dict(run.config) == {"base": 1} | {f"key{s}_{n}": n for s in (1, 2, 3) for n in range(5)}
    assert (run.results["loss"].times, run.results["loss"].last_step, run.state) == (15, 14, "lost")
    assert [session.number for session in run.sessions] == [1, 2, 3]


def test_auto_goes_on_with_an_interrupted_run_of_the_same_command(folder: Any) -> None:
    script = """
        import os, sys, givens
        run = givens.init(project="digits", resume={resume}, config={{"lr": 0.1}})
        print(run.id, run.session)
        run.log({{"loss": 1}})
        sys.stdout.flush()
        if len(sys.argv) > 1 and sys.argv[1] == "die": os.kill(os.getpid(), 9)
        if len(sys.argv) > 1 and sys.argv[1] == "fail": sys.exit(3)
    """
    auto = script.format(resume='"auto"')
    first = folder.run(auto, "die", code=-9).stdout.split()
    assert first[1] == "1"
    assert folder.run(auto, "other").stdout.split()[1] == "1"  # another command line
    assert folder.run(script.format(resume=True), "die", code=-9).stdout.split() == [first[0], "2"]
    failed = folder.run(auto, "fail", code=3).stdout.split()
    assert folder.run(auto, "fail", code=3).stdout.split() == [failed[0], "2"]
    finished = folder.run(auto).stdout.split()
    assert folder.run(auto).stdout.split()[0] != finished[0]  # one that finished is not gone on with


def test_auto_does_not_take_a_run_that_a_launcher_gave_other_values(folder: Any) -> None:
    script = """
        import os, sys, givens
        run = givens.init(resume="auto", config={"lr": 0.1, "seed": 0})
        print(run.id, run.session, run.config.seed, flush=True)
        os.kill(os.getpid(), 9)
    """
    said = {}
    for seed in ("0", "1", None):
        env = {} if seed is None else {"GIVENS_OVERRIDES": f'["seed={seed}"]'}
        said[seed] = folder.run(script, code=-9, env=env).stdout.split()
    assert [told[1:] for told in said.values()] == [["1", "0"], ["1", "1"], ["1", "0"]]
    for seed in ("1", None, "0"):
        env = {} if seed is None else {"GIVENS_OVERRIDES": f'["seed={seed}"]'}
        assert folder.run(script, code=-9, env=env).stdout.split() == [said[seed][0], "2", said[seed][2]]


def test_auto_takes_the_turn_of_a_loop_that_was_interrupted(folder: Any) -> None:
    script = """
        import os, givens
        for lr in (0.1, 0.2, 0.3):
            run = givens.init(resume="auto", config={"lr": lr})
            print(lr, run.id, run.session, run.config.lr, flush=True)
            run.log({"loss": lr})
            if lr == 0.2 and run.session == 1: os.kill(os.getpid(), 9)
    """
    told = folder.run(script, code=-9).stdout.splitlines()
    again = [line.split() for line in folder.run(script).stdout.splitlines()]
    assert [line[2] for line in again] == ["1", "2", "1"]
    assert again[1][1] == told[1].split()[1] and again[1][3] == "0.2"
    assert again[0][1] != told[0].split()[1]


def test_a_run_is_resumed_by_its_name_and_wandb_knows_no_names(folder: Any) -> None:
    folder.run("""
        import givens
        first = givens.init(name="baseline", config={"lr": 0.1}); first.finish()
        again = givens.init(name="baseline", resume="allow"); again.finish()
        assert again.id == first.id and again.session == 2 and again.config.lr == 0.1
        other = givens.init(name="other", resume="allow"); other.finish()
        assert other.id != first.id and not other.resumed
        renamed = givens.init(id=other.id, name="better", resume="must"); renamed.finish()
        assert renamed.name == "better" and givens.open(other.id).name == "better"
        assert givens.init(name="better", resume="must").id == other.id
        givens.finish()
        givens.init(name="baseline").finish()
        try:
            givens.init(name="baseline", resume="must")
        except givens.errors.AmbiguousRunError as error:
            assert first.id in str(error)
        else:
            raise SystemExit("no error")
    """)
    folder.run("""
        import givens.wandb as wandb
        run = wandb.init(name="baseline", resume="allow")
        assert not run.resumed
    """)


def test_the_variables_resume_a_script_that_knows_nothing_of_it(folder: Any) -> None:
    script = """
        import givens.wandb as wandb
        run = wandb.init(config={"lr": 0.1})
        print(run.id, run.resumed, run.step)
        wandb.log({"loss": 1})
        wandb.finish()
        print(wandb.init(config={"lr": 0.2}).resumed)  # the second run of a program is a new one
    """
    own = {"GIVENS_RESUME": "allow", "GIVENS_RUN_ID": "job7"}
    theirs = {"WANDB_RESUME": "must", "WANDB_RUN_ID": "job7"}
    assert folder.run(script, env=own).stdout.split() == ["job7", "False", "0", "False"]
    assert folder.run(script, env=theirs).stdout.split() == ["job7", "True", "1", "False"]


def test_what_wandb_scripts_write_works(folder: Any) -> None:
    folder.run("""
        import givens.wandb as wandb
        run = wandb.init(project="p", id="abc", resume="allow", config={"lr": 0.1})
        wandb.log({"loss": 1}); wandb.finish()
        run = wandb.init(project="p", id="abc", resume="allow", config={"lr": 0.1})
        assert run.resumed and run.step == 1 and wandb.run.resumed
        assert wandb.init(id="abc", resume="allow") is run  # it is under way already
        wandb.log({"loss": 0.5}); wandb.finish()
        run = wandb.init(project="p", id="abc", resume="must")
        assert wandb.config.lr == 0.1 and wandb.summary["loss"] == 0.5
    """)


IMPOSSIBLE = {
    'id="gone", resume="must"': "ResumeError run 'gone' cannot be resumed: there is no such run in ",
    'name="none", resume="must"': "ResumeError run 'none' cannot be resumed: there is no such run in ",
    'resume="must"': 'UsageError resume="must" without an id or a name',
    'id="mine", resume="never"': "RunExistsError run 'mine' is already in ",
    'id="mine", resume=False': "RunExistsError run 'mine' is already in ",
    'id="mine"': "RunExistsError run 'mine' is already in ",
    'id="mine", resume="allow", project="q"': "ResumeError run 'mine' cannot be resumed: it belongs to project 'p', not 'q'",
    'id="away", resume="allow"': "RunRemovedError run 'away' was removed from ",
    'id="mine", resume="perhaps"': "UsageError resume='perhaps'",
}


def test_what_cannot_be_is_one_clear_error(folder: Any) -> None:
    done = folder.run(f"""
        import givens
        for name in ("mine", "away"):
            givens.init(project="p", id=name, config={{"lr": 1}}).finish()
        givens.remove_runs(runs="away")
        for call in {list(IMPOSSIBLE)}:
            try:
                eval(f"givens.init({{call}})")
            except givens.GivensError as error:
                print(type(error).__name__, error)
    """)
    said = done.stdout.splitlines()
    assert [line[: len(text)] for line, text in zip(said, IMPOSSIBLE.values(), strict=True)] == list(
        IMPOSSIBLE.values()
    )
    assert 'or go on with it: resume="allow"' in said[3]
    assert [path.name for path in (folder.path / ".givens" / "runs").iterdir()] == ["mine.jsonl"]  # nothing was begun


def test_a_run_that_is_alive_is_not_resumed(folder: Any) -> None:
    script = folder.write(
        "alive.py",
        """
        import sys, givens
        run = givens.init(id="mine", config={"lr": 1})
        print("begun", flush=True)
        sys.stdin.read()
        """,
    )
    with subprocess.Popen(
        [sys.executable, str(script)], cwd=folder.path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as alive:
        assert alive.stdout is not None and alive.stdout.readline() == "begun\n"
        done = folder.run("""
            import givens
            for word in ("allow", "must", "auto"):
                try:
                    givens.init(id="mine", resume=word)
                except givens.errors.ResumeError as error:
                    print(error)
        """)
        alive.communicate()
    assert done.stdout.count(f"it is running, as process {alive.pid} on ") == 3
    assert folder.only().state == "finished"


def test_of_two_processes_that_resume_at_one_moment_one_does(folder: Any) -> None:
    folder.run(FIRST, code=-9)
    script = folder.write(
        "race.py",
        """
        import os, sys, time, givens
        while not os.path.exists("go"): pass
        try:
            run = givens.init(id="mine", resume="must", config={"who": sys.argv[1]})
        except givens.errors.ResumeError as error:
            print("no", flush=True)
        else:
            print("yes", flush=True)
            sys.stdin.read()
        """,
    )
    racing = [
        subprocess.Popen(
            [sys.executable, str(script), str(number)],
            cwd=folder.path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for number in range(3)
    ]
    (folder.path / "go").touch()
    said = [each.stdout.readline() for each in racing if each.stdout is not None]
    for each in racing:
        each.communicate(timeout=60)
    assert sorted(said) == ["no\n", "no\n", "yes\n"]
    assert len(folder.only().sessions) == 2


def test_a_session_that_was_killed_before_its_first_line_is_in_nobodys_way(folder: Any) -> None:
    folder.run(FIRST, code=-9)
    folder.run(
        """
        import os, givens
        from givens.journal.writer import JournalWriter
        JournalWriter.begin = lambda self, events: os.kill(os.getpid(), 9)
        givens.init(id="mine", resume="must")
    """,
        code=-9,
    )
    assert sorted(os.path.getsize(path) > 0 for path in (folder.path / ".givens" / "runs").iterdir()) == [False, True]
    done = folder.run('import givens; print(givens.init(id="mine", resume="must").session)')
    assert done.stdout == "2\n"
    assert len(folder.only().sessions) == 2


def test_a_secret_has_to_be_given_again_and_is_named(folder: Any) -> None:
    secret = "sk-proj-0123456789abcdefghij"
    folder.run(
        """
        import os, givens
        secret = os.environ["SECRET"]
        run = givens.init(id="mine", config={"api_key": secret, "nested": {"hf_token": secret, "n": 1}})
        run.log({"loss": 1})
        """,
        env={"SECRET": secret},
    )
    done = folder.run(
        """
        import os, givens
        given = {"api_key": os.environ["SECRET"]}
        run = givens.init(id="mine", resume="must", config=given)
        assert run.config == {"nested": {"n": 1}, **given}
        run.log({"loss": 1})
        """,
        env={"SECRET": secret},
    )
    assert "MissingValueWarning: no run keeps secrets: config.nested.hf_token has to be given again" in done.stderr
    assert "api_key" not in done.stderr
    run = folder.only()
    assert run.config.nested == {"n": 1}
    (gone,) = [change for change in run.history("nested.hf_token") if change.action == "delete"]
    assert gone.origin.kind == "session"
    assert all(secret not in path.read_text() for path in (folder.path / ".givens" / "runs").iterdir())


def test_a_default_of_the_file_does_not_come_before_what_a_session_was_given(folder: Any) -> None:
    folder.write("config-defaults.yaml", "lr: 0.5\nwarmup: 10\n")
    folder.run('import givens; givens.init(id="mine", config={"lr": 0.1})')
    folder.write("config-defaults.yaml", "lr: 0.7\nwarmup: 20\n")
    done = folder.run('import givens; print(dict(givens.init(id="mine", resume="must").config))')
    assert done.stdout == "{'lr': 0.1, 'warmup': 20}\n"  # what only ever came from the file follows the file


def test_values_of_all_kinds_come_back_and_what_drifts_in_place_is_found(folder: Any) -> None:
    folder.run("""
        import givens, datetime
        givens.init(id="mine", config={
            "t": (1, 2.0), "nan": float("nan"), "keys": {1: "a"}, "s": {1, 2}, "day": datetime.date(2026, 1, 2),
            "list": [1, {"a": 2}], "big": "x" * 100_000,
        })
    """)
    done = folder.run("""
        import givens, datetime
        run = givens.init(id="mine", resume="must")
        c = run.config
        assert c.t == (1, 2.0) and type(c.t[1]) is float and c.nan != c.nan and c["keys"] == {1: "a"} and c.s == {1, 2}
        assert c.day == datetime.date(2026, 1, 2) and c.list == [1, {"a": 2}] and c.big == "x" * 100_000
        c.s.add(3)
        c.list[1]["a"] = 5
        c.list.append(6)
    """)
    assert "2 keys differ from session 1: s {1, 2}" in done.stderr  # and not what is only too long to be told
    config = folder.only().config
    assert (config.s, config.list) == ({1, 2, 3}, [1, {"a": 5}, 6])


def test_a_forked_child_of_a_session_begins_with_all_that_was_stored(folder: Any) -> None:
    folder.run('import givens; givens.init(id="mine", config={"lr": 0.1, "seed": 1})')
    folder.run("""
        import os, givens
        run = givens.init(id="mine", resume="must", config={"lr": 0.2})
        if os.fork() == 0:
            run.config.device = 1
            assert str(run.explain("seed").origin).startswith("train.py:1")
            os._exit(0)
        os.wait()
    """)
    run = folder.only()
    assert len(run.sessions) == 2
    (child,) = run.children
    assert {"lr", "seed", "device"} == set(child.state.config)
    assert dict(run.config) == {"lr": 0.2, "seed": 1}


def test_an_edit_holds_until_a_later_session_says_something_else(folder: Any) -> None:
    folder.run("""
        import givens
        givens.init(id="mine", config={"lr": 0.1, "seed": 1}).finish()
        with givens.edit("mine") as run:
            run.config.lr = 0.3
            run.config.seed = 2
        run = givens.init(id="mine", resume="must")
        assert run.config == {"lr": 0.3, "seed": 2}, run.config
        assert run.explain("lr").origin.kind == "edit"
        run.config.lr = 0.4
    """)
    run = folder.only()
    assert dict(run.config) == {"lr": 0.4, "seed": 2}


def test_a_packed_run_is_resumed_and_its_sessions_are_packed_and_merged_like_any(folder: Any, tmp_path: Path) -> None:
    folder.run(FIRST, code=-9)
    folder.run("""
        import givens
        from givens.api.upkeep.packing import pack_store
        from givens.journal.layout import Store
        store = Store(".givens")
        assert pack_store(store).runs == 1
        run = givens.init(id="mine", resume="must", config={"lr": 0.3})
        run.log({"loss": 0.1}); run.finish()
        assert givens.open("mine").config.lr == 0.3
        assert pack_store(store).runs == 1
        run = givens.init(id="mine", resume="must")
        assert run.session == 3 and run.config.lr == 0.3 and run.config.seed == 3
    """)
    run = folder.only()
    assert [session.number for session in run.sessions] == [1, 2, 3]
    assert run.results["loss"].times == 4


def test_the_live_run_of_another_machine_is_resumed_with_a_word(journals: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    config = {"s": [[["lr"], 0.1, 0]], "o": [{"kind": "code"}]}
    journals.write("faraway", ("set", config), ("log", {"m": {"loss": 1.0}, "step": 7}))
    done = subprocess.run(
        [sys.executable, "-c", 'import givens; run = givens.init(id="faraway", resume="allow"); print(run.config)'],
        cwd=journals.folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "its process 4711 on node7 cannot be seen from here" in done.stderr
    assert "from step 8" in done.stderr


def test_auto_goes_on_with_the_job_that_slurm_has_requeued_elsewhere(folder: Any) -> None:
    script = """
        import os, sys, givens
        run = givens.init(resume="auto", config={"lr": 0.1})
        print(run.id, run.session)
    """
    slurm = {"SLURM_JOB_ID": "4711", "SLURM_PROCID": "0"}
    first = folder.run(script, env=slurm).stdout.split()[0]
    path = folder.path / ".givens" / "runs" / f"{first}.jsonl"
    _as_if_elsewhere(path)
    for env, goes_on in (
        ({**slurm, "SLURM_JOB_ID": "4712", "SLURM_RESTART_COUNT": "1"}, False),
        ({**slurm, "SLURM_PROCID": "1", "SLURM_RESTART_COUNT": "1"}, False),
        (slurm, False),
        ({**slurm, "SLURM_RESTART_COUNT": "1"}, True),
    ):
        path.touch()  # what spoke last is looked at first
        os.utime(path, (time.time() + 60, time.time() + 60))
        said = folder.run(script, env=env).stdout.split()
        assert (said == [first, "2"]) is goes_on, env


def _as_if_elsewhere(path: Path) -> None:
    """Let a finished journal be one of a machine that cannot be seen from here, without its end."""
    from givens.journal.lines import Stamper, parse

    event = parse(path.read_bytes().splitlines()[0])
    assert not isinstance(event, str)
    members = {**event, "host": "node9", "boot_id": "other"}
    from givens.codec import dumps

    text = "".join(
        f",{dumps(name)}:{dumps(said)}" for name, said in members.items() if name not in ("k", "n", "t", "dt", "c")
    )
    path.write_bytes(Stamper().line("start", text))


def test_a_run_of_the_first_session_that_speaks_again_is_part_of_the_whole(folder: Any) -> None:
    """Whatever was thought to be gone: its later words are read, where they stand in the order of sessions."""
    folder.run(FIRST, code=-9)
    folder.run('import givens; givens.init(id="mine", resume="must", config={"lr": 0.7}).log({"loss": 0.2})')
    from givens.journal.lines import Stamper

    stamper = Stamper()
    for _ in range(20):
        line = stamper.line("log", ',"m":{"late":1},"step":9')
    with open(folder.path / ".givens" / "runs" / "mine.jsonl", "ab") as file:
        file.write(line)
    run = folder.only()
    assert run.summary["late"] == 1
    assert run.config.lr == 0.7


def test_the_sessions_are_in_what_a_reader_opens(folder: Any) -> None:
    folder.run(FIRST, code=-9)
    folder.run('import givens; givens.init(id="mine", resume="must", config={"lr": 0.7}).log({"loss": 0.2})')
    store = Store(str(folder.path / ".givens"))
    run = open_by_id(store, "mine")
    assert run.duration_s == pytest.approx(sum(session.lasted_s or 0 for session in run.sessions))
    found = givens.diff(run)
    assert [side.label for side in found.sides] == ["session 1", "session 2"]
    assert [row.cells for row in found.differing] == [(0.2, 0.7)]


def test_another_type_of_number_and_another_order_are_no_change_between_sessions(folder: Any) -> None:
    first = 'import givens; givens.init(id="mine", config={"m": {"depth": 2.0, "w": 1}, "x": 1})'
    folder.run(first)
    again = (
        'import givens; givens.init(id="mine", resume="must", config={"x": 1.0, "m": {"w": 1, "depth": 2}, "new": 5})'
    )
    assert "1 key differs from session 1: new" in folder.run(again).stderr
    (_, before), (_, rows) = folder.only().differing_sessions()
    assert before == [] and [row.path for row in rows] == [("new",)]
