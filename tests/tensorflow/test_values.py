"""Values of TensorFlow, against the real one. It has an environment of its own: `make tensorflow`."""

from __future__ import annotations

from typing import Any

import pytest

from givens.codec import Redaction, decode, dumps, encode, loads

tf = pytest.importorskip("tensorflow", reason="tensorflow is not installed: `make tensorflow` has it")
REDACTION = Redaction(key_file="/nonexistent/givens.key")


def again(value: Any) -> Any:
    encoded = encode(value, ("x",), REDACTION)
    assert not encoded.lossy
    read = decode(loads(dumps(encoded.json).encode()))
    assert read == value
    assert encode(read, ("x",), REDACTION).json == encoded.json
    return read


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int32", "uint8", "bool", "complex128"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_a_tensor_has_its_dtype_shape_and_elements_again(dtype: str, shape: tuple[int, ...]) -> None:
    tensor = tf.cast(tf.ones(shape), dtype)
    read = again(tensor)
    assert (read.library, read.dtype, read.shape, read.device) == ("tensorflow", dtype, shape, "cpu")
    assert read.tolist() == tensor.numpy().tolist()


def test_texts_are_bytes() -> None:
    assert again(tf.constant(["a", "b"])).tolist() == [b"a", b"b"]
    assert again(tf.constant("a")).item() == b"a"


def test_a_variable_can_change_and_a_tensor_cannot() -> None:
    variable = tf.Variable([1.0, 2.0])
    assert again(variable).json["type"] == "tensorflow.Variable"
    assert encode(variable, (), REDACTION).mutable
    assert not encode(tf.constant(1), (), REDACTION).mutable


def test_dtypes_and_shapes_are_constants() -> None:
    assert str(again(tf.float32)) == "tf.float32"
    assert again(tf.TensorShape([1, None])).json["v"] == [1, None]
    assert again(tf.TensorShape(None)).json["v"] is None
    assert again(tf.float32) != tf.float64
