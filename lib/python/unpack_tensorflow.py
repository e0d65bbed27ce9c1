"""Unpacks TensorFlow's C library and its headers from a wheel: unpack_tensorflow.py WHEEL FOLDER

Writes FOLDER/lib/*.so and FOLDER/include, as tfjs-node's build expects them. Standard library alone.
"""

import os
import sys
import zipfile

LIBRARIES = {
    "tensorflow/libtensorflow_cc.so.2": "libtensorflow.so",
    "tensorflow/libtensorflow_framework.so.2": "libtensorflow_framework.so",
}
HEADERS = (
    "tensorflow/include/tensorflow/c/",
    "tensorflow/include/tensorflow/core/platform/",
    "tensorflow/include/tensorflow/tsl/",
    "tensorflow/include/tensorflow/compiler/xla/tsl/",
    "tensorflow/include/tsl/",
    "tensorflow/include/xla/tsl/",
    "tensorflow/include/external/local_xla/xla/tsl/",
)


def write(wheel: zipfile.ZipFile, member: str, path: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with wheel.open(member) as source, open(path, "wb") as target:
        while block := source.read(1 << 22):
            target.write(block)


def main(wheel_path: str, folder: str) -> None:
    with zipfile.ZipFile(wheel_path) as wheel:
        for member, link in LIBRARIES.items():
            name = os.path.basename(member)
            write(wheel, member, os.path.join(folder, "lib", name))
            os.symlink(name, os.path.join(folder, "lib", link))
        for member in wheel.namelist():
            if member.startswith(HEADERS) and not member.endswith("/"):
                write(wheel, member, os.path.join(folder, member.removeprefix("tensorflow/")))


if __name__ == "__main__":
    main(*sys.argv[1:])
