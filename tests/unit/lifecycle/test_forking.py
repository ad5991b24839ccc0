"""Children: forked, spawned, in pools."""

from __future__ import annotations

from typing import Any

import pytest


def test_a_forked_child_never_finishes_its_parents_run(folder: Any) -> None:
    done = folder.run("""
        import os, sys, givens
        run = givens.init(name="parent", config={"lr": 0.1})
        for end in ("sys.exit(0)", "raise SystemExit(3)", "os._exit(0)", "run.finish()", "raise ValueError"):
            if os.fork() == 0:
                os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                exec(end)
                os._exit(0)
            os.wait()
            assert not run.finished
        run.config.depth = 2
    """)
    run = folder.only()
    assert (run.state, run.exit_code, run.config.as_dict()) == ("finished", None, {"lr": 0.1, "depth": 2})
    assert done.stderr.count("parent finished") == 1
    assert run.children == ()


def test_a_forked_childs_writes_go_to_a_file_of_its_own(folder: Any) -> None:
    folder.run("""
        import os, sys, givens
        run = givens.init(config={"lr": 0.1, "model": {"depth": 2}, "api_key": "a-secret-of-mine"})
        run.log({"loss": 1})
        if os.fork() == 0:
            run.config.device = "cuda:1"
            run.config.model.depth = 3
            if os.fork() == 0:
                run.config.grandchild = True
                sys.exit(0)
            os.wait()
            sys.exit(0)
        os.wait()
        run.config.after = 1
    """)
    run = folder.only()
    assert run.config.lr == 0.1 and run.config.model.depth == 2 and run.config.after == 1
    assert "device" not in run.config
    children = {child.writer: child.state for child in run.children}
    assert len(children) == 2
    configs = {frozenset(state.config) for state in children.values()}
    base = {"lr", "model", "api_key"}
    assert configs == {frozenset(base | {"device"}), frozenset(base | {"device", "grandchild"})}
    parents = {state.start["parent"] for state in children.values() if state.start}
    assert len(parents) == 2 and parents & set(children)  # the grandchild names the child
    assert all(state.finish is not None for state in children.values())
    assert "secret-of-mine" not in "".join(file.read_text() for file in (folder.path / ".givens/runs").iterdir())


def test_what_a_forked_child_logs_stands_beside_the_runs_results_and_is_said_once(folder: Any) -> None:
    done = folder.run("""
        import os, sys, givens
        run = givens.init(config={"lr": 0.1})
        run.log({"loss": 0.5})
        if os.fork() == 0:
            for loss in (3.0, 2.0):
                run.log({"loss": loss})
            run.summary["device"] = 1
            sys.exit(0)
        os.wait()
        run.log({"loss": 0.25})
    """)
    run = folder.only()
    assert done.stderr.count("ChildResultsWarning") == 1
    assert (run.summary, run.results["loss"].max) == ({"loss": 0.25}, 0.5)
    ((child, rows),) = run.differing_children()
    assert rows == []
    assert {name: (found.last, found.count) for name, found in child.results.items()} == {
        "loss": (2.0, 2),
        "device": (1, 0),
    }


def test_a_child_that_outlives_its_parent_goes_on_recording(folder: Any) -> None:
    done = folder.run("""
        import os, sys, givens
        run = givens.init(config={"lr": 0.1})
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(write)
            os.read(read, 1)                  # until the parent is gone
            run.config.late = 1
            print(run.id, flush=True)
            os._exit(0)
    """)
    run = folder.only()
    assert done.stdout.strip() == run.id
    assert run.state == "finished"
    assert [child.state.config["late"] for child in run.children] == [1]


def test_an_init_in_a_forked_child_begins_a_run_of_its_own(folder: Any) -> None:
    folder.run("""
        import os, sys, givens
        givens.init(name="parent", config={"lr": 0.1})
        if os.fork() == 0:
            run = givens.init()
            assert run.name != "parent" and dict(run.config) == {}
            run.name = "child"
            givens.config.depth = 2
            sys.exit(5)
        os.wait()
    """)
    found = {run.name: (run.state, run.exit_code, run.config.as_dict()) for run in folder.runs()}
    assert found == {"parent": ("finished", None, {"lr": 0.1}), "child": ("failed", 5, {"depth": 2})}


