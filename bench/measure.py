"""Runs one measurement of one tool: ``python measure.py TOOL ANSWER MEASUREMENT ARGUMENTS``, in the tool's environment.

What it found is written to the file ANSWER as JSON: standard output belongs to the tool.
"""

from __future__ import annotations

import json
import sys

sys.path.append(sys.path.pop(0))  # a tool's own modules come before those of the bench

from measurements import keeping, lives, objects, values
from tools import tool_of

MEASUREMENTS = {
    function.__name__: function
    for function in (
        objects.reads,
        objects.sets,
        lives.first_init,
        lives.later_inits,
        lives.runs,
        keeping.write_until_killed,
        keeping.found_after_kill,
        keeping.copies,
        keeping.sizes,
        keeping.crowd_found,
        values.give,
        values.read_back,
    )
}

if __name__ == "__main__":
    name, answer_file, measurement, *arguments = sys.argv[1:]
    answer = MEASUREMENTS[measurement](tool_of(name), *map(json.loads, arguments))
    with open(answer_file, "w", encoding="utf-8") as file:
        json.dump(answer, file)
