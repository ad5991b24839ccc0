"""Tensors of torch and JAX, against the real ones. TensorFlow's are in tests/tensorflow."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from givens.codec import Redaction, decode, dumps, encode, loads, shown_json
from givens.codec.tensor_standin import TensorStandIn
from givens.errors import NotSupportedError

REDACTION = Redaction(key_file="/nonexistent/givens.key")


def stored(value: Any) -> Any:
    return loads(dumps(encode(value, ("x",), REDACTION).json).encode())


def again(value: Any, *, lossy: bool = False) -> Any:
    """What a value reads back as, which is equal to it and encodes to the same."""
    encoded = encode(value, ("x",), REDACTION)
    assert bool(encoded.lossy) is lossy
    read = decode(stored(value))
    assert encode(read, ("x",), REDACTION).json == encoded.json
    if not lossy:
        assert read == value
    return read


# --- torch --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dtype", ["float32", "float64", "float16", "bfloat16", "int8", "uint8", "int64", "bool", "complex64"]
)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,), (2, 0)])
def test_a_tensor_of_torch_has_its_dtype_shape_and_elements_again(dtype: str, shape: tuple[int, ...]) -> None:
    torch = pytest.importorskip("torch")
    tensor = torch.ones(shape, dtype=getattr(torch, dtype))
    read = again(tensor)
    assert isinstance(read, TensorStandIn)
    assert (read.library, read.dtype, read.shape, read.device) == ("torch", dtype, shape, "cpu")
    assert read.tolist() == tensor.tolist()


def test_what_is_not_laid_out_in_order_is_stored_in_order() -> None:
    torch = pytest.importorskip("torch")
    tensor = torch.arange(6).reshape(2, 3)
    for view in (
        tensor.T,
        tensor[:, ::2],
        tensor[1].expand(2, 3),
        torch.tensor([1 + 2j]).conj(),
        torch.tensor([1.0])._neg_view(),
    ):
        assert again(view).tolist() == view.tolist()


def test_a_scalar_tensor_is_readable_and_special_floats_survive() -> None:
    torch = pytest.importorskip("torch")
    assert stored(torch.tensor(3)) == {"~": "tensor", "library": "torch", "dtype": "int64", "shape": [], "v": 3}
    assert again(torch.tensor(float("inf"))).item() == float("inf")
    nan = again(torch.tensor(float("nan")))
    assert nan.item() != nan.item()


def test_parameters_gradients_and_the_meta_device_are_told() -> None:
    torch = pytest.importorskip("torch")
    parameter = again(torch.nn.Parameter(torch.ones(2)))
    assert parameter.requires_grad
    assert parameter.json["type"] == "torch.nn.parameter.Parameter"
    meta = again(torch.empty(3, device="meta"))
    assert (meta.device, meta.shape) == ("meta", (3,))
    with pytest.raises(NotSupportedError, match="elements of a tensor that had none"):
        meta.tolist()


def test_a_sparse_tensor_is_kept_as_a_dense_one_and_that_is_said() -> None:
    torch = pytest.importorskip("torch")
    assert again(torch.eye(2).to_sparse(), lossy=True).tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_a_dtype_that_numpy_does_not_have_keeps_its_bytes() -> None:
    torch = pytest.importorskip("torch")
    read = again(torch.ones(2, dtype=torch.float8_e4m3fn))
    assert read.json["v"]
    with pytest.raises(NotSupportedError, match="float8_e4m3fn"):
        read.numpy()


def test_constants_of_torch_are_known_by_their_text() -> None:
    torch = pytest.importorskip("torch")
    for value, text in (
        (torch.bfloat16, "torch.bfloat16"),
        (torch.device("cuda:1"), "cuda:1"),
        (torch.channels_last, "torch.channels_last"),
        (torch.strided, "torch.strided"),
    ):
        assert str(again(value)) == shown_json(stored(value)) == text
    assert again(torch.Size([1, 2])) == (1, 2)
    assert again(torch.float32) != torch.float16


def test_tensors_differ_by_value_dtype_and_shape() -> None:
    torch = pytest.importorskip("torch")
    read = again(torch.ones(2))
    assert read != torch.zeros(2)
    assert read != torch.ones(2, dtype=torch.float64)
    assert read != torch.ones(1, 2)
    assert read != [1.0, 1.0]


def test_a_tensor_that_changes_in_place_is_found_at_finish(tmp_path: Any) -> None:
    torch = pytest.importorskip("torch")
    import givens

    tensor = torch.zeros(2)
    with givens.init(config={"weights": tensor}, dir=tmp_path) as run:
        assert run.config.weights is tensor
        tensor[0] = 1
    assert givens.open(run.id, dir=tmp_path).config["weights"].tolist() == [1.0, 0.0]


def test_messages_show_short_tensors_whole_and_long_ones_by_their_shape() -> None:
    torch = pytest.importorskip("torch")
    assert shown_json(stored(torch.tensor([0.1, 2.0]))) == "tensor([0.1, 2.0], dtype=float32)"
    assert shown_json(stored(torch.tensor([True]))) == "tensor([True], dtype=bool)"
    assert shown_json(stored(torch.ones(2, 2))) == "tensor(shape=(2, 2), dtype=float32)"
    assert shown_json(stored(torch.tensor(7))) == "tensor(7, dtype=int64)"


# --- JAX ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int32", "uint8", "bool", "complex64"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_an_array_of_jax_has_its_dtype_shape_and_elements_again(dtype: str, shape: tuple[int, ...]) -> None:
    jnp = pytest.importorskip("jax.numpy")
    array = jnp.ones(shape, dtype=dtype)
    read = again(array)
    assert (read.library, read.dtype, read.shape, read.device) == ("jax", dtype, shape, "cpu")
    assert read.tolist() == array.tolist()
    assert not encode(array, (), REDACTION).mutable


def test_keys_devices_and_dtypes_of_jax() -> None:
    jax = pytest.importorskip("jax")
    key = again(jax.random.key(3))
    assert key.dtype == "key<fry>"
    assert key.tolist() == jax.random.key_data(jax.random.key(3)).tolist()
    assert str(again(jax.devices()[0])) == "cpu:0"
    assert str(again(jax.numpy.dtype("bfloat16"))) == "bfloat16"


def test_a_value_that_is_being_traced_is_kept_without_elements_and_that_is_said() -> None:
    jax = pytest.importorskip("jax")
    seen: list[Any] = []

    def function(x: Any) -> Any:
        seen.append(encode(x, ("x",), REDACTION))
        return x

    jax.jit(function)(jax.numpy.ones(2))
    assert seen[0].json["shape"] == [2] and seen[0].json["v"] is None
    assert [reason for _, reason in seen[0].lossy] == [
        "a value inside jax.jit or the like is not known while it is traced"
    ]


# --- without any of them ------------------------------------------------------------------------------------------


def test_reading_a_tensor_imports_no_library_but_numpy_when_elements_are_asked_for() -> None:
    script = (
        "import sys; from givens.codec import decode\n"
        "read = decode({'~': 'tensor', 'library': 'torch', 'dtype': 'float32', 'shape': [1], 'v': 'AACAPw=='})\n"
        "assert 'numpy' not in sys.modules; assert read.tolist() == [1.0]\n"
        "assert (read.dtype, read.shape) == ('float32', (1,))\n"
        "print(sorted({'torch', 'jax', 'tensorflow'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_bfloat16_elements_are_exact() -> None:
    # 1.0, -2.0 and the smallest normal number: 0x3f80, 0xc000, 0x0080
    read = decode({"~": "tensor", "library": "torch", "dtype": "bfloat16", "shape": [3], "v": "gD8AwIAA"})
    assert read.tolist() == [1.0, -2.0, 2.0**-126]
    assert str(read.numpy().dtype) == "float32"


@pytest.mark.parametrize("value", [3, 2.5, True, [1], None])
def test_a_stand_in_is_no_plain_value(value: Any) -> None:
    assert decode({"~": "tensor", "library": "jax", "dtype": "int32", "shape": [], "v": 3}) != value
