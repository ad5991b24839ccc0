"""Credentials that are known by their form wherever they stand: one table.

A mark that is in every text of a form is looked for first: the patterns are compiled only once one of them was found.
"""

from __future__ import annotations

from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

SHORTEST_FORM = 16  #: characters; no form below fits a shorter text

_BEFORE = "(?<![A-Za-z0-9])"


class Form(NamedTuple):
    """One form of credential.

    Args:
        what: what it is, for people.
        marks: texts, one of which every such credential holds.
        pattern: a regular expression; all of a match is the secret, or the group ``secret`` where it has one.
    """

    what: str
    marks: tuple[str, ...]
    pattern: str


#: Every length is bounded below, so that a word that merely begins so (``sk-learn``, ``hf_hub``) is none, and every
#: pattern is linear.
FORMS: tuple[Form, ...] = (
    Form("Hugging Face", ("hf_", "api_org_"), _BEFORE + r"(?:hf|api_org)_[A-Za-z0-9]{30,}"),
    Form(
        "OpenAI, Anthropic, OpenRouter",
        ("sk-",),
        _BEFORE + r"sk-(?:(?:proj|svcacct|admin|ant|or|lf)-[\w\-]{20,}|[A-Za-z0-9]{20,})",
    ),
    Form("Stripe", ("_live_", "_test_"), _BEFORE + r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}"),
    Form("GitHub", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), _BEFORE + r"gh[pousr]_[A-Za-z0-9]{30,}"),
    Form("GitHub, fine-grained", ("github_pat_",), _BEFORE + r"github_pat_[A-Za-z0-9_]{22,}"),
    Form("GitLab", ("glpat-",), _BEFORE + r"glpat-[\w\-]{20,}"),
    Form("AWS access key id", ("AKIA", "ASIA", "ABIA", "ACCA"), _BEFORE + r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?!\w)"),
    Form("Google API key", ("AIza",), _BEFORE + r"AIza[\w\-]{35}"),
    Form("Google OAuth", ("ya29.", "GOCSPX-"), _BEFORE + r"(?:ya29\.|GOCSPX-)[\w\-]{20,}"),
    Form("Slack", ("xox", "xapp-"), _BEFORE + r"(?:xox[abeoprs]|xapp)-[A-Za-z0-9\-]{10,}"),
    Form(
        "an incoming webhook",
        ("hooks.slack.com/", "/api/webhooks/"),
        r"(?:hooks\.slack\.com/\w{1,20}/|discord(?:app)?\.com/api/webhooks/)(?P<secret>[\w\-/]{20,})",
    ),
    Form("JSON web token", ("eyJ",), r"(?<![\w\-])eyJ[\w\-]{8,}\.[\w\-]{8,}(?:\.[\w\-]*)?"),
    Form(
        "private key",
        ("PRIVATE KEY",),
        r"(?s)-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
        r".*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)",
    ),
    Form("Azure storage", ("AccountKey=", "SharedAccessKey="), r"(?:Account|SharedAccess)Key=(?P<secret>[\w+/=]{40,})"),
    Form("npm, PyPI", ("npm_", "pypi-"), _BEFORE + r"(?:npm_[A-Za-z0-9]{36}|pypi-[\w\-]{50,})"),
    Form("SendGrid", ("SG.",), _BEFORE + r"SG\.[\w\-]{16,}\.[\w\-]{16,}"),
    Form("Telegram bot", (":AA",), r"(?<!\d)\d{8,10}:AA[\w\-]{32,}"),
    Form("Databricks", ("dapi",), _BEFORE + r"dapi[0-9a-f]{32}"),
    Form("Groq, Replicate", ("gsk_", "r8_"), _BEFORE + r"(?:gsk_[A-Za-z0-9]{40,}|r8_[A-Za-z0-9]{30,})"),
)

_MARKS = tuple(mark for form in FORMS for mark in form.marks)
_compiled: dict[str, re.Pattern[str]] = {}


def may_hold_credential(text: str) -> bool:
    """Whether a text has a mark of any form: quick, for a text of a config that is being written."""
    if len(text) < SHORTEST_FORM:
        return False
    for mark in _MARKS:  # noqa: SIM110 (half the time of any())
        if mark in text:
            return True
    return False


def hide_forms(text: str, hidden: str = "***") -> str:
    """A text with the credentials in it hidden; the same object when there are none."""
    if len(text) < SHORTEST_FORM:
        return text
    for form in FORMS:
        if any(mark in text for mark in form.marks):
            text = _pattern(form).sub(lambda match: _without(match, hidden), text)
    return text


def _without(match: re.Match[str], hidden: str) -> str:
    if "secret" not in match.re.groupindex:
        return hidden
    begin = match.start("secret") - match.start()
    return match[0][:begin] + hidden + match[0][begin + len(match["secret"]) :]


def _pattern(form: Form) -> re.Pattern[str]:
    found = _compiled.get(form.pattern)
    if found is None:
        import re

        found = _compiled[form.pattern] = re.compile(form.pattern)
    return found
