"""A device that is not the CPU, for machines without a GPU.

Tensors on it hold a tensor on the CPU and compute with that; but as on a GPU, a tensor there and one on
the CPU cannot be combined, none is read as an array unless it is copied back, and what is made
on the device must be asked for there. So code that runs on the stand-in puts every tensor where
it belongs. It says nothing of a GPU's arithmetic.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode, return_and_correct_aliasing
from torch.utils._pytree import tree_flatten, tree_map, tree_map_only
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

_NAME = "standin"
#: Operations that take a tensor from one device to another.
_COPIES = {"aten::copy_", "aten::_to_copy"}
#: What x[i] is: i may be on the CPU, wherever x is.
_INDEXING = {"aten::index", "aten::index_put", "aten::index_put_", "aten::_index_put_impl_"}


class MixedDevices(RuntimeError):
    """Tensors of the CPU and of the stand-in meet in one operation."""


class _Held(torch.Tensor):
    """A tensor on the stand-in; `held` is the one that it computes with."""

    held: torch.Tensor

    @staticmethod
    def __new__(cls, held: torch.Tensor) -> "_Held":
        made = torch.Tensor._make_wrapper_subclass(
            cls,
            held.size(),
            strides=held.stride(),
            storage_offset=held.storage_offset(),
            dtype=held.dtype,
            layout=held.layout,
            device=torch.device(_NAME, 0),
        )
        made.held = held
        return made

    def tolist(self) -> Any:
        """Return the numbers; torch does not let subclasses do that."""
        return self.held.tolist()

    def __repr__(self) -> str:
        """Return the numbers and where they are."""
        return f"on the stand-in: {self.held!r}"

    @classmethod
    def __torch_dispatch__(cls, function, types, arguments=(), keywords=None) -> Any:
        return _compute(function, arguments, keywords or {})


class _Mode(TorchDispatchMode):
    """Sees operations that have no tensor among their arguments, too."""

    def __torch_dispatch__(self, function, types, arguments=(), keywords=None) -> Any:
        return _compute(function, arguments, keywords or {})


def _compute(function: Any, arguments: tuple, keywords: dict[str, Any]) -> Any:
    tensors = [t for t in tree_flatten((arguments, keywords))[0] if isinstance(t, torch.Tensor)]
    held = [tensor for tensor in tensors if isinstance(tensor, _Held)]
    target = keywords.get("device")
    there = bool(held) if target is None else torch.device(target).type == _NAME
    name = function._schema.name
    if held and name not in _COPIES:
        indexed = name in _INDEXING and isinstance(arguments[0], _Held)
        # A tensor that is a number is taken from anywhere.
        if not indexed and any(not isinstance(t, _Held) and t.dim() > 0 for t in tensors):
            raise MixedDevices(f"{function} on tensors of the CPU and of the stand-in")
    if target is not None:
        keywords = {**keywords, "device": torch.device("cpu")}
    inner = tree_map_only(_Held, lambda tensor: tensor.held, (arguments, keywords))
    done = function(*inner[0], **inner[1])
    if name == "aten::copy_":
        return arguments[0]
    if there:
        done = tree_map(lambda t: _Held(t) if isinstance(t, torch.Tensor) else t, done)
        return return_and_correct_aliasing(function, arguments, keywords, done)
    return done


# At once: autograd counts the devices when it is first used.
if not torch.cuda.is_available():
    # Beside CUDA it would be torch's accelerator too, and autograd on CUDA would fail.
    _setup_privateuseone_for_python_backend(_NAME)


@contextmanager
def stand_in_gpu() -> Iterator[torch.device]:
    """Yield the stand-in; it can be used inside the block only."""
    before = torch._C._only_lift_cpu_tensors()
    # What torch.tensor makes of numbers goes to the device as any other tensor does.
    torch._C._set_only_lift_cpu_tensors(True)
    try:
        with _Mode():
            yield torch.device(_NAME, 0)
    finally:
        torch._C._set_only_lift_cpu_tensors(before)
