"""Tensors of torch, JAX and TensorFlow, their dtypes, devices and shapes. Read back as stand-ins.

A tensor is ``{"~": "tensor", "library", "dtype", "shape", "v"}``: base64 of the elements' bytes (C order,
little-endian), or the number itself where there is one. ``type``, ``device`` and ``grad`` are there where they say
something. None of the libraries is imported.
"""

from __future__ import annotations

import sys
from typing import Any

from ..keys import Path
from ..records.encoded import TAG
from .kinds import LONG_TEXT, Kind, type_name
from .scalars import to_base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .encode import Walk


def _torch(walk: Walk, value: Any, path: Path) -> Any:
    torch: Any = sys.modules["torch"]
    walk.mutable = True
    more: dict[str, Any] = {}
    if type(value) is not torch.Tensor:
        more["type"] = type_name(type(value))
    if value.device.type != "cpu":
        more["device"] = str(value.device)
    if value.requires_grad:
        more["grad"] = True
    dtype, shape = str(value.dtype).removeprefix("torch."), list(value.shape)
    if value.is_meta:
        return _tensor("torch", dtype, shape, None, more)
    if walk.room is not None and value.numel() * value.element_size() > LONG_TEXT:
        return {**walk.cut(value, path), "dtype": dtype, "shape": shape}
    plain = value.detach()
    if plain.layout is not torch.strided or plain.is_quantized:
        walk.lose(path, f"a {'quantized' if plain.is_quantized else 'sparse'} tensor kept as a dense one")
        plain = plain.dequantize() if plain.is_quantized else plain.to_dense()
        dtype = str(plain.dtype).removeprefix("torch.")
    plain = plain.cpu().resolve_conj().resolve_neg()
    if not shape and not plain.is_complex():
        return _tensor("torch", dtype, shape, walk.value(plain.item(), path), more)
    if plain.is_complex():
        plain = torch.view_as_real(plain)
    content = plain.contiguous().flatten().view(torch.uint8).numpy().tobytes()
    return _tensor("torch", dtype, shape, to_base64(content), more)


def _tensor(library: str, dtype: str, shape: list[int], stored: Any, more: dict[str, Any]) -> dict[str, Any]:
    return {TAG: "tensor", "library": library, "dtype": dtype, "shape": shape, **more, "v": stored}


def _array(walk: Walk, array: Any, path: Path, library: str, dtype: str, more: dict[str, Any]) -> Any:
    """A numpy array that another library gave, as a tensor of that library."""
    shape = list(array.shape)
    if walk.room is not None and array.nbytes > LONG_TEXT:
        return {**walk.cut(array, path), "dtype": dtype, "shape": shape}
    if array.dtype.kind in "OSU":
        items = walk.sequence_leaf("tuple", array, array.ravel().tolist(), path)
        return _tensor(library, dtype, shape, items["v"], more) if "v" in items else items
    if not shape and array.dtype.kind != "c":
        return _tensor(library, dtype, shape, walk.value(array.item(), path), more)
    if sys.byteorder == "big":
        array = array.byteswap()
    return _tensor(library, dtype, shape, to_base64(array.tobytes()), more)


def _jax(walk: Walk, value: Any, path: Path) -> Any:
    import numpy as np

    jax: Any = sys.modules["jax"]
    more: dict[str, Any] = {}
    dtype = str(value.dtype)
    if jax.dtypes.issubdtype(value.dtype, jax.dtypes.prng_key):
        more["type"] = "jax.random.key"
        value = jax.random.key_data(value)
    devices = sorted(f"{device.platform}:{device.id}" for device in value.devices())
    if devices != ["cpu:0"]:
        more["device"] = ", ".join(devices)
    return _array(walk, np.asarray(value), path, "jax", dtype, more)


def _tracer(walk: Walk, value: Any, path: Path) -> Any:
    walk.lose(path, "a value inside jax.jit or the like is not known while it is traced")
    return _tensor("jax", str(value.dtype), [int(size) for size in value.shape], None, {"type": "jax.core.Tracer"})


def _tensorflow(walk: Walk, value: Any, path: Path) -> Any:
    more: dict[str, Any] = {}
    if hasattr(value, "assign"):  # a Variable
        walk.mutable = True
        more["type"] = "tensorflow.Variable"
    device = str(value.device).rpartition("device:")[2]
    if device and device != "CPU:0":
        more["device"] = device
    import numpy as np

    return _array(walk, np.asarray(value.numpy()), path, "tensorflow", value.dtype.name, more)


def _constant(name: str) -> Kind:
    """What is known by its text: ``{"~": "constant", "type": "torch.dtype", "v": "torch.float32"}``."""
    return Kind(lambda _, value, __: {TAG: "constant", "type": name, "v": str(value)}, open=True)


def _jax_device(_: Walk, value: Any, __: Path) -> Any:
    return {TAG: "constant", "type": "jax.Device", "v": f"{value.platform}:{value.id}"}


def _dtype(_: Walk, value: Any, __: Path) -> Any:
    return {TAG: "constant", "type": "tensorflow.DType", "v": f"tf.{value.name}"}


def _shape(_: Walk, value: Any, __: Path) -> Any:
    dimensions = None if value.rank is None else list(value.as_list())
    return {TAG: "constant", "type": "tensorflow.TensorShape", "v": dimensions}


def _size(walk: Walk, value: Any, path: Path) -> Any:
    return walk.sequence_leaf("tuple", value, tuple.__iter__(value), path)  # equal to a tuple, and read back as one


KINDS: dict[str | type, Kind] = {
    "torch.Tensor": Kind(_torch, open=True),
    "torch.dtype": _constant("torch.dtype"),
    "torch.device": _constant("torch.device"),
    "torch.layout": _constant("torch.layout"),
    "torch.memory_format": _constant("torch.memory_format"),
    "torch.Size": Kind(_size),
    "jax.core.Tracer": Kind(_tracer, open=True),
    "jax.Array": Kind(_jax, open=True),
    "jaxlib._jax.ArrayImpl": Kind(_jax, open=True),
    "jaxlib.xla_extension.ArrayImpl": Kind(_jax, open=True),
    "jax.Device": Kind(_jax_device, open=True),
    "tensorflow.Tensor": Kind(_tensorflow, open=True),
    "tensorflow.Variable": Kind(_tensorflow, open=True),
    "tensorflow.DType": Kind(_dtype, open=True),
    "tensorflow.TensorShape": Kind(_shape, open=True),
}


def _read_tensor(json: dict[str, Any], read: Any) -> Any:
    from .tensor_standin import TensorStandIn

    stored = json["v"]
    if isinstance(stored, list):
        stored = [read(item) for item in stored]
    elif isinstance(stored, dict):
        stored = read(stored)
    return TensorStandIn(json, stored)


def _read_constant(json: dict[str, Any], _: Any) -> Any:
    from .standins import ConstantStandIn

    return ConstantStandIn(json)


READERS: dict[str, Any] = {"tensor": _read_tensor, "constant": _read_constant}
