"""What a stored tensor reads back as: dtype, shape, device and elements, without the library that made it."""

from __future__ import annotations

from typing import Any

from ..errors import MissingPackageError, NotSupportedError
from .scalars import from_base64
from .standins import StandIn

#: dtypes that numpy calls otherwise
_NAMES = {"half": "float16", "float": "float32", "double": "float64", "cfloat": "complex64", "cdouble": "complex128"}


class TensorStandIn(StandIn):
    """A tensor of torch, JAX or TensorFlow, as stored. Equal to the tensor it stands for.

    Args:
        json: the encoded tensor.
        stored: its elements: base64 text, one number, a list; None for a tensor without any (torch's meta device).
    """

    __slots__ = ("_stored",)

    def __init__(self, json: dict[str, Any], stored: Any) -> None:
        super().__init__(json)
        self._stored = stored

    @property
    def library(self) -> str:
        """``torch``, ``jax`` or ``tensorflow``."""
        return str(self.json["library"])

    @property
    def dtype(self) -> str:
        """The element's type by name, such as ``bfloat16``."""
        return str(self.json["dtype"])

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape."""
        return tuple(self.json["shape"])

    @property
    def device(self) -> str:
        """Where it was: ``cpu``, ``cuda:0``."""
        return str(self.json.get("device", "cpu"))

    @property
    def requires_grad(self) -> bool:
        """Whether torch was to keep a gradient for it."""
        return bool(self.json.get("grad", False))

    def numpy(self) -> Any:
        """The elements as a numpy array; bfloat16 as float32, which holds every value of it.

        Raises:
            MissingPackageError: numpy is not installed.
            NotSupportedError: a dtype that numpy has no like of.
        """
        try:
            import numpy as np
        except ImportError:
            raise MissingPackageError("numpy", "", "a tensor's elements") from None
        if self._stored is None:
            raise NotSupportedError("elements of a tensor that had none", "it was traced, or on the meta device")
        if isinstance(self._stored, list):
            flat = np.empty(len(self._stored), dtype=object)
            flat[:] = self._stored
            return flat.reshape(self.shape)
        name = _NAMES.get(self.dtype, self.dtype)
        if not isinstance(self._stored, str):
            return np.array(self._stored, dtype="float32" if name == "bfloat16" else self._numpy_dtype(np, name))
        content = from_base64(self._stored)
        if name == "bfloat16":
            wide = np.frombuffer(content, "<u2").astype("<u4") << 16
            return wide.view("<f4").reshape(self.shape)
        if name.startswith("key<"):  # a JAX random key: the words behind it
            return np.frombuffer(content, "<u4").reshape(self.shape)
        dtype = self._numpy_dtype(np, name)
        return np.frombuffer(content, dtype.newbyteorder("<")).reshape(self.shape).astype(dtype)

    def _numpy_dtype(self, np: Any, name: str) -> Any:
        try:
            return np.dtype(name)
        except TypeError:
            raise NotSupportedError(f"elements of dtype {name}", "see .json for their bytes") from None

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        array = self.numpy()
        return array if dtype is None else array.astype(dtype)

    def tolist(self) -> Any:
        """The elements as nested lists; one number by itself for a tensor without dimensions."""
        return self.numpy().tolist()

    def item(self) -> Any:
        """The only element.

        Raises:
            ValueError: it has more.
        """
        return self.numpy().item()
