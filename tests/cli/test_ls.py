"""``givens ls``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CODE = {"kind": "code", "file": "train.py", "line": 7}
FINISHED = ("finish", {"state": "finished", "code": 0})
FAILED = ("finish", {"state": "failed", "code": 1, "error": "ValueError: no"})


def set_to(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [CODE]}


def log(step: int, **values: Any) -> tuple[str, dict[str, Any]]:
    return "log", {"m": values, "step": step}


@pytest.fixture
def three(journals: Any) -> Any:
    journals.write("aaa", set_to(lr=0.1, seed=1, opt="sgd"), log(1, acc=0.9123456789), FINISHED)
    journals.write("bbb", set_to(lr=0.01, seed=1), log(1, acc=0.5), FAILED, began="2026-03-02T10:00:00")
    journals.write("ccc", set_to(lr=0.01, seed=1, opt="sgd"), log(1, acc=1), FINISHED, began="2026-03-03T10:00:00")
    return journals


@pytest.mark.usefixtures("three")
def test_runs_are_listed_newest_last_with_what_varies_and_what_came_of_it(givens: Any) -> None:
    answer = givens("ls")
    assert answer.lines == [
        "id   name      state     created            took    lr  opt        acc",
        "aaa  calm-aaa  finished  2026-03-01 10:00  3.0 s   0.1  'sgd'  0.91235",
        "bbb  calm-bbb  failed    2026-03-02 10:00  3.0 s  0.01             0.5",
        "ccc  calm-ccc  finished  2026-03-03 10:00  3.0 s  0.01  'sgd'        1",
    ]
    assert (answer.err, answer.code) == ("", 0)


@pytest.mark.usefixtures("three")
def test_n_limits_to_the_newest_and_says_that_there_are_more(givens: Any) -> None:
    answer = givens("ls", "-n", "1")
    assert answer.lines[1].startswith("ccc ")
    assert answer.lines[2:] == ["2 older runs (-n shows more)"]


def test_ended_runs_without_results_are_one_line_unless_asked_for(givens: Any, three: Any) -> None:
    three.write("ddd", set_to(lr=1), FAILED, began="2026-03-04T10:00:00")
    three.write("eee", set_to(lr=1), FINISHED, began="2026-03-05T10:00:00")
    three.write("fff", set_to(lr=1), began="2026-03-06T10:00:00")
    folded = givens("ls").lines
    assert [line[:3] for line in folded[1:-1]] == ["aaa", "bbb", "ccc", "fff"]
    assert folded[-1] == "2 runs without results: 1 finished, 1 failed (--all shows them)"
    assert [line[:3] for line in givens("ls", "--all").lines[1:]] == ["aaa", "bbb", "ccc", "ddd", "eee", "fff"]


def test_chosen_columns_are_of_the_runs_that_are_listed(givens: Any, three: Any) -> None:
    three.write("ddd", set_to(lr=1), FINISHED, began="2026-03-04T10:00:00")
    lines = givens("ls", "--cols", "lr,acc").lines
    assert lines[1].split() == ["aaa", "calm-aaa", "finished", "0.1", "0.912346"]
    assert [line[:3] for line in lines[1:4]] == ["aaa", "bbb", "ccc"]


def test_where_nobody_logs_every_run_is_listed(givens: Any, journals: Any) -> None:
    journals.write("aaa", set_to(lr=1), FINISHED)
    journals.write("bbb", set_to(lr=1), FAILED, began="2026-03-02T10:00:00")
    assert [line[:3] for line in givens("ls").lines[1:]] == ["aaa", "bbb"]


def test_a_run_of_another_machine_shows_how_long_it_is_silent(givens: Any, journals: Any) -> None:
    journals.write("aaa", set_to(lr=1))
    line = givens("ls").lines[1]
    assert "running, silent " in line
    assert line.split("silent ")[1].split()[1] == "d"


@pytest.mark.usefixtures("three")
def test_json_lists_newest_first_with_typed_values(givens: Any) -> None:
    shape = json.loads(givens("ls", "--json").out)
    assert (shape["store"], shape["total"], shape["unreadable"]) == ("DIR/.givens", 3, [])
    assert [run["id"] for run in shape["runs"]] == ["ccc", "bbb", "aaa"]
    assert shape["runs"][0]["config"]["lr"] == {"value": 0.01, "shown": "0.01"}
    assert shape["runs"][2]["summary"]["acc"]["value"] == 0.9123456789


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("columns", [20, 40, 60, 80])
def test_a_narrow_terminal_gets_fewer_columns_and_no_longer_lines(givens: Any, columns: int) -> None:
    lines = givens("ls", COLUMNS=str(columns)).lines
    rows, rest = lines[:4], lines[4:]
    assert max(map(len, rows)) <= columns
    assert any("more column" in line for line in rest) == (columns < 66)


def test_names_and_values_cannot_steer_the_terminal_or_be_markup(givens: Any, journals: Any) -> None:
    name = "[bold]x[/bold] \x1b[31m\u202e :smile:"
    journals.write("aaa", set_to(**{"k[red]": "[link=x]\x1b]0;t\x07"}), log(1, a=1), FINISHED, start={"name": name})
    journals.write("bbb", log(1, a=1), FINISHED, began="2026-03-02T10:00:00")
    out = givens("ls", FORCE_COLOR="1").out
    plain = givens("ls").out
    assert "[bold]x[/bold] \\x1b[31m\\u202e :smile:" in plain
    assert "'[link=x]\\x1b]0;t" in plain
    assert "\x1b" not in plain
    assert "\x1b]0;" not in out


@pytest.mark.usefixtures("three")
def test_colour_only_where_it_is_wanted(givens: Any) -> None:
    assert "\x1b[" not in givens("ls").out
    assert "\x1b[" in givens("ls", FORCE_COLOR="1", TERM="xterm").out
    assert "\x1b[3" not in givens("ls", FORCE_COLOR="1", NO_COLOR="1", TERM="xterm").out


def test_an_unreadable_journal_is_named_and_the_others_are_listed(givens: Any, three: Any) -> None:
    Path(three.store.run_file("bad")).mkdir()
    answer = givens("ls")
    assert len(answer.lines) == 4
    assert answer.err == "givens: cannot read runs/bad.jsonl: Is a directory\n"
    assert answer.code == 0


def test_damaged_lines_are_named_by_run(givens: Any, journals: Any) -> None:
    path = journals.write("aaa", set_to(lr=1), FINISHED)
    path.write_bytes(path.read_bytes() + b"?\n??\n")
    answer = givens("ls")
    assert answer.lines[1].startswith("aaa")
    assert answer.err == "givens: run aaa: 2 lines cannot be read (`givens show aaa`)\n"


def test_an_empty_store_says_so(givens: Any, journals: Any) -> None:
    assert givens("ls").lines == ["no runs in DIR/.givens yet"]


@pytest.mark.usefixtures("journals")
def test_a_count_that_is_none_is_a_wrong_command_line(givens: Any) -> None:
    answer = givens("ls", "-n", "0")
    assert (answer.out, answer.code) == ("", 2)
    assert answer.err.startswith("givens: Invalid value for '-n'")
    assert answer.err.count("\n") == 1


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="no SIGPIPE on this platform")
def test_a_reader_that_goes_away_ends_it_silently(journals: Any) -> None:
    for number in range(60):
        journals.write(f"r{number:03}", set_to(text="x" * 3000, n=number), log(1, a=1))
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "w") as pipe:
        command = [sys.executable, "-m", "givens", "--dir", str(journals.folder), "ls", "--json"]
        answer = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (answer.stderr, answer.returncode) == (b"", 141)


# --- which runs ---------------------------------------------------------------------------------------------------


def ids(answer: Any) -> list[str]:
    return [line.split()[0] for line in answer.lines[1:] if line[:3] in ("aaa", "bbb", "ccc")]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["lr=0.01"], ["bbb", "ccc"]),
        (["lr=0.01", "opt=sgd"], ["ccc"]),
        (["lr < 0.05 and acc >= 1"], ["ccc"]),
        (["missing(opt)"], ["bbb"]),
        (["--failed"], ["bbb"]),
        (["--project", "digits"], ["aaa", "bbb", "ccc"]),
        (["--since", "2026-03-02"], ["bbb", "ccc"]),
        (["--sort", "-acc"], ["ccc", "aaa", "bbb"]),
        (["--sort", "lr,acc", "-n", "2"], ["bbb", "ccc"]),
    ],
)
def test_a_filter_and_its_short_forms(givens: Any, words: list[str], found: list[str]) -> None:
    assert ids(givens("ls", *words)) == found


def test_mine_are_the_runs_of_the_login(givens: Any, journals: Any) -> None:
    journals.write("aaa", set_to(lr=1), FINISHED, start={"user": "ada"})
    journals.write("bbb", set_to(lr=1), FINISHED, start={"user": "eve"})
    assert ids(givens("ls", "--mine", LOGNAME="ada", USER="ada")) == ["aaa"]


@pytest.mark.usefixtures("three")
def test_columns_can_be_chosen(givens: Any) -> None:
    lines = givens("ls", "--cols", "lr,max(acc)", "--cols", "run.state").lines
    assert lines[0].split() == ["id", "name", "state", "lr", "max(acc)"]  # a state is there already
    assert lines[1].split() == ["aaa", "calm-aaa", "finished", "0.1", "0.912346"]


@pytest.mark.usefixtures("three")
def test_other_programs_get_whole_values(givens: Any) -> None:
    lines = givens("ls", "--csv").lines
    assert lines[0].startswith("run.id,")
    assert "0.9123456789" in lines[3]
    assert givens("ls", "--md").lines[1].startswith("| --- |")
    assert givens("ls", "--latex").out.count(r"\\") == 4


@pytest.mark.usefixtures("three")
def test_no_match_says_the_filter_in_words_and_what_to_loosen(givens: Any) -> None:
    answer = givens("ls", "lr=0.01", "opt=adam")
    assert answer.lines == [
        'no run where lr is 0.01 and opt is "adam" (3 runs in all)',
        '  without `opt is "adam"`: 2 runs',
        "  `givens keys` shows which values there are",
    ]
    assert answer.code == 0
    assert givens("ls", "lrr=0.01").lines[1:4] == [
        "  unknown key lrr; did you mean lr?",
        "    lrr=0.01",
        "    ^^^",
    ]
    assert json.loads(givens("ls", "lrr=0.01", "--json").out)["runs"] == []
    assert givens("ls", "lrr=0.01", "--json").err.splitlines()[1:4] == [
        "givens: unknown key lrr; did you mean lr?",
        "  lrr=0.01",
        "  ^^^",
    ]
    assert "no runs of project none" in givens("ls", "--project", "none").out


@pytest.mark.usefixtures("three")
def test_an_unknown_key_is_shown_in_the_filter_of_a_full_answer_as_well(givens: Any) -> None:
    wanted = ["unknown key lrr; did you mean lr?", "  not exists(lrr)", "             ^^^"]
    listed = givens("ls", "not exists(lrr)").err.splitlines()
    assert [line.removeprefix("givens: ") for line in listed] == wanted
    assert givens("group", "opt", "--where", "not exists(lrr)").lines[-3:] == wanted


@pytest.mark.usefixtures("three")
def test_a_filter_that_does_not_read_shows_its_place(givens: Any) -> None:
    answer = givens("ls", "lr < ")
    assert (answer.out, answer.code) == ("", 2)
    first, text, caret = answer.err.splitlines()
    assert first.startswith("givens: bad filter: expected a key or a value")
    assert text.index("<") < caret.index("^")


def test_short_of_room_what_is_said_twice_goes_first(givens: Any, journals: Any) -> None:
    for day, run_id in enumerate(("k7f2m9q8x2", "m3xdaaaaaa", "q8awbbbbbb"), 1):
        name = {"name": f"calm-otter-{run_id[:4]}"}
        values = {
            "model": {"width": day, "depth": day},
            "optimizer": {"rate": day, "kind": "sgd", "momentum": day / 10},
        }
        journals.write(
            run_id, set_to(**values), log(1, acc=day), FINISHED, began=f"2026-03-0{day}T10:00:00", start=name
        )
    wide = givens("ls").lines
    assert wide[0].split()[:5] == ["id", "name", "state", "created", "took"]
    narrow = givens("ls", COLUMNS="70").lines
    assert narrow[0].split()[0] == "name"
    assert "state" not in narrow[0]
    assert "…width" in narrow[0] and "acc" in narrow[0]
    assert narrow[-1].startswith("all finished; ")
    assert all(len(line) <= 70 for line in narrow[:4])


def test_short_of_room_keys_stay_that_tell_most_of_the_runs_apart(givens: Any, journals: Any) -> None:
    for day in range(1, 10):
        values = {"first_but_nearly_constant": day == 4, "renamed_later": 0.1, "learning_rate": day / 10}
        if day < 5:  # the more telling key is not there in all of them
            values["old_name_of_momentum"] = day
        if day == 9:
            values["tried_once"] = True
        journals.write(f"run{day}", set_to(**values), log(1, acc=day), FINISHED, began=f"2026-03-0{day}T10:00:00")
    heads = givens("ls", COLUMNS="60").lines[0]
    assert "learning_rate" in heads and "momentum" in heads
    assert "constant" not in heads and "once" not in heads


def test_very_many_keys_are_not_all_columns(givens: Any, journals: Any) -> None:
    for day in (1, 2):
        values = {f"key{at}": at * day for at in range(1, 301)}
        journals.write("ab"[day - 1] * 3, set_to(**values), log(1, acc=1), FINISHED, began=f"2026-03-0{day}T10:00:00")
    lines = givens("ls").lines
    assert len(lines[0].split()) == 5 + 40 + 1
    assert lines[-1] == "260 more columns not shown (--cols chooses, --csv has all)"
    assert len(givens("ls", "--csv").lines[0].split(",")) > 300


def test_a_sort_key_with_values_of_several_kinds_is_said(givens: Any, journals: Any) -> None:
    for day, lr in enumerate((0.1, "0.2", 0.3), 1):
        journals.write("abc"[day - 1] * 3, set_to(lr=lr), log(1, acc=1), FINISHED, began=f"2026-03-0{day}T10:00:00")
    answer = givens("ls", "--sort", "lr")
    assert ids(answer) == ["aaa", "ccc", "bbb"]  # numbers, then texts
    assert answer.err.startswith("givens: ") and "lr" in answer.err
    assert givens("ls").err == ""


def given(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [{"kind": "code"}]}


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        ("lr=0.1 and seed=0", "an expression compares with ==: 'lr == 0.1 and seed == 0'"),
        ("seed=0 lr=0.1", "conditions are words of their own: seed=0 lr=0.1, without quotes around them"),
    ],
)
def test_several_conditions_in_one_text_are_said_to_be_one(
    givens: Any, journals: Any, words: str, instead: str
) -> None:
    journals.write("abc", given(lr=0.1, seed=0))
    key, _, value = words.partition("=")
    answer = givens("ls", words)
    assert answer.err == f"givens: {words!r} asks for {key} that is the text {value!r}; {instead}\n"
    assert givens("ls", "lr=0.1", "seed=0").err == givens("ls", "run.command='a b=1'").err == ""


def test_an_empty_answer_of_fields_alone_points_to_no_keys(givens: Any, journals: Any) -> None:
    journals.write("abc", given(lr=0.1))
    assert "givens keys" not in givens("ls", "run.state=failed").out
    assert "givens keys" in givens("ls", "lr=7").out


def test_heads_of_the_list_are_names_of_columns(givens: Any, journals: Any) -> None:
    for run_id, state, day in (("aaa", "mine", 2), ("bbb", "yours", 1)):
        journals.write(run_id, given(state=state, lr=day), began=f"2026-03-0{day}T10:00:00")
    lines = givens("ls", "--cols", "name,created,took,lr", "--sort", "-created").lines
    assert lines[0].split() == ["id", "name", "state", "created", "duration", "lr"]
    assert [line.split()[0] for line in lines[1:]] == ["aaa", "bbb"]
    lines = givens("ls", "--cols", "state").lines  # the runs have a key of that name
    assert lines[0].split() == ["id", "name", "state", "state"] and lines[1].endswith("'yours'")
    assert givens("ls", "--sort", "took", "--cols", "project").lines[0].split()[-1] == "project"


def test_heads_are_names_of_columns_where_no_run_has_a_key_as_well(givens: Any, journals: Any) -> None:
    for run_id, name, day in (("aaa", "z", 1), ("bbb", "y", 2)):
        journals.write(run_id, FINISHED, start={"name": name}, began=f"2026-03-0{day}T10:00:00")
    answer = givens("ls", "--cols", "created,took", "--sort", "name")
    assert answer.lines[0].split() == ["id", "name", "state", "created", "duration"]
    assert ([line.split()[0] for line in answer.lines[1:]], answer.err) == (["bbb", "aaa"], "")
    assert "2026-03-01" in answer.lines[2]


def test_state_is_not_shown_twice(givens: Any, journals: Any) -> None:
    journals.write("aaa", given(lr=1))
    answer = givens("ls", "--cols", "state,name,lr")
    assert (answer.lines[0].split(), answer.err) == (["id", "name", "state", "lr"], "")


def test_a_key_called_tags_is_headed_as_a_filter_wants_it(givens: Any, journals: Any) -> None:
    for run_id in ("aaa", "bbb"):
        journals.write(run_id, given(tags=run_id))
    assert "config.tags" in givens("ls").lines[0].split()


def test_an_exit_code_that_nobody_saw_is_none_and_not_zero(givens: Any, journals: Any) -> None:
    for run_id, code in (("ended", None), ("zero", 0), ("failed", 3)):
        finish = ("finish", {"state": "failed" if code else "finished", "code": code})
        journals.write(run_id, given(lr=1), ("log", {"m": {"acc": 1}}), finish)

    def passing(filter: str) -> list[str]:
        return sorted(row.split(",")[0] for row in givens("ls", filter, "--cols", "run.id", "--csv").lines[1:])

    assert passing("run.exit_code != 0") == ["ended", "failed"]
    assert passing("run.exit_code > 0") == passing("run.state == 'failed'") == ["failed"]
    assert passing("run.exit_code is None") == ["ended"]
