"""What the source of a class says of its fields."""

from __future__ import annotations

from givens.sources.docstrings import field_texts


class Google:
    """Title.

    Attributes:
        lr (float): the rate,
            in two lines
        seed: for the generator

    Returns:
        seed: not this
    """


class Numpy:
    """Title.

    Parameters
    ----------
    lr : float
        the rate
    seed
        for the generator

    Notes
    -----
    depth : not this
        at all
    """


class Sphinx:
    """Title.

    :param float lr: the rate
    :ivar seed: for the generator
    """


class Source:
    lr: float = 0.1
    """the
    rate"""
    name: str = "#"  # after a mark in quotes
    wide: str = "é"  # after a letter of two bytes
    # first of two lines,
    # second of two lines
    seed: int = 0

    # ---- section ----
    depth: int = 1
    quiet: bool = False  # type: ignore[assignment]


class Below(Source):
    lr: float = 0.2  # another rate

    class Inner:
        size: int = 1  # inside


def test_the_three_forms_of_docstrings() -> None:
    assert field_texts(Google) == {"lr": "the rate, in two lines", "seed": "for the generator"}
    assert field_texts(Numpy) == {"lr": "the rate", "seed": "for the generator"}
    assert field_texts(Sphinx) == {"lr": "the rate", "seed": "for the generator"}


def test_texts_below_beside_and_above_a_field() -> None:
    assert field_texts(Source) == {
        "lr": "the rate",
        "name": "after a mark in quotes",
        "wide": "after a letter of two bytes",
        "seed": "first of two lines, second of two lines",
    }


def test_a_subclass_says_it_over_its_base_and_inner_classes_are_found() -> None:
    assert field_texts(Below)["lr"] == "another rate"
    assert field_texts(Below)["seed"].startswith("first")
    assert field_texts(Below.Inner) == {"size": "inside"}


def test_a_class_without_source_has_no_texts() -> None:
    assert field_texts(type("Made", (), {})) == {}
    assert field_texts(int) == {}
