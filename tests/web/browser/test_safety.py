"""Names and values that want to be more than text are shown as text, on every page; the policy holds everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from person import Person, rows_of
from playwright.sync_api import Page, expect

import givens

SCRIPT = "<script>document.title='taken'</script>"
IMAGE = '"><img src=x onerror="document.title=\'taken\'">'
RIGHT_TO_LEFT = "ab\u202edcba\u2066x"
CONFIG = {
    SCRIPT: SCRIPT,
    IMAGE: IMAGE,
    "__proto__": {"polluted": "yes"},
    "constructor": {"prototype": 1, "name": IMAGE},
    "toString": "text",
    "hasOwnProperty": None,
    "rtl": RIGHT_TO_LEFT,
    RIGHT_TO_LEFT: 1,
    "nul": "a\0b",
    "emoji 😀 key": "👩‍👩‍👧‍👦 café",
    "template": "{{ 7 * 7 }} ${7*7} {% raw %}",
    "javascript": "javascript:document.title='taken'",
    "large": "x" * 1_000_000,
    "lines": "one\ntwo\r\n\tthree",
    "comma,quote\"'": ["a,b", "c\"d'e"],
    "html entity": "&lt;b&gt; &amp;",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of three runs that were named by an enemy."""
    folder = tmp_path_factory.mktemp("hostile")
    for number in range(3):
        config = {**CONFIG, "number": number, SCRIPT: f"{SCRIPT}{number}", "__proto__": {"polluted": number}}
        with givens.init(
            project=f"p{IMAGE}",
            config=config,
            name=f"{SCRIPT}{number}",
            tags=[IMAGE, "ok"],
            notes=SCRIPT + IMAGE,
            dir=str(folder),
        ) as run:
            run.define_metric("loss", goal="min")
            run.log({"loss": number, IMAGE: number, "__proto__": 2.0, "constructor": number / 3})
    return folder


@pytest.fixture
def page(window, serve, hostile: Path) -> Page:
    """The table of that store."""
    found = window.open(serve(hostile) + "/")
    rows_of(found).first.wait_for()
    return found


def assert_only_text(page: Page) -> None:
    """Nothing of it became an element or ran."""
    assert page.title() != "taken"
    assert page.locator("img[src=x], script:not([src]):not([type='application/json'])").count() == 0
    assert page.evaluate("({}).polluted === undefined && Object.prototype.polluted === undefined")


def test_the_table_shows_them_as_text(page: Page) -> None:
    assert_only_text(page)
    expect(rows_of(page).first.get_by_role("link")).to_have_text(f"{SCRIPT}0")
    text = page.get_by_role("grid").inner_text()
    assert "<script>" in text
    page.get_by_role("button", name="Columns").click()
    chooser = page.get_by_role("region", name="columns")
    expect(chooser).to_contain_text("__proto__.polluted")
    expect(chooser).to_contain_text("<img src=x")
    assert_only_text(page)


@pytest.mark.parametrize("name", ["__proto__.polluted", "constructor.prototype", "toString", "hasOwnProperty"])
def test_a_key_named_like_a_member_of_objects_is_a_column_like_others(page: Page, name: str) -> None:
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("searchbox", name="Columns").fill(name)
    box = page.get_by_role("checkbox", name=name).first
    box.wait_for()
    if not box.is_checked():
        box.click()
    expect(page.get_by_role("columnheader", name=name).first).to_be_visible()
    page.get_by_role("columnheader", name=name).first.get_by_role("button").click()
    expect(rows_of(page)).to_have_count(3)
    assert_only_text(page)


def test_every_page_of_such_a_run_shows_text(page: Page, hostile: Path) -> None:
    home = page.url.rstrip("/")
    ids = [run.id for run in givens.runs(dir=hostile)]
    views = [
        f"/run/{ids[0]}",
        f"/run/{ids[0]}?view=tree",
        f"/compare?runs={','.join(ids)}",
        f"/compare?runs={','.join(ids)}&all=1",
        "/group?except=number&metric=loss",
        "/plot?kind=parallel",
        "/plot?kind=scatter&x=__proto__.polluted&y=loss",
        f"/plot?kind=curves&runs={','.join(ids)}",
        "/importance?metric=loss",
        "/keys",
        "/duplicates",
        "/edits",
        "/views",
    ]
    for view in views:
        page.goto(home + view)
        page.locator("[data-island=live] [role=status]").wait_for(state="attached")
        assert_only_text(page)
    page.goto(f"{home}/run/{ids[0]}")
    Person(page).sees(page.get_by_role("heading", level=1))
    main = page.locator("main")
    for text in ("__proto__", "constructor", "<script>", "onerror", "{{ 7 * 7 }}"):
        expect(main).to_contain_text(text)


def test_a_filter_that_is_an_attack_is_text_too(window, serve, hostile: Path) -> None:
    window.expect("400")
    page = window.open(serve(hostile) + "/?filter=" + "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    expect(page.get_by_role("alert").first).to_be_visible()
    assert_only_text(page)


def test_a_saved_view_with_such_a_name_is_text(page: Page) -> None:
    page.get_by_role("button", name="Views", exact=True).click()
    page.get_by_label("this view as").fill(IMAGE)
    page.get_by_role("button", name="Save", exact=True).click()
    saved = page.get_by_role("region", name="saved views").get_by_role("link", name="<img src=x")
    expect(saved).to_be_visible()
    assert_only_text(page)


def test_the_page_keeps_the_policy_on_every_answer(page: Page) -> None:
    answers = []
    page.on("response", lambda answer: answers.append((answer.url, answer.headers)))
    page.reload()
    rows_of(page).first.wait_for()
    assert len(answers) > 10
    for url, headers in answers:
        policy = headers.get("content-security-policy", "")
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'"), url
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
