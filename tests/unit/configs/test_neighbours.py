"""Texts that are secret because of what stands beside them."""

from __future__ import annotations

import json
from typing import Any

import pytest

import givens
from givens.codec import Redaction
from givens.configs.layering import lay, overridden
from givens.configs.neighbours import hidden_by_neighbours
from givens.errors import LockedKeyError, ValueChangedError
from givens.records.layer import Entry, Layer
from givens.records.origin import Origin

SECRET = "hunter2-hunter2-hunter2"


@pytest.mark.parametrize(
    ("container", "key"),
    [
        (["--api-key", "old"], 1),
        (["run", "--token"], 2),
        ({"name": "api_key", "value": ""}, "value"),
        ({"key": "db_password"}, "value"),
    ],
)
def test_a_text_after_a_flag_or_beside_a_name_is_hidden(container: Any, key: Any) -> None:
    hidden = hidden_by_neighbours(container, key, SECRET, ("x", key), Redaction())
    assert hidden["~"] == "secret"
    assert "hunter2" not in json.dumps(hidden)


@pytest.mark.parametrize(
    ("container", "key", "text"),
    [
        (["--epochs", "4"], 1, SECRET),
        (["--api-key", "old"], 0, SECRET),
        ([3, "old"], 1, SECRET),
        ({"name": "lr", "value": 1}, "value", SECRET),
        ({"name": "api_key", "other": 1}, "other", SECRET),
        (["--api-key", "old"], 1, "short"),
        ({}, "api_key", SECRET),
    ],
)
def test_any_other_text_is_left_to_its_own_path(container: Any, key: Any, text: str) -> None:
    assert hidden_by_neighbours(container, key, text, ("x", key), Redaction()) is None


def test_an_assignment_in_a_list_is_hidden_in_part() -> None:
    hidden = hidden_by_neighbours(["a"], 1, f"API_KEY={SECRET}", ("env", 1), Redaction())
    assert "API_KEY=" in json.dumps(hidden)
    assert "hunter2" not in json.dumps(hidden)


WRITES: dict[str, Any] = {
    "list item": lambda config: config.args.__setitem__(1, SECRET),
    "append": lambda config: config.flags.append(SECRET),
    "insert": lambda config: config.args.insert(1, SECRET),
    "slice": lambda config: config.args.__setitem__(slice(1, 2), [SECRET, "b"]),
    "extend": lambda config: config.flags.extend([SECRET]),
    "+=": lambda config: config.flags.__iadd__([SECRET]),
    "assignment in a list": lambda config: config.args.append(f"API_KEY={SECRET}"),
    "attribute": lambda config: setattr(config.headers[0], "value", SECRET),
    "item": lambda config: config.header.__setitem__("value", SECRET),
    "update": lambda config: config.header.update(value=SECRET),
}


@pytest.mark.parametrize("how", WRITES)
def test_a_secret_written_by_itself_stays_out_of_the_record_and_of_messages(
    how: str, run_config: Any, hear: Any, events: Any
) -> None:
    values = {
        "args": ["--api-key", "old", 1],
        "flags": ["--token"],
        "headers": [{"name": "api_key", "value": "old"}],
        "header": {"name": "api_key", "value": "old"},
    }
    config, _ = run_config(values, settled=True)
    with hear() as said:
        WRITES[how](config)
    assert "hunter2" in json.dumps(config)
    assert "hunter2" not in json.dumps(events(config))
    assert "hunter2" not in " ".join(map(str, said))
    assert "hunter2" not in repr(config) + str(config) + config._repr_html_()


BATCHES: dict[str, Any] = {
    "name first": lambda config: config.new.update(name="api_key", value=SECRET),
    "value first": lambda config: config.new.update(value=SECRET, name="api_key"),
    "merge": lambda config: givens.merge(config, {"new": {"value": SECRET, "key": "db_password"}}),
    "merge_locked": lambda config: config.merge_locked({"new": {"value": SECRET, "name": "api_key"}}, "sweep"),
    "both again": lambda config: config.header.update(value=SECRET, name="db_password"),
    "setdefaults": lambda config: config.new.setdefaults({"value": SECRET, "name": "api_key"}),
    "at the top": lambda config: config.update(value=SECRET, name="api_key"),
}


@pytest.mark.parametrize("how", BATCHES)
def test_name_and_value_of_one_batch_know_each_other(how: str, run_config: Any, hear: Any, events: Any) -> None:
    config, _ = run_config({"new": {"a": 1}, "header": {"name": "api_key", "value": "old"}}, settled=True)
    with hear() as said:
        BATCHES[how](config)
    assert "hunter2" in json.dumps(config)
    assert "hunter2" not in json.dumps(events(config)) + " ".join(map(str, said))


def test_a_value_whose_new_name_in_the_same_batch_is_harmless_is_recorded(run_config: Any, recorded: Any) -> None:
    config, _ = run_config({"header": {"name": "api_key", "value": "old"}})
    config.header.update(name="Content-Type", value="application/json")
    assert recorded(config)["header"]["value"] == "application/json"


CODE = Origin("code", "train.py", 3)


