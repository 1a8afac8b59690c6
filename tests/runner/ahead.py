"""Builds what later parts need while earlier ones wait, at the lowest priority: a test's time is mostly deadlines."""
import os
import threading

from fuzzing import targets
from programs import EMULATED_ROOM, programs_of, rooms, threaded_rooms
from workshop import build


def build_ahead():
    threading.Thread(target=build_each, daemon=True).start()


def build_each():
    os.nice(19)  # this thread, on Linux, and what it starts
    for preset, wanted in in_order_of_need():
        build(preset, *wanted)


def in_order_of_need():
    """As the parts ask for them: what is built under the same words is not built again."""
    return [
        ('asan', programs_of(rooms())),
        ('asan', programs_of([EMULATED_ROOM])),
        ('gcc-asan', programs_of([EMULATED_ROOM])),
        ('asan', ('byot',)),
        ('gcc-asan', programs_of(rooms())),
        ('gcc-asan', ('byot',)),
        ('public-asio', programs_of(('net', 'http'))),
        ('public-asio', ('byot',)),
        ('tsan', programs_of(threaded_rooms())),
        ('tsan', ('byot',)),
        ('fuzz', targets()),
    ]
