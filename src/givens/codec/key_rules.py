"""Which keys hold secrets: one table. (Forms of text that are secrets by themselves are in ``forms``.)

A key is compared in one spelling: words in lower case joined by ``_`` (``apiKey``, ``API-KEY`` and
``db.api_key`` end in ``api_key``). The first rule that fits decides; a key that no rule fits is no secret.
Sets of words, not regular expressions: compiling those would cost every script a few milliseconds.
"""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """One rule for keys. It fits when everything it names does.

    Args:
        secret: what it says of the keys it fits.
        why: what these keys are.
        alone: the whole key.
        first: its first word, with more behind it.
        before: the word before the last.
        last: its last word.
    """

    secret: bool
    why: str
    alone: frozenset[str] | None = None
    first: frozenset[str] | None = None
    before: frozenset[str] | None = None
    last: frozenset[str] | None = None

    def fits(self, words: list[str]) -> bool:
        """Whether it fits a key of these words."""
        many = len(words) > 1
        return (
            (self.alone is None or "_".join(words) in self.alone)
            and (self.first is None or (many and words[0] in self.first))
            and (self.before is None or (many and words[-2] in self.before))
            and (self.last is None or words[-1] in self.last)
        )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KEYS = _words("key keys token tokens")

RULES: tuple[Rule, ...] = (
    Rule(
        False,
        "a switch, a bound or a count",
        first=_words("use max min num n no has is with add skip enable disable allow total count avg mean per"),
    ),
    Rule(
        False,
        "a mark in a text",
        before=_words(
            "bos eos pad cls mask unk sep start end stop special prefix suffix middle image video audio first last next"
        ),
        last=_words("token tokens"),
    ),
    Rule(True, "a password", last=_words("password passwords passwd passphrase passphrases passcode htpasswd")),
    Rule(True, "a secret by name", last=_words("secret secrets credential credentials")),
    Rule(
        True,
        "a password in short; alone, pwd is a folder and pass a step",
        before=_words("db database smtp mail email mysql pg postgres redis ftp ssh admin root user login proxy"),
        last=_words("pass pwd"),
    ),
    Rule(True, "a token, plainly", alone=_words("token x_token")),
    Rule(
        True,
        "a key or token of an interface",
        before=_words(
            "api access auth oauth authentication authorization refresh secret private personal bearer session "
            "security service account client shared master storage deploy bot app jwt id csrf encryption signing "
            "signature license ssh"
        ),
        last=_KEYS,
    ),
    Rule(
        True,
        "a key or token of a known service",
        before=_words(
            "anthropic aws azure bitbucket cohere comet databricks discord docker face gcp gh github gitlab google "
            "groq hf hub huggingface kaggle langchain langsmith mistral mlflow neptune netlify ngc npm openai "
            "openrouter pinecone pypi replicate sendgrid sentry slack stripe swanlab telegram twilio wandb"
        ),
        last=_KEYS | {"pat"},
    ),
    Rule(
        True,
        "the same in one word",
        last=_words("apikey apikeys apitoken accesskey accesstoken authkey authtoken secretkey privatekey oauthtoken"),
    ),
    Rule(True, "a secret's content", before=_words("secret"), last=_words("value string base64")),
    Rule(True, "what signs sessions", alone=_words("secret_key_base")),
    Rule(True, "an address with its password", before=_words("connection"), last=_words("string")),
    Rule(True, "headers", last=_words("authorization")),
    Rule(True, "headers", before=_words("set"), last=_words("cookie")),
)

_LONGEST_KEY = 128


def spelling(key: str) -> str:
    """The one spelling of a key: ``wandbApiKey`` -> ``wandb_api_key``; of a very long one, its end."""
    key = key[-_LONGEST_KEY:]
    out: list[str] = []
    for at, char in enumerate(key):
        if not (char.isascii() and char.isalnum()):
            out.append("_")
            continue
        if char.isupper() and at and out[-1] != "_":
            before, after = key[at - 1], key[at + 1 : at + 2]
            if not before.isupper() or (after.islower() and after.isascii()):  # apiKey, and the K of APIKey
                out.append("_")
        out.append(char.lower())
    return "_".join(word for word in "".join(out).split("_") if word)


def holds_secret(name: str) -> bool:
    """Whether the rules say that a key, in its one spelling, holds a secret."""
    words = name.split("_")
    for rule in RULES:
        if rule.fits(words):
            return rule.secret
    return False