@pytest.mark.parametrize(
    "entries",
    [
        [(("h", "value"), SECRET), (("h", "name"), "api_key")],
        [(("h",), {"name": "api_key", "value": ""}), (("h", "value"), SECRET)],
        [(("h", "value"), SECRET), (("h",), {"name": "api_key", "value": ""})],
        [(("h", "name"), "api_key"), (("h", "value"), SECRET), (("h", "name"), "lr")],
    ],
)
def test_layers_laid_over_each_other_know_each_others_names(entries: Any, run_config: Any, events: Any) -> None:
    config, _ = run_config()
    lay(config, [Layer("some", [Entry(path, value, CODE)]) for path, value in entries])
    assert "hunter2" not in json.dumps(events(config))


def test_a_staged_secret_that_lost_to_a_layer_is_not_shown(run_config: Any) -> None:
    config, door = run_config({"h": {"a": 1}})
    staged = Layer("staged", [Entry(("h", "value"), SECRET, CODE), Entry(("h", "name"), "api_key", CODE)])
    line = overridden(staged, [Layer("config=", [Entry(("h",), {"a": 1}, CODE)])], door)
    assert line is not None and "h.value" in line and "hunter2" not in line


def secrets_in_place() -> dict[str, Any]:
    return {"args": ["--api-key", SECRET], "header": {"name": "api_key", "value": SECRET}}


LEAVING: dict[str, Any] = {
    "pop of a list": lambda config: config.args.pop(),
    "remove": lambda config: config.args.remove(SECRET),
    "del of an item": lambda config: config.args.__delitem__(1),
    "another item": lambda config: config.args.__setitem__(1, "other"),
    "reverse": lambda config: config.args.reverse(),
    "another value": lambda config: setattr(config.header, "value", "other"),
    "a number": lambda config: setattr(config.header, "value", 3),
    "del": lambda config: config.header.__delitem__("value"),
    "update": lambda config: config.header.update(value="other text"),
}


@pytest.mark.parametrize("how", LEAVING)
def test_a_secret_that_goes_is_not_shown(how: str, run_config: Any, hear: Any, events: Any) -> None:
    config, _ = run_config(secrets_in_place(), settled=True)
    with hear() as said:
        LEAVING[how](config)
    assert said
    assert "hunter2" not in json.dumps(events(config)) + " ".join(map(str, said))


@pytest.mark.parametrize("how", LEAVING)
def test_an_error_about_a_changed_secret_does_not_show_it(how: str, run_config: Any) -> None:
    config, door = run_config(secrets_in_place(), settled=True)
    door.guard.policy = "error"
    with pytest.raises(ValueChangedError) as raised:
        LEAVING[how](config)
    assert "hunter2" not in str(raised.value)


REFUSED: dict[str, Any] = {
    "item": lambda config: config.args.__setitem__(1, SECRET + "!"),
    "append": lambda config: config.flags.append(SECRET + "!"),
    "pop": lambda config: config.args.pop(),
    "value": lambda config: setattr(config.header, "value", SECRET + "!"),
    "del": lambda config: config.header.__delitem__("value"),
    "whole section": lambda config: setattr(config, "header", {"name": "api_key", "value": SECRET + "!"}),
    "section of another name": lambda config: setattr(config, "header", {"name": "lr", "value": 1}),
    "batch": lambda config: config.new.update(name="api_key", value=SECRET + "!"),
}


@pytest.mark.parametrize("how", REFUSED)
@pytest.mark.parametrize("raising", [False, True])
def test_a_refused_secret_is_neither_shown_nor_recorded(
    how: str, raising: bool, run_config: Any, hear: Any, events: Any
) -> None:
    values = {**secrets_in_place(), "flags": ["--token"], "new": {"value": "old"}}
    config, door = run_config(values)
    config.merge_locked({"args": config.args, "flags": config.flags}, "sweep")
    config.header.update_locked({"value": SECRET}, "sweep")
    config.new.update_locked({"value": "old"}, "sweep")
    if raising:
        door.refusals.on_locked = "error"
    with hear() as said:
        if raising:
            with pytest.raises(LockedKeyError) as raised:
                REFUSED[how](config)
            said.append(raised.value)
        else:
            REFUSED[how](config)
    assert said
    assert "hunter2" not in json.dumps(events(config)) + " ".join(map(str, said))


def test_what_is_stated_again_after_an_interrupted_write_stays_hidden(run_config: Any, events: Any) -> None:
    config, door = run_config(secrets_in_place())
    door.restate([("header", "value"), ("args", 1)], CODE)
    assert "hunter2" not in json.dumps(events(config))


def test_a_secret_that_its_neighbours_gave_away_stays_one_without_them(run_config: Any, events: Any) -> None:
    config, door = run_config(secrets_in_place())
    config.args.pop(0)
    config.header.name = "lr"
    config.copied = {"args": list(config.args), "value": config.args[0]}
    door.restate([("args",), ("header", "value")], CODE)
    assert config.copied.value == SECRET
    assert "hunter2" not in json.dumps(events(config)) + repr(config)


def test_a_text_that_equals_such_a_secret_is_recorded_under_a_key_of_its_own(run_config: Any, recorded: Any) -> None:
    config, _ = run_config({"args": ["--token", "disabled"]})
    config.cache = "disabled"
    assert recorded(config)["cache"] == "disabled"
