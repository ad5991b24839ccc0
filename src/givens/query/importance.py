"""Which keys explain a metric.

For each varying key: eta squared, the share of the metric's variance that lies between the key's values, and epsilon
squared (Kelley 1935, PNAS 21, 554-559), the same less what that many values would explain by chance. Keys are ranked by
epsilon squared. Numbers with many values are first put into bins of equally many runs.

Each key is looked at by itself: two keys that always change together explain the same, and what shows only in
combination does not show. A random forest with permutation importance (Breiman 2001, Machine Learning 45, 5-32) sees
combinations; it is added where scikit-learn is installed. All of it is association in the runs that there are, not
proof of a cause.
"""

from __future__ import annotations

import bisect
import json
import operator
from collections.abc import Hashable, Sequence
from itertools import compress, repeat
from typing import Any, NamedTuple

from ..errors import install_hint
from ..index.schema import FLOAT, INFINITE, INT
from ..index.texts import unescape
from ..keys import KeyPath, Path
from .compiling import Test
from .finding import Question
from .fragments import Sql
from .grouping import metric_operand
from .nodes import Operand
from .sorting import joined_columns
from .varying import EXACT_RUNS
from .words import operand_text

BINS = 10  #: numbers with more values than this are put into so many bins
LEAST_RUNS = 10  #: below, nothing is said
FOREST_RUNS = 40  #: below, a forest has nothing to learn from
FOREST_MOST = 2_000  #: runs that a forest looks at; of more, some
TREES = 100
REPEATS = 3
TELLING = 0.1  #: a forest's importance that is worth a hint
ALONE = 0.25  #: a key that explains less than this share of it by itself matters in combination
HELD_OUT = 0.25  #: share of the runs that the forest is judged by

_NO_PACKAGE = f"no random forest: scikit-learn is not installed ({install_hint('scikit-learn', 'analysis')})"


class KeyImportance(NamedTuple):
    """What one key explains.

    Args:
        path: the key path.
        eta2: share of the metric's variance between the key's values, 0 to 1.
        epsilon2: the same less chance; 0 where chance would explain as much.
        levels: how many values (or bins) there are; missing counts as one.
        binned: numbers were put into bins.
        forest: by how much the forest's R² falls when the key's values are shuffled; None without a forest.
        forest_sd: standard deviation of that over repeats.
    """

    path: Path
    eta2: float
    epsilon2: float
    levels: int
    binned: bool
    forest: float | None = None
    forest_sd: float | None = None


class Forest(NamedTuple):
    """How good the forest is.

    Args:
        r2: R² on runs that it had not seen; near 0 or below, its importances say nothing.
        learned_from: number of runs that it learned from.
        held_out: number of runs that it was judged by.
    """

    r2: float
    learned_from: int
    held_out: int


class Importance(NamedTuple):
    """Which keys explain a metric.

    Args:
        metric: as the language writes it.
        runs: how many runs with a finite number there counted.
        sampled: they are a sample of those that pass.
        keys: the most important first.
        forest: how good the forest is; None without one.
        notes: what was left out, and why.
    """

    metric: str
    runs: int
    sampled: bool
    keys: tuple[KeyImportance, ...]
    forest: Forest | None
    notes: tuple[str, ...]


def importance_of(question: Question, metric: str | Operand, *, forest: bool = True) -> Importance:
    """Which config keys explain a metric, over the runs that have it as a finite number.

    Args:
        question: which runs.
        metric: a result or key with numbers.
        forest: also by a random forest, where scikit-learn is installed.

    Raises:
        FilterSyntaxError: the metric does not read.
    """
    operand = metric_operand(question, metric)
    scores, sampled = _scores(question, operand)
    name = operand_text(operand)
    if len(scores) < LEAST_RUNS:
        return Importance(name, len(scores), sampled, (), None, (f"fewer than {LEAST_RUNS} runs have {name}",))
    runs = list(scores)
    values = [scores[run] for run in runs]
    if max(values) == min(values):
        return Importance(name, len(runs), sampled, (), None, (f"{name} is the same in all runs",))
    features = _features(question, runs)
    spread = Spread.of(values)
    keys = [found for path, column in features.items() if (found := _explained(path, column, spread)) is not None]
    keys.sort(key=lambda key: (-key.epsilon2, -key.eta2, str(KeyPath(key.path))))
    notes = (
        [f"{len(features) - len(keys)} keys have nearly as many values as there are runs"]
        if len(keys) < len(features)
        else []
    )
    fit: Forest | None = None
    if forest and keys:
        keys, fit, note = _with_forest(keys, features, values)
        notes += [note] if note else []
    return Importance(name, len(runs), sampled, tuple(keys), fit, tuple(notes))


