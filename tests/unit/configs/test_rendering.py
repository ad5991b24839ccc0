"""What a config looks like; secrets are never shown."""

from __future__ import annotations

from typing import Any

import pytest

from givens import Config


def test_the_repr_is_a_dicts() -> None:
    values: dict[Any, Any] = {"a": 1, "b": {"c": [1, {"d": "x"}], 0: None}, "t": (1.0,), "e": {}, "l": []}
    config = Config(values)
    assert repr(config) == repr(values)
    assert repr(config.b) == repr(values["b"])
    assert repr(Config()) == "{}"
    assert f"{config.b.c}" == "[1, {'d': 'x'}]"


def test_the_text_is_a_tree() -> None:
    config = Config(
        {"lr": 0.1, "model": {"depth": 4, "deep": {"x y": 1}, "empty": {}}, "layers": [1, {"a": 2}], 3: "t"}
    )
    assert str(config) == (
        "lr: 0.1\nmodel:\n  depth: 4\n  deep:\n    \"x y\": 1\n  empty: {}\nlayers: [1, {'a': 2}]\n{3}: 't'"
    )


def test_a_notebook_shows_key_value_and_origin() -> None:
    config = Config({"lr": 0.1, "model": {"tag": "<b>&"}, "layers": [1], "empty": {}})
    html = config._repr_html_()
    assert '<td>lr</td><td class="v">0.1</td><td class="soft">' in html
    assert "test_rendering.py:" in html
    assert '<td>model.tag</td><td class="v">&#x27;&lt;b&gt;&amp;&#x27;</td>' in html
    assert '<td>layers</td><td class="v">[1]</td>' in html
    assert '<td>empty</td><td class="v">{}</td>' in html
    assert "<td>tag</td>" in config.model._repr_html_()
    assert "<td>lr</td>" not in config.model._repr_html_()


SECRET = "hunter2-hunter2-hunter2"


@pytest.mark.parametrize(
    "values",
    [
        {"api_key": SECRET},
        {"db": {"password": SECRET}},
        {"credentials": {"anything": SECRET, "list": [SECRET]}},
        {"args": ["--api-key", SECRET]},
        {"headers": [{"name": "token", "value": SECRET}]},
        {"url": f"postgres://me:{SECRET}@host/db"},
        {"t": ({"password": SECRET},)},
        {"m": {1.5: {"api_key": SECRET}}},
    ],
)
def test_nothing_that_is_shown_holds_a_secret(values: dict[str, Any]) -> None:
    config = Config(values)
    section = next((value for value in config.values() if isinstance(value, Config)), config)
    for shown in (
        repr(config),
        str(config),
        config._repr_html_(),
        repr(section),
        str(section),
        f"{config}",
        f"{config!r}",
    ):
        assert "hunter2" not in shown
    assert config.as_dict() == values


def test_flags_that_libraries_define_are_folded_into_one_line() -> None:
    from givens.configs.layering import lay
    from givens.configs.rendering import LIBRARY_DEFAULT
    from givens.records.layer import Entry, Layer
    from givens.records.origin import Origin

    entries = [Entry((f"v{n}",), n, Origin("absl", name=f"--v{n}", note=LIBRARY_DEFAULT)) for n in range(20)]
    config = Config()
    lay(config, [Layer("absl", [*entries, Entry(("lr",), 1, Origin("absl", name="--lr", note="given"))])])
    config.v3 = 9
    assert str(config) == "v3: 9\nlr: 1\n(19 flags of libraries, at their defaults)"
    assert config.v4 == 4
