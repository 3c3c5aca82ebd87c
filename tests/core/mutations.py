"""Damages files in the ways in which disks, mail programs and attackers do, the same for the same seed."""

from __future__ import annotations

import io
import json
import random
import re
import struct
import zipfile
from collections.abc import Callable
from typing import Any

Change = Callable[[bytes, random.Random], bytes]

EVIL_VALUES: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1.5,
    1e308,
    float("nan"),
    float("inf"),
    -(10**400),
    2**63,
    "",
    "x" * 5000,
    "\ud800",
    "\0",
    "../../etc/passwd",
    [],
    {},
    [None],
    [[[[]]]],
    {"": {}},
    [1] * 3000,
)
EVIL_CELLS: tuple[bytes, ...] = (
    b"",
    b"-1",
    b"1e30",
    b"1e400",
    b"5e-324",
    b"nan",
    b"9" * 400,
    b"0x1F",
    b"1_000",
    b'"',
    b'"a""b\n"',
    b"\0",
    b"\xff\xfe",
    "٣".encode(),
    b"label",
    b"x" * 70_000,
    b"1," * 3_000,
    b"\n" * 50,
)
EVIL_HEADERS = (
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -7), }",
    "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 0), }",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<U0', 'fortran_order': False, 'shape': (), }",
    "{'descr': '<M8[s]', 'fortran_order': False, 'shape': (3,), }",
    "{'descr': [('a', '<f4', (100000,)), ('b', '|O')], 'fortran_order': False, 'shape': (9,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (True,), }",
    "{'descr': '(2,3)<f4', 'fortran_order': False, 'shape': (), }",
    "{'descr': 'nonsense', 'fortran_order': False, 'shape': (), }",
    "{'descr': '<f4', 'fortran_order': 3, 'shape': 7}",
    "{'descr': __import__('os').getcwd(), 'fortran_order': False, 'shape': (), }",
    "(" * 2000,
    "{'descr': '<f4', 'fortran_order': False, 'shape': (10L,), }",
    "'''",
    "",
)


def flip_bytes(content: bytes, chance: random.Random) -> bytes:
    """Change a few bytes anywhere."""
    damaged = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 4, 64))):
        damaged[chance.randrange(len(damaged))] ^= chance.randrange(1, 256)
    return bytes(damaged)


def cut_off(content: bytes, chance: random.Random) -> bytes:
    """Keep the beginning alone."""
    return content[: chance.randrange(len(content))]


def cut_out(content: bytes, chance: random.Random) -> bytes:
    """Lose, double or blank a part."""
    start = chance.randrange(len(content))
    stop = start + chance.choice((1, 2, 100, 4096))
    part = content[start:stop]
    return content[:start] + chance.choice((b"", part * 2, bytes(len(part)))) + content[stop:]


def change_cell(content: bytes, chance: random.Random) -> bytes:
    """Put something evil in the place of a cell of a table, or of a number or word of any text."""
    places = list(re.finditer(rb"[^,\n\[\]{}: ]+", content))
    start, stop = chance.choice(places).span() if places else (0, 0)
    return content[:start] + chance.choice(EVIL_CELLS) + content[stop:]


def change_number(content: bytes, chance: random.Random) -> bytes:
    """Let four bytes of the beginning, where files say how much they hold, say something else."""
    start = chance.randrange(min(len(content), 64))
    value = chance.choice((0, 1, 0xFF, 0x7FFF, 0xFFFF, 2**24, 2**31 - 1, 2**31, 2**32 - 1))
    return content[:start] + struct.pack(chance.choice("<>") + "I", value) + content[start + 4 :]


def members_of(content: bytes) -> dict[str, bytes]:
    """Return what is packed in an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return an archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def lose_member(content: bytes, chance: random.Random) -> bytes:
    """Remove a member, or give it the name or the content of another, or pack all in another way."""
    members = members_of(content)
    one, other = (chance.choice(list(members)) for _ in range(2))
    match chance.randrange(4):
        case 0:
            del members[one]
        case 1:
            members[one] = members[other]
        case 2:
            members[chance.choice(("../x", "x" * 300, "micronn", "ä\n.npy", "x/"))] = members.pop(one)
    method = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA))
    return packed(members, method)


def damage_member(content: bytes, chance: random.Random) -> bytes:
    """Damage a member so that the archive around it is sound."""
    members = members_of(content)
    name = chance.choice(list(members))
    if members[name]:
        members[name] = chance.choice((flip_bytes, cut_off, cut_out))(members[name], chance)
    return packed(members)


def forge_header(content: bytes, chance: random.Random) -> bytes:
    """Let an array claim to be something else."""
    members = members_of(content)
    name = chance.choice(list(members))
    header = chance.choice(EVIL_HEADERS).encode() + b"\n"
    version = chance.choice(((1, "<H"), (2, "<I"), (3, "<I"), (9, "<I")))
    magic = b"\x93NUMPY" + bytes((version[0], 0)) + struct.pack(version[1], len(header))
    members[name] = magic + header + chance.choice((b"", members[name][128:]))
    return packed(members)


def claim_sizes(content: bytes, chance: random.Random) -> bytes:
    """Let the archive's own directory claim other sizes, offsets or flags for a member."""
    damaged = bytearray(content)
    places = [i for i in range(len(content) - 46) if content[i : i + 4] == b"PK\x01\x02"]
    if places:
        at = chance.choice(places) + chance.choice((8, 10, 16, 20, 24, 28, 30, 32, 42))
        damaged[at : at + 4] = struct.pack("<I", chance.choice((0, 1, 99, 2**31, 2**32 - 1)))
    return bytes(damaged)


def change_json(text: str, chance: random.Random) -> str:
    """Put an evil value into a JSON text, remove a name, or add one."""
    values = json.loads(text)
    places: list[tuple[Any, Any]] = []

    def collect(value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            places.append((value, key))
            if isinstance(inner, dict | list):
                collect(inner)

    collect(values)
    holder, key = chance.choice(places)
    match chance.randrange(6):
        case 0 if isinstance(holder, dict):
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[chance.choice(("extra", "", "ä", "__class__"))] = chance.choice(EVIL_VALUES)
        case 2:
            return json.dumps(chance.choice((*EVIL_VALUES, "[" * 10_000)))
        case 3:
            return "[" * 100_000
        case _:
            holder[key] = chance.choice(EVIL_VALUES)
    return json.dumps(values)
