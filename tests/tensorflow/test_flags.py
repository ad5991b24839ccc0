"""TensorFlow's flags, against the real one: each in a process of its own, since flags belong to the process."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Folder

if importlib.util.find_spec("tensorflow") is None:
    pytest.skip("tensorflow is not installed: `make tensorflow` has it", allow_module_level=True)

SCRIPT = """
import json
import tensorflow as tf
import givens

flags = tf.compat.v1.flags
flags.DEFINE_float("lr", 0.1, "learning rate")
flags.DEFINE_integer("epochs", 3, "how often")
FLAGS = flags.FLAGS
run = givens.init(config={given})
print(json.dumps([run.config.lr, FLAGS.lr, run.config.epochs, str(run.explain("lr")), str(run.explain("epochs"))]))
"""


@pytest.mark.parametrize("given", ["FLAGS", "flags"])
def test_flags_of_tensorflow_are_read_as_the_script_will_read_them(given: str, folder: Folder) -> None:
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3"}
    done = folder.run(SCRIPT.format(given=given), "--lr=0.5", options=("-W", "ignore"), env=quiet, timeout_s=180)
    recorded, read, epochs, lr, default = json.loads(done.stdout.splitlines()[-1])
    assert recorded == read == 0.5
    assert epochs == 3
    assert "--lr (given" in lr
    assert "--epochs (default" in default