# --- what the runs have -------------------------------------------------------------------------------------------

Value = tuple[int, "float | None", "str | None"]


def _scores(question: Question, operand: Operand) -> tuple[dict[int, float], bool]:
    """Run number -> metric, of all runs that pass and have it, or of a sample."""
    joins: list[Sql] = []
    kind, num, _ = joined_columns(operand, question.places, "b.run", joins)
    there = Sql(f"({num}) IS NOT NULL AND ({kind}) <> {INFINITE}")

    def asked(columns: str, *more: Test, tail: str = "") -> list[tuple[Any, ...]]:
        selected = question.selection(*more)
        joined = " ".join(join.text for join in joins)
        sql = f"SELECT {columns} FROM ({selected.text}) b {joined} WHERE {there.text}{tail}"
        bound = (*selected.bound, *(value for join in joins for value in join.bound))
        return question.connection.execute(sql, bound).fetchall()

    scored, most = f"b.run, {num}", f" LIMIT {EXACT_RUNS + 1}"
    found = dict(asked(scored, tail=most))
    if len(found) <= EXACT_RUNS:
        return found, False
    ((having,),) = asked("count(*)")  # of those that have the metric, which may be few of all
    return dict(asked(scored, question.spread(max(2, having // EXACT_RUNS)), tail=most)), True


def _features(question: Question, runs: list[int]) -> dict[Path, list[Value | None]]:
    """Config key -> what each run has for it, of the keys that vary. What stands inside lists goes by the list."""
    places = {run: at for at, run in enumerate(runs)}
    rows = question.connection.execute(
        "SELECT p.run, p.key, p.kind, p.num, p.txt FROM json_each(?) b "
        "JOIN param p ON p.run = b.value JOIN key k ON k.key = p.key WHERE k.list IS NULL",
        (json.dumps(runs),),
    )
    columns: dict[int, list[Value | None]] = {}
    for run, key, kind, num, txt in rows:
        column = columns.get(key)
        if column is None:
            column = columns[key] = [None] * len(runs)
        column[places[run]] = (INT if kind == FLOAT else kind, num, txt)
    paths = dict(question.connection.execute("SELECT key, path FROM key WHERE list IS NULL"))
    features: dict[Path, list[Value | None]] = {}
    for key, column in columns.items():
        path = tuple(KeyPath.parse(unescape(paths[key])))
        other = features.get(path)  # the same key in another project
        features[path] = (
            column if other is None else [a if b is None else b for a, b in zip(other, column, strict=True)]
        )
    return {
        path: column for path, column in sorted(features.items(), key=lambda item: str(item[0])) if len(set(column)) > 1
    }


# --- one key by itself --------------------------------------------------------------------------------------------


def _explained(path: Path, column: list[Value | None], spread: Spread) -> KeyImportance | None:
    levels, binned = levels_of(column)
    count, runs = len(set(levels)), len(spread.apart)
    if count < 2 or count > runs // 2:
        return None
    eta2 = spread.explained_by(levels)
    epsilon2 = max(0.0, 1.0 - (1.0 - eta2) * (runs - 1) / (runs - count))
    return KeyImportance(path, eta2, epsilon2, count, binned)


def levels_of(column: Sequence[Value | None]) -> tuple[list[Hashable], bool]:
    """What a key's values fall into: themselves, or bins where they are numbers of many values; and whether they were binned."""
    present = compress(column, map(operator.is_not, column, repeat(None)))
    numbers = sorted(value[1] for value in present if value is not None and value[1] is not None)
    if len(set(numbers)) <= BINS:
        return list(column), False
    edges = sorted({numbers[len(numbers) * at // BINS] for at in range(1, BINS)})
    return [
        value if value is None or value[1] is None else bisect.bisect_right(edges, value[1]) for value in column
    ], True


class Spread(NamedTuple):
    """How far values lie apart: counted once, however many keys are held against it.

    Args:
        apart: how far each value lies from the mean of all.
        total: the sum of the squares of that.
        added: the sum of it: 0, but for what is lost in rounding.
    """

    apart: list[float]
    total: float
    added: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The spread of finite numbers."""
        mean = sum(values) / len(values)
        apart = [value - mean for value in values]
        return cls(apart, sum(map(operator.mul, apart, apart)), sum(apart))

    def explained_by(self, levels: Sequence[Hashable]) -> float:
        """See ``eta_squared``."""
        groups: dict[Hashable, list[float]] = {}
        # most runs lack most keys: those that lack this one are what the others are not
        there = compress(zip(levels, self.apart, strict=True), map(operator.is_not, levels, repeat(None)))
        for level, distance in there:
            groups.setdefault(level, []).append(distance)
        sums = [(len(group), sum(group)) for group in groups.values()]
        lacking = len(self.apart) - sum(count for count, _ in sums)
        if lacking:
            sums.append((lacking, self.added - sum(distance for _, distance in sums)))
        between = sum(distance * distance / count for count, distance in sums)
        return min(1.0, between / self.total) if self.total > 0 else 0.0


def eta_squared(levels: Sequence[Hashable], values: Sequence[float]) -> float:
    """The share of the variance of values that lies between levels, 0 to 1; 0 where there is no variance.

    Args:
        levels: the level of each value.
        values: as many finite numbers.
    """
    return Spread.of(values).explained_by(levels)


# --- all keys together --------------------------------------------------------------------------------------------


def _with_forest(
    keys: list[KeyImportance], features: dict[Path, list[Value | None]], values: list[float]
) -> tuple[list[KeyImportance], Forest | None, str]:
    if len(values) < FOREST_RUNS:
        return keys, None, f"no random forest: fewer than {FOREST_RUNS} runs"
    try:
        from sklearn.ensemble import RandomForestRegressor  # type: ignore[import-untyped,import-not-found,unused-ignore]
        from sklearn.inspection import permutation_importance  # type: ignore[import-untyped,import-not-found,unused-ignore]
        from sklearn.model_selection import train_test_split  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        return keys, None, _NO_PACKAGE
    step = -(-len(values) // FOREST_MOST)
    values = values[::step]
    table = list(zip(*(_as_numbers(features[key.path][::step]) for key in keys), strict=True))
    seen, unseen, seen_values, unseen_values = train_test_split(table, values, test_size=HELD_OUT, random_state=0)
    model = RandomForestRegressor(TREES, min_samples_leaf=2, random_state=0, n_jobs=1).fit(seen, seen_values)
    fit = Forest(float(model.score(unseen, unseen_values)), len(seen), len(unseen))
    found = permutation_importance(model, unseen, unseen_values, n_repeats=REPEATS, random_state=0, n_jobs=1)
    rated = [
        key._replace(forest=float(mean), forest_sd=float(sd))
        for key, mean, sd in zip(keys, found.importances_mean, found.importances_std, strict=True)
    ]
    if fit.r2 <= 0:
        return rated, fit, "the random forest explains nothing of runs it has not seen"
    return rated, fit, _in_combination(rated)


def _in_combination(keys: list[KeyImportance]) -> str:
    """A hint at keys that the forest needs and that explain little by themselves: they matter together with others."""
    found = [
        str(KeyPath(key.path))
        for key in keys
        if key.forest is not None and key.forest > TELLING and key.epsilon2 < key.forest * ALONE
    ]
    if not found:
        return ""
    named = ", ".join(found[:5]) + (" …" if len(found) > 5 else "")
    return f"{named}: little alone, more in combination with other keys; look at a pivot of two"


def _as_numbers(column: Sequence[Value | None]) -> list[float]:
    """A column for the forest: numbers as they are, everything else by its rank among the rest, far below."""
    rest = sorted({value for value in column if value is not None and value[1] is None}, key=repr)
    ranks: dict[Any, int] = {value: at for at, value in enumerate(rest)}
    numbers = [value[1] for value in column if value is not None and value[1] is not None and abs(value[1]) < 1e30]
    low = min(numbers, default=0.0)
    step = (max(numbers, default=1.0) - low) / 10 or 1.0
    floor = low - step * (len(rest) + 2)

    def number(value: Any) -> float:
        if value is None:
            return floor
        if value[1] is None:
            return floor + step * (ranks[value] + 1)
        return float(max(-1e30, min(1e30, value[1])))

    return [number(value) for value in column]
