#!/usr/bin/env python3
"""Verifies an exported log with nothing but Python's standard library (3.11).

  verify.py LOGDIR --key VKEY [--checkpoints FILE]   prints one JSON line; exit 0 sound, 1 not sound, 2 misuse
  verify.py - --key VKEY                             many: a line each, entries and checkpoints in base64, a space between

FILE is the copy of the checkpoints that was kept elsewhere; without it the log's own are read, which proves less.
"""
import argparse
import base64
import hashlib
import json
import os
import re
import sys

# --- Ed25519, RFC 8032 5.1: verification only -----------------------------------------------------------------
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * SQRT_M1 % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def mul(s, p):
    q = (0, 1, 1, 0)
    while s > 0:
        if s & 1:
            q = add(q, p)
        p = add(p, p)
        s >>= 1
    return q


def decode_point(b):
    y = int.from_bytes(b, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def encode_point(p):
    z = pow(p[2], P - 2, P)
    x, y = p[0] * z % P, p[1] * z % P
    return (y | ((x & 1) << 255)).to_bytes(32, "little")


BY = 4 * pow(5, P - 2, P) % P
BX = recover_x(BY, 0)
BASE = (BX, BY, 1, BX * BY % P)


def ed25519_verify(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a = decode_point(public)
    s = int.from_bytes(signature[32:], "little")
    if a is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    minus_a = (P - a[0], a[1], a[2], P - a[3])
    # Without the cofactor, and by bytes: what OpenSSL, and so Node, does.
    return encode_point(add(mul(s, BASE), mul(k, minus_a))) == signature[:32]


# --- C2SP signed-note v1.0.0, tlog-checkpoint v1.0.0 ----------------------------------------------------------
class Bad(Exception):
    pass


def strict_base64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Bad("base64")
    if base64.b64encode(data).decode() != text:  # stray bits in the last character
        raise Bad("base64")
    return data


def parse_vkey(text):
    name, key_id, material = text.split("+", 2)
    data = strict_base64(material)
    if len(data) != 33 or data[0] not in (1, 4):
        raise Bad("not an Ed25519 verifier key")
    if hashlib.sha256(name.encode() + b"\n" + data).digest()[:4].hex() != key_id:
        raise Bad("the key id does not belong to the key")
    return {"name": name, "id": bytes.fromhex(key_id), "type": data[0], "public": data[1:]}


# Unicode's White_Space, spelled out: \\s means another set in every language, and two verifiers must agree.
SPACE = "\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
LINE = re.compile("\u2014 ([^%s+]+) ([A-Za-z0-9+/=]+)" % SPACE)


def open_note(raw, keys):
    """The text of the note and who signed it. Every signature of a known key must hold; one must be there."""
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("utf-8")
    if any(ord(c) < 32 and c != "\n" for c in whole):
        raise Bad("a control character")
    end = whole.rfind("\n\n")
    if end < 0 or not whole.endswith("\n"):
        raise Bad("no signatures")
    text, lines = whole[: end + 1], whole[end + 2 :].split("\n")[:-1]
    if not 0 < len(lines) <= 64:
        raise Bad("no signatures, or too many")
    signed_by = []
    for line in lines:
        match = LINE.fullmatch(line)
        data = strict_base64(match[2]) if match else b""
        if len(data) < 5:
            raise Bad("a malformed signature line")
        for key in keys:
            if key["name"] != match[1] or key["id"] != data[:4]:
                continue
            message, seconds = text.encode(), None
            if key["type"] == 4:
                if len(data) != 76:
                    raise Bad("a signature of the wrong length")
                seconds = int.from_bytes(data[4:12], "big")
                message = b"cosignature/v1\ntime %d\n" % seconds + message
            elif len(data) != 68:
                raise Bad("a signature of the wrong length")
            if not ed25519_verify(key["public"], message, data[-64:]):
                raise Bad("a signature does not hold")
            signed_by.append((key["name"], seconds))
    if not signed_by:
        raise Bad("no signature of a known key")
    return text, signed_by


def parse_checkpoint(text):
    lines = text.split("\n")
    body = lines[:-1]
    if lines[-1] != "" or len(body) < 3 or "" in body or not re.fullmatch("0|[1-9][0-9]{0,15}", body[1]):
        raise Bad("not a checkpoint")
    root = strict_base64(body[2])
    if len(root) != 32 or int(body[1]) > 2**53 - 1:
        raise Bad("not a checkpoint")
    return body[0], int(body[1]), root


# --- RFC 6962 2.1, growing ------------------------------------------------------------------------------------
def sha(data):
    return hashlib.sha256(data).digest()


class Tree:
    def __init__(self):
        self.size, self.frontier = 0, []

    def append(self, leaf):
        node, rest = leaf, self.size
        while rest & 1:
            node = sha(b"\x01" + self.frontier.pop() + node)
            rest >>= 1
        self.frontier.append(node)
        self.size += 1

    def root(self):
        if not self.frontier:
            return sha(b"")
        node = self.frontier[-1]
        for left in reversed(self.frontier[:-1]):
            node = sha(b"\x01" + left + node)
        return node


# --- the log --------------------------------------------------------------------------------------------------
ENTRY = re.compile(
    r'\{"seq":(0|[1-9][0-9]{0,15}),(?:"salt":"([0-9a-f]{32})","body":("(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*")'
    r'|"commitment":"([0-9a-f]{64})")\}'
)


def leaf_of(line, seq, result):
    try:
        match = ENTRY.fullmatch(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise Bad("entry: %d" % seq)
    if match is None or match[1] != str(seq):
        raise Bad("entry: %d" % seq)
    if match[4] is not None:
        result["shredded"] += 1
        commitment = bytes.fromhex(match[4])
    else:
        decoded = json.loads(match[3])
        if any(0xD800 <= ord(c) < 0xE000 for c in decoded) or json.dumps(decoded, ensure_ascii=False) != match[3]:
            raise Bad("entry: %d" % seq)
        commitment = sha(bytes.fromhex(match[2]) + decoded.encode())
    return sha(b"\x00\x01" + commitment)


def split_notes(data):
    note, notes = [], []
    for line in re.findall(rb"[^\n]*\n|[^\n]+", data):
        if line == b"==\n":
            notes.append(b"".join(note))
            note = []
        else:
            note.append(line)
    return notes + ([b"".join(note)] if note else [])


def verify(entries, checkpoints, key, origin):
    result = {"ok": False, "size": 0, "covered": 0, "shredded": 0}
    roots, tree = {}, Tree()

    def check():
        root = roots.pop(tree.size, None)
        if root is not None:
            result["covered"] = tree.size
            if root != tree.root():
                raise Bad("root: %d" % tree.size)

    try:
        for note in split_notes(checkpoints):
            try:
                found, size, root = parse_checkpoint(open_note(note, [key])[0])
            except Bad as bad:
                raise Bad("checkpoint: %s" % bad)
            if found != origin:
                raise Bad("checkpoint: another log")
            if roots.setdefault(size, root) != root:
                raise Bad("checkpoint: fork")
        if not roots:
            raise Bad("checkpoint: none")
        check()
        at = 0
        while at < len(entries):
            end = entries.find(b"\n", at)
            if end < 0:
                raise Bad("entry: %d" % tree.size)
            tree.append(leaf_of(entries[at:end], tree.size, result))
            result["size"] = tree.size
            check()
            at = end + 1
        if roots:
            raise Bad("truncated: a checkpoint of %d entries" % max(roots))
        result["ok"] = True
    except Bad as bad:
        result["problem"] = str(bad)
    return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("log")
    parser.add_argument("--key", required=True)
    parser.add_argument("--checkpoints")
    args = parser.parse_args()
    key = parse_vkey(args.key)
    if args.log == "-":
        for line in sys.stdin:
            entries, checkpoints = (base64.b64decode(part) for part in line.rstrip("\n").split(" "))
            print(json.dumps(verify(entries, checkpoints, key, key["name"]), sort_keys=True), flush=True)
        return 0
    with open(os.path.join(args.log, "entries.jsonl"), "rb") as file:
        entries = file.read()
    with open(args.checkpoints or os.path.join(args.log, "checkpoint"), "rb") as file:
        checkpoints = file.read()
    result = verify(entries, checkpoints, key, key["name"])
    print(json.dumps(result, sort_keys=True))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
