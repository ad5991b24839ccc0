"""The results of a run: last values of what was logged, and what the script says at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from ..codec import dumps
from ..errors import GivensError, LossyValueWarning, MissingKeyError
from .results import PLAIN, encoded_result, encoded_results, say_forked, scalar_of

if TYPE_CHECKING:
    from ..configs.door import Door


class Summary(MutableMapping[str, Any]):
    """Results by name. ``run.log`` sets the last value, and so does an entry set here: whichever came last.

    Args:
        door: of the run's config; results go through the same lock and into the same journal.
    """

    __slots__ = ("_door", "_texts", "_values")

    def __init__(self, door: Door) -> None:
        put = object.__setattr__
        put(self, "_door", door)
        put(self, "_values", {})
        put(self, "_texts", {})  # of what can change in place: a hash of the text that is recorded

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
            self._texts.pop(key, None)

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
            for key, value in values.items():
                self._remember(key, value)
            say_forked(door)

    def take_over(self, key: str, value: Any) -> None:
        """Begin with what an earlier session said; it is recorded there."""
        self._values[key] = value
        self._remember(key, value)

    def logged(self, values: Mapping[str, Any]) -> None:
        """Take the last values of a ``log``, which the run records."""
        self._values.update(values)
        if self._texts:
            for key in values:
                self._texts.pop(key, None)

    def _remember(self, key: str, value: Any) -> None:
        if type(value) in PLAIN:
            self._texts.pop(key, None)
        else:
            self._texts[key] = hash(encoded_result(self._door, key, value))

    def record_drift(self) -> None:
        """Record what was changed inside an entry since it was set: ``summary["arch"]["depth"] = 2``."""
        with self._door as door:
            drifted = {}
            for key, before in self._texts.items():
                try:
                    if before != hash(encoded_result(door, key, self._values[key])):
                        drifted[key] = self._values[key]
                except GivensError as problem:  # such as an entry that was made to contain itself
                    door.later(LossyValueWarning(f"what changed in place in the summary is not recorded: {problem}"))
            if drifted:
                door.record("summary", f',"m":{encoded_results(door, drifted)}')
