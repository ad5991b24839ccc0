from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from givens.errors import SettingsError
from givens.settings import ORDER_VARIABLES, SETTINGS, Setting, Settings, choose, load

IN_ENVIRONMENT = [setting for setting in SETTINGS if setting.in_environment]
IN_FILE = [setting for setting in SETTINGS if setting.in_file]
NAME = lambda setting: setting.name  # noqa: E731


def project(folder: Path, table: str) -> str:
    (folder / "pyproject.toml").write_text(table, encoding="utf-8")
    return str(folder)


def an_example(setting: Setting) -> tuple[str, str, object]:
    """For one setting: a text for the variable, a value for TOML, and what both lead to."""
    if setting.kind == "choice":
        word, value = list(setting.choices.items())[-1]
        return word, f'"{word}"', value
    if setting.kind == "flag":
        return "yes", "true", True
    if setting.kind in ("words", "paths"):
        return "a, b", '["a", "b"]', ("a", "b")
    if setting.kind == "table":
        return "", '{loss = "minimize", "val/*" = "max"}', (("loss", "min"), ("val/*", "max"))
    return "word", '"word"', "word"


def test_the_table_has_one_row_for_each_field() -> None:
    assert [setting.name for setting in SETTINGS] == list(Settings._fields)
    assert all(setting.in_environment or setting.in_file for setting in SETTINGS)
    assert all(setting.choices for setting in SETTINGS if setting.kind == "choice")
    assert {setting.kind for setting in SETTINGS} == {"text", "path", "flag", "words", "paths", "choice", "table"}


def test_nothing_said_gives_the_defaults() -> None:
    assert load({}, None) == (Settings(), [])
    assert Settings().mode == "local"
    assert Settings().changes is None
    assert {setting.name: setting.default for setting in SETTINGS} == Settings()._asdict()


def test_settings_cannot_be_altered() -> None:
    with pytest.raises(AttributeError):
        Settings().mode = "disabled"  # type: ignore[misc]


@pytest.mark.parametrize("setting", IN_ENVIRONMENT, ids=NAME)
def test_every_variable_is_read(setting: Setting) -> None:
    text, _, expected = an_example(setting)
    assert setting.variable == "GIVENS_" + setting.name.upper()
    settings, problems = load({setting.variable: text}, None)
    assert problems == []
    assert settings == Settings()._replace(**{setting.name: expected})


@pytest.mark.parametrize("setting", IN_FILE, ids=NAME)
def test_every_key_of_the_file_is_read(setting: Setting, tmp_path: Path) -> None:
    _, toml, expected = an_example(setting)
    settings, problems = load({}, project(tmp_path, f"[tool.givens]\n{setting.name} = {toml}\n"))
    assert problems == []
    assert settings == Settings()._replace(**{setting.name: expected})


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    root = project(tmp_path, '[tool.givens]\nproject = "file"\nchanges = "error"\n')
    settings, problems = load({"GIVENS_PROJECT": "environment"}, root)
    assert problems == []
    assert (settings.project, settings.changes) == ("environment", "error")


@pytest.mark.parametrize("word", ["online", "offline", "dryrun", "run", "shared", "local", "Local", " ONLINE "])
def test_wandbs_words_for_a_run_that_is_kept_mean_local(word: str) -> None:
    assert load({"GIVENS_MODE": word}, None) == (Settings(mode="local"), [])
    assert choose("mode", word, "init()") == "local"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", True),
        ("true", True),
        ("YES", True),
        ("on", True),
        ("0", False),
        ("False", False),
        ("no", False),
        ("off", False),
    ],
)
def test_a_flag_takes_the_usual_words(text: str, expected: bool) -> None:
    assert load({"GIVENS_SILENT": text}, None) == (Settings(silent=expected), [])


@pytest.mark.parametrize("setting", IN_ENVIRONMENT, ids=NAME)
def test_an_empty_variable_is_one_that_is_not_set(setting: Setting, tmp_path: Path) -> None:
    root = project(tmp_path, '[tool.givens]\nproject = "file"\n')
    assert load({str(setting.variable): "  "}, root) == (Settings(project="file"), [])


def test_lists_drop_blanks_and_empty_bits_and_paths_part_at_either_mark() -> None:
    home = os.path.expanduser("~")
    settings, _ = load({"GIVENS_TAGS": " a ,, b,", "GIVENS_CONFIG_PATHS": f"x.yaml{os.pathsep}y.yaml, ~/z.yaml"}, None)
    assert settings.tags == ("a", "b")
    assert settings.config_paths == ("x.yaml", "y.yaml", os.path.join(home, "z.yaml"))


def test_a_folder_may_begin_at_home() -> None:
    assert load({"GIVENS_DIR": "~/runs"}, None)[0].dir == os.path.expanduser("~/runs")


def test_notes_are_taken_as_they_are() -> None:
    assert load({"GIVENS_NOTES": " two, words \n"}, None)[0].notes == " two, words \n"


