"""The results of a run: last values of what was logged, and what the script says at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from ..codec import dumps, encode
from ..errors import MissingKeyError

if TYPE_CHECKING:
    from ..configs.door import Door


class Summary(MutableMapping[str, Any]):
    """Results by name. ``run.log`` sets the last value, and so does an entry set here: whichever came last.

    Args:
        door: of the run's config; results go through the same lock and into the same journal.
    """

    __slots__ = ("_door", "_values")

    def __init__(self, door: Door) -> None:
        put = object.__setattr__
        put(self, "_door", door)
        put(self, "_values", {})

    def __getitem__(self, key: str) -> Any:
        try:
            return self._values[key]
        except KeyError:
            raise MissingKeyError(key, "", list(self._values), "nothing was logged under that name") from None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # what copying and pickling look for is no result
            raise AttributeError(name)
        return self[name]

    def __setitem__(self, key: str, value: Any) -> None:
        self.update({key: value})

    def __setattr__(self, name: str, value: Any) -> None:
        self.update({name: value})

    def __delitem__(self, key: str) -> None:
        with self._door as door:
            self[key]
            door.check_open((key,))
            door.record("summary", f',"x":{dumps([key])}')
            del self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._values))

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self._values),)

    def update(self, *sources: Any, **more: Any) -> None:
        """Set several entries, as one line of the record."""
        given: dict[Any, Any] = {}
        for source in (*sources, more):
            given.update(source)
        values = {str(key): scalar_of(value) for key, value in given.items()}
        if not values:
            return
        with self._door as door:
            door.check_open((next(iter(values)),))
            door.record("summary", f',"m":{encoded_results(door, values)}')
            self._values.update(values)

    def take_over(self, key: str, value: Any) -> None:
        """Begin with what an earlier session said; it is recorded there."""
        self._values[key] = value

    def logged(self, values: Mapping[str, Any]) -> None:
        """Take the last values of a ``log``, which the run records."""
        self._values.update(values)


def encoded_results(door: Door, values: Mapping[str, Any]) -> str:
    """Results as JSON text."""
    hide = door.redaction
    return dumps({hide.value(key): encode(value, (key,), hide).json for key, value in values.items()})


def scalar_of(value: Any) -> Any:
    """A result as a plain number where it is one: numpy and torch scalars have ``item()``."""
    if type(value) in (int, float, bool, str, type(None)):
        return value
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "ndim", 0) == 0:
        try:
            plain = item()
        except (TypeError, ValueError, RuntimeError):  # a thing with an item() of another meaning stays what it is
            return value
        return plain if type(plain) in (int, float, bool) else value
    return value
