"""Writes the .pt files of this folder with Python's own pickle and zipfile, as torch.save would: README.md tells how."""

import collections
import io
import pickle
import struct
import sys
import types
import zipfile


def module(name, **members):
    made = types.ModuleType(name)
    for key, value in members.items():
        if isinstance(value, type) or callable(value):
            value.__module__, value.__qualname__, value.__name__ = name, key, key
        setattr(made, key, value)
    sys.modules[name] = made
    return made


def function():
    def rebuilt(*arguments):
        raise AssertionError("only its name is pickled")

    return rebuilt


STORAGES = {
    "Bool": "?", "Char": "b", "Byte": "B", "Short": "h", "Int": "i", "Long": "q", "Half": "e", "BFloat16": None,
    "Float": "f", "Double": "d", "ComplexFloat": "f",
}
torch = module("torch", **{name + "Storage": type(name, (), {}) for name in STORAGES}, Size=type("Size", (tuple,), {"__reduce__": lambda size: (torch.Size, (tuple(size),))}),
               float32=function())
utils = module("torch._utils", _rebuild_tensor_v2=function(), _rebuild_parameter=function())


class Storage:
    def __init__(self, kind, values):
        self.kind, self.values = kind, values

    def data(self, order):
        if self.kind == "BFloat16":
            return b"".join(struct.pack(order + "I", struct.unpack("<I", struct.pack("<f", v))[0])[slice(2, 4)
                            if order == "<" else slice(0, 2)] for v in self.values)
        return struct.pack(order + str(len(self.values)) + STORAGES[self.kind], *self.values)


class TensorOf:
    def __init__(self, storage, sizes, strides=None, offset=0, parameter=False):
        self.storage, self.sizes, self.offset, self.parameter = storage, sizes, offset, parameter
        self.strides = strides
        if strides is None:
            stride, strides = 1, []
            for size in reversed(sizes):
                strides.insert(0, stride)
                stride *= max(size, 1)
            self.strides = tuple(strides)

    def __reduce__(self):
        hooks = collections.OrderedDict()
        if self.parameter:
            plain = TensorOf(self.storage, self.sizes, self.strides, self.offset)
            return (utils._rebuild_parameter, (plain, True, hooks))
        return (utils._rebuild_tensor_v2, (self.storage, self.offset, tuple(self.sizes), self.strides, False, hooks))


class Pickler(pickle.Pickler):
    def __init__(self, out):
        super().__init__(out, protocol=2)
        self.storages = []

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        if value not in self.storages:
            self.storages.append(value)
        return ("storage", getattr(torch, value.kind + "Storage"), str(self.storages.index(value)), "cpu",
                len(value.values))


def save(name, value, order="<", compression=zipfile.ZIP_STORED, folder="archive", zip64=False, byteorder=True):
    out = io.BytesIO()
    pickler = Pickler(out)
    pickler.dump(value)
    with zipfile.ZipFile(name, "w", compression) as archive:

        def write(entry, data):
            info = zipfile.ZipInfo(folder + "/" + entry)
            info.compress_type = compression
            with archive.open(info, "w", force_zip64=zip64) as stream:
                stream.write(data)

        write("data.pkl", out.getvalue())
        if byteorder:
            write("byteorder", b"little" if order == "<" else b"big")
        for i, storage in enumerate(pickler.storages):
            write("data/%d" % i, storage.data(order))
        write("version", b"3\n")


def tensor(kind, values, *sizes):
    return TensorOf(Storage(kind, values), sizes)


def network():
    state = collections.OrderedDict()
    state["hidden.weight"] = tensor("Float", [0.5, -1.25, 3.0, 1e-3, -0.0, float("inf")], 2, 3)
    state["hidden.bias"] = tensor("Float", [0.25, -0.75], 2)
    state["norm.running_mean"] = tensor("Double", [1.5, -2.5], 2)
    state["norm.num_batches_tracked"] = TensorOf(Storage("Long", [7]), ())
    state._metadata = collections.OrderedDict([("", {"version": 1}), ("hidden", {"version": 1})])
    return state


def main():
    save("state_dict.pt", network(), folder="state_dict")
    save("no_byteorder.pt", network(), byteorder=False)
    save("zip64.pt", network(), zip64=True)
    save("deflated.pt", network(), compression=zipfile.ZIP_DEFLATED)
    save("big_endian.pt", {"f": tensor("Float", [1.5, -2.0], 2), "h": tensor("Half", [1.5, -65504.0], 2),
                           "b": tensor("BFloat16", [1.5, -2.0], 2), "l": tensor("Long", [1, -2], 2),
                           "d": tensor("Double", [0.1], 1)}, order=">")
    save("dtypes.pt", collections.OrderedDict([
        ("half", tensor("Half", [1.5, -65504.0, 6e-8, float("inf")], 4)),
        ("bfloat16", tensor("BFloat16", [1.5, -3.0, 1e30], 3)),
        ("float", tensor("Float", [1.5, -0.0, 1e-45], 3)),
        ("double", tensor("Double", [0.1, -1e300], 2)),
        ("int8", tensor("Char", [-128, 127], 2)),
        ("uint8", tensor("Byte", [0, 255], 2)),
        ("int16", tensor("Short", [-32768, 32767], 2)),
        ("int32", tensor("Int", [-(2 ** 31), 2 ** 31 - 1], 2)),
        ("int64", tensor("Long", [-(2 ** 63), 2 ** 63 - 1], 2)),
        ("bool", tensor("Bool", [True, False, True], 3)),
    ]))
    shared = Storage("Float", [float(i) for i in range(24)])
    save("views.pt", {
        "whole": TensorOf(shared, (2, 3, 4)),
        "tied": TensorOf(shared, (2, 3, 4)),
        "row": TensorOf(shared, (4,), (1,), 8),
        "column": TensorOf(shared, (6,), (4,), 1),
        "transposed": TensorOf(shared, (4, 3, 2), (1, 4, 12)),
        "expanded": TensorOf(shared, (3, 2), (0, 1), 22),
        "scalar": TensorOf(shared, (), (), 23),
        "empty": TensorOf(shared, (0, 3), (3, 1), 24),
        "none": TensorOf(Storage("Float", []), (0,)),
    })
    save("training.pt", {
        "model": network(),
        "optimizer": {
            "state": {0: {"step": tensor("Float", [12.0], 1), "exp_avg": tensor("Float", [0.5, 0.25], 2)}},
            "param_groups": [{"lr": 1e-3, "betas": (0.9, 0.999), "amsgrad": False, "fused": None, "params": [0, 1]}],
        },
        "epoch": 3, "seed": 2 ** 40, "large": 2 ** 70, "negative": -5, "name": "größer", "best": True,
        "size": torch.Size((2, 3)), "dtype": torch.float32,
        "parameter": TensorOf(Storage("Float", [9.0]), (1,), parameter=True),
    })
    whole = type("Net", (), {})
    module("mine", Net=whole)
    net = whole()
    net.weight = tensor("Float", [1.0], 1)
    save("whole_model.pt", net)
    save("complex.pt", {"z": TensorOf(Storage("ComplexFloat", [1.0, 2.0]), (1,))})
    with open("legacy.pt", "wb") as out:  # how PyTorch before 1.6 begins
        pickle.dump(0x1950A86A20F9469CFC6C, out, protocol=2)
        pickle.dump(1001, out, protocol=2)
        pickle.dump({"little_endian": True}, out, protocol=2)


main()