def test_a_bad_value_is_a_problem_and_the_default_holds() -> None:
    settings, problems = load({"GIVENS_DURABILITY": "forever", "GIVENS_SILENT": "perhaps", "GIVENS_NAME": "kept"}, None)
    assert settings == Settings(name="kept")
    assert [str(problem) for problem in problems] == [
        "GIVENS_DURABILITY = 'forever' (environment): expected one of process, power",
        "GIVENS_SILENT = 'perhaps' (environment): expected true or false",
    ]


def test_a_bad_value_in_the_environment_leaves_the_files_value(tmp_path: Path) -> None:
    settings, problems = load({"GIVENS_CHANGES": "no"}, project(tmp_path, '[tool.givens]\nchanges = "error"\n'))
    assert settings.changes == "error"
    assert len(problems) == 1


def test_a_long_value_is_shortened_in_the_problem() -> None:
    _, problems = load({"GIVENS_MODE": "x" * 1000}, None)
    assert len(str(problems[0])) < 250


def test_a_misspelt_variable_is_a_problem_that_suggests_and_keeps_the_value_to_itself() -> None:
    settings, problems = load({"GIVENS_PROJCET": "sk-secret", "PATH": "/bin"}, None)
    assert settings == Settings()
    assert [str(problem) for problem in problems] == [
        "GIVENS_PROJCET = … (environment): expected a variable that givens reads; did you mean 'GIVENS_PROJECT'?"
    ]


@pytest.mark.parametrize("variable", ["GIVENS_CONFIG__train__lr", "GIVENS_CONFIG__x", *ORDER_VARIABLES])
def test_values_of_the_config_and_reserved_variables_are_no_mistakes(variable: str) -> None:
    assert load({variable: "1"}, None) == (Settings(), [])


def test_variables_for_wandb_are_not_read() -> None:
    assert load({"WANDB_MODE": "disabled", "WANDB_PROJECT": "p"}, None) == (Settings(), [])


def test_problems_of_the_file_are_reported_together_with_where(tmp_path: Path) -> None:
    lines = [
        'chnages = "warn"',
        'name = "n"',
        'strict = "yes"',
        'redact = "x"',
        "ignore = [1]",
        "durability = 3",
        'replicate = ["seed"]',
        'metrics = {loss = "down"}',
    ]
    settings, problems = load({}, project(tmp_path, "\n".join(["[tool.givens]", *lines])))
    assert settings == Settings(replicate=("seed",))
    where = f"[tool.givens] in {tmp_path / 'pyproject.toml'}"
    keys = (
        "project, surroundings, changes, on_locked, durability, strict, track_reads, redact, ignore, replicate, metrics, "
        "ranks, rank_local"
    )
    assert [str(problem) for problem in problems] == [
        f"chnages = … ({where}): expected a key of [tool.givens]; did you mean 'changes'?",
        f"name = … ({where}): expected a key of [tool.givens], which are {keys}",
        f"strict = 'yes' ({where}): expected true or false",
        f"redact = 'x' ({where}): expected a list of strings",
        f"ignore = [1] ({where}): expected a list of strings",
        f"durability = 3 ({where}): expected one of process, power",
        f"metrics = {{'loss': 'down'}} ({where}): expected a table of names, each with one of min, max, minimize, maximize",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[tool.givens]\nproject = ", "expected valid TOML (Invalid value"),
        (b"[tool.givens]\nproject = '\xff'", "expected valid TOML ('utf-8' codec"),
        (b"[[tool.givens]]\nproject = 'p'", "expected one table of settings"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    settings, problems = load({"GIVENS_NAME": "kept"}, str(tmp_path))
    assert settings == Settings(name="kept")
    assert len(problems) == 1
    assert str(tmp_path / "pyproject.toml") in str(problems[0])
    assert said in str(problems[0])


def test_a_byte_order_mark_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"\xef\xbb\xbf[tool.givens]\nproject = 'p'\n")
    assert load({}, str(tmp_path)) == (Settings(project="p"), [])


def test_a_project_without_the_file_or_without_the_table_says_nothing(tmp_path: Path) -> None:
    assert load({}, str(tmp_path)) == (Settings(), [])
    assert load({}, str(tmp_path / "missing")) == (Settings(), [])
    assert load({}, project(tmp_path, "this = is not [ TOML, and nobody's business")) == (Settings(), [])


def test_tomllib_is_loaded_only_where_the_table_is(tmp_path: Path) -> None:
    ask = "import sys; from givens.settings import load; load({}, sys.argv[1]); print('tomllib' in sys.modules)"
    for table, expected in (("[project]\nname = 'givens'\n", "False"), ("[tool.givens]\n", "True")):
        command = [sys.executable, "-c", ask, project(tmp_path, table)]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == expected


def test_an_argument_that_mirrors_a_setting_is_refused_where_it_was_given() -> None:
    assert choose("changes", "error", "init()") == "error"
    with pytest.raises(SettingsError) as caught:
        choose("mode", "ofline", "init()")
    assert (caught.value.name, caught.value.where) == ("mode", "init()")
    with pytest.raises(SettingsError):
        choose("mode", 3, "init()")  # type: ignore[arg-type]
