"""Jobs for the limited child in the tests: honest ones and others."""

import ctypes
import os
import select
import sys
import time

KEPT = []


def echo(params, blobs):
    return {"params": params, "pid": os.getpid()}, blobs


def spin(params, blobs):
    while True:
        pass


def work(params, blobs):
    """Work for so many seconds of CPU."""
    until = time.process_time() + params
    while time.process_time() < until:
        pass
    return None, []


def wait(params, blobs):
    reader, _writer = os.pipe()
    select.select([reader], [], [])


def grow(params, blobs):
    kept = []
    while True:
        kept.append(bytearray(1 << 20))


def grow_and_trip(params, blobs):
    try:
        grow(params, blobs)
    finally:
        raise ValueError("cannot close")


def keep(params, blobs):
    KEPT.append(bytearray(os.urandom(1) * (80 << 20)))
    return os.getpid(), []


def dive(params, blobs):
    return dive(params, blobs)


def crash(params, blobs):
    ctypes.string_at(0)


def abort(params, blobs):
    os.abort()


def fail(params, blobs):
    raise ValueError(params)


def look_around(params, blobs):
    print("nothing of this may reach the other side")
    try:
        with open(params["file"], "w") as file:
            file.write("x")
        written = True
    except OSError:
        written = False
    return {"environment": sorted(os.environ), "modules": sorted(sys.modules), "written": written}, []