POOL = """
    import multiprocessing, sys, givens
    from concurrent.futures import ProcessPoolExecutor

    def work(lr):
        assert givens.init(config={{"lr": lr}}).config.lr == lr
        return dict(givens.config)

    def tracked(lr):
        with givens.init(config={{"lr": lr}}):
            return lr

    if __name__ == "__main__":
        context = multiprocessing.get_context("{method}")
        givens.init(name="parent", config={{"lr": 9}})
        with ProcessPoolExecutor(2, mp_context=context) as pool:
            assert list(pool.map(work, [0.1, 0.2, 0.3])) == [{{"lr": 0.1}}, {{"lr": 0.2}}, {{"lr": 0.3}}]
        with context.Pool(1) as pool:
            assert pool.map(tracked, [0.4]) == [0.4]
        processes = [context.Process(target=work, args=(lr,)) for lr in (0.5, None)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0, 0]
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_pool_workers_that_call_init_have_runs_of_their_own_which_finish(folder: Any, method: str) -> None:
    folder.run(POOL.format(method=method))
    runs = folder.runs()
    assert sorted((run.config.lr for run in runs), key=str) == [0.1, 0.2, 0.3, 0.4, 0.5, 9, None]
    assert {run.state for run in runs} == {"finished"}
    assert all(not run.children for run in runs)


def test_a_worker_that_fails_has_a_failed_run(folder: Any) -> None:
    folder.run("""
        import multiprocessing, sys, givens

        def fail():
            givens.init()
            raise ValueError("bad")

        def leave():
            givens.init()
            sys.exit(3)

        for target in (fail, leave):
            process = multiprocessing.get_context("fork").Process(target=target)
            process.start()
            process.join()
    """)
    failed, left = folder.runs()
    assert (failed.state, failed.exit_code, left.state, left.exit_code) == ("failed", 1, "failed", 3)
    assert "ValueError: bad" in (failed.error or "")


def test_functions_that_use_givens_can_be_sent_to_workers_of_joblib(folder: Any) -> None:
    pytest.importorskip("joblib")
    folder.run("""
        import givens
        from joblib import Parallel, delayed

        def work(lr):
            with givens.init(config={"lr": lr}) as run:
                return run.config.lr

        assert Parallel(n_jobs=2)(delayed(work)(lr) for lr in (1, 2)) == [1, 2]
    """)
    assert sorted(run.config.lr for run in folder.runs()) == [1, 2]


def test_a_spawned_child_starts_empty(folder: Any) -> None:
    folder.run("""
        import multiprocessing, givens

        def look():
            assert givens.run is None and len(givens.config) == 0

        if __name__ == "__main__":
            givens.init(config={"lr": 0.1})
            process = multiprocessing.get_context("spawn").Process(target=look)
            process.start()
            process.join()
            assert process.exitcode == 0
    """)
    assert len(folder.runs()) == 1


def test_a_run_does_not_pickle_and_its_config_does(folder: Any) -> None:
    folder.run("""
        import copy, pickle, givens
        with givens.init(config={"lr": 0.1, "layers": [1]}) as run:
            try:
                pickle.dumps(run)
            except TypeError as error:
                assert "givens.open" in str(error)
            else:
                raise SystemExit("no error")
            assert copy.copy(run) is run and copy.deepcopy({"trainer": [run]})["trainer"][0] is run
            detached = pickle.loads(pickle.dumps(run.config))
            detached.layers.append(2)
            assert pickle.loads(pickle.dumps(givens.config)) == {"lr": 0.1, "layers": [1]}
    """)
    assert folder.only().config.as_dict() == {"lr": 0.1, "layers": [1]}


def test_forks_in_the_middle_of_writes_tear_nothing(folder: Any) -> None:
    folder.run("""
        import os, threading, givens
        run = givens.init(config={"layers": []})
        def write():
            for count in range(1000):
                run.config.layers.append(count)
                run.config.count = count
        threads = [threading.Thread(target=write) for _ in range(3)]
        for thread in threads:
            thread.start()
        children = []
        for _ in range(15):
            child = os.fork()
            if child == 0:
                run.config.child = os.getpid()
                os._exit(0)
            children.append(child)
        for child in children:
            assert os.waitpid(child, 0)[1] == 0
        for thread in threads:
            thread.join()
        assert sorted(run.config.layers) == sorted([*range(1000)] * 3)
    """)
    run = folder.only()
    assert not run.problems
    assert sorted(run.config.layers) == sorted([*range(1000)] * 3)
    assert len(run.children) == 15
    assert all(child.state.config["child"] == child.pid for child in run.children)
