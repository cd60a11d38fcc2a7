#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes seeds of net_ipv6 that the running kernel really sends.

    capture_kernel.py OUT          (needs root, iproute2 and unshare)

Two network namespaces joined by a veth pair; one sends, the other captures every frame with a
packet socket. Each step below is one kind of traffic; a step that this kernel cannot do is
skipped with a note. Frames are written as OUT/kernel-STEP[-N].bin, at most FRAMES of a step.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

HERE, PEER = "fd72:6564:7a6f:6e65::2", "fd72:6564:7a6f:6e65::1"
FAR = "fd72:6564:7a6f:6e65::99"
FRAMES = 4
ETH_P_ALL = 3
CLONE_NEWNET = 0x40000000
IPV6_2292HOPOPTS, IPV6_HOPOPTS, IPV6_DSTOPTS, IPV6_RTHDR = 3, 54, 59, 57

Step = Callable[[], None]


def run(*words: str) -> None:
    """Run one command of iproute2; CalledProcessError if the kernel refuses."""
    subprocess.run(words, check=True, capture_output=True, text=True)


def enter(namespace: str) -> None:
    """Move this process into a named network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{namespace}", "rb") as handle:
        if libc.setns(handle.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"setns {namespace}")


def exec_in(namespace: str, *words: str) -> None:
    run("ip", "netns", "exec", namespace, *words)


@contextmanager
def namespaces() -> Iterator[tuple[str, str]]:
    """Two namespaces with fixed link-layer and IPv6 addresses."""
    names = f"rz-a-{os.getpid()}", f"rz-b-{os.getpid()}"
    try:
        for name in names:
            run("ip", "netns", "add", name)
            exec_in(name, "ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "veth0", "netns", names[0], "address", "02:00:00:00:00:02",
            "type", "veth", "peer", "name", "veth0", "netns", names[1],
            "address", "02:00:00:00:00:01")
        for name, address in zip(names, (HERE, PEER)):
            exec_in(name, "sysctl", "-qw", "net.ipv6.conf.veth0.accept_dad=0")
            exec_in(name, "ip", "addr", "add", f"{address}/64", "dev", "veth0", "nodad")
        yield names
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


class Tap:
    """A packet socket on the receiving side."""

    def __init__(self, namespace: str) -> None:
        here = os.open("/proc/self/ns/net", os.O_RDONLY)
        enter(namespace)
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self.socket.bind(("veth0", ETH_P_ALL))
        ctypes.CDLL(None).setns(here, CLONE_NEWNET)
        os.close(here)

    def frames(self, wait: float) -> list[bytes]:
        """What arrived from the sender; frames that the receiver sends back are left out."""
        found, end = [], time.monotonic() + wait
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                frame, address = self.socket.recvfrom(70000)
            except TimeoutError:
                break
            except OSError as error:
                if error.errno != errno.ENETDOWN:   # says so once, before the link is up
                    raise
                continue
            if address[2] != socket.PACKET_OUTGOING:
                found.append(frame)
        return found


def udp(options: dict[int, bytes] | None = None, size: int = 16, to: str = PEER,
        hops: int | None = None) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sender:
        for option, value in (options or {}).items():
            sender.setsockopt(socket.IPPROTO_IPV6, option, value)
        if hops is not None:
            sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, hops)
        sender.sendto(bytes(i & 0xFF for i in range(size)), (to, 9))


def tcp() -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as client:
        client.settimeout(0.5)
        try:
            client.connect((PEER, 80))
        except OSError:
            pass


def echo(size: int) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6) as raw:
        raw.sendto(struct.pack(">BBHHH", 128, 0, 0, 1, 1) + bytes(size), (PEER, 0))


def join() -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as member:
        group = socket.inet_pton(socket.AF_INET6, "ff05::1234")
        index = socket.if_nametoindex("veth0")
        member.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                          group + struct.pack("@I", index))
        time.sleep(0.3)


def tunnelled(kind: str) -> None:
    run("ip", "link", "add", "tun0", "type", kind, *(
        ("local", HERE, "remote", PEER) if kind == "ip6tnl" else
        ("local", "192.0.2.2", "remote", "192.0.2.1")))
    try:
        if kind == "sit":
            run("ip", "addr", "add", "192.0.2.2/24", "dev", "veth0")
            run("ip", "neigh", "add", "192.0.2.1", "lladdr", "02:00:00:00:00:01", "dev", "veth0")
        run("ip", "link", "set", "tun0", "up")
        run("ip", "addr", "add", "2001:db8:7::2/64", "dev", "tun0", "nodad")
        udp(to="2001:db8:7::1")
        time.sleep(0.2)
    finally:
        run("ip", "link", "del", "tun0")


def routed(*encapsulation: str) -> None:
    """Send to FAR over a route with an encapsulation."""
    run("ip", "-6", "route", "add", f"{FAR}/128", "encap", *encapsulation, "dev", "veth0")
    try:
        run("ip", "neigh", "replace", FAR, "lladdr", "02:00:00:00:00:01", "dev", "veth0")
        udp(to=FAR)
        time.sleep(0.1)
    finally:
        run("ip", "-6", "route", "del", f"{FAR}/128")


def vlan() -> None:
    run("ip", "link", "add", "link", "veth0", "name", "vlan5", "type", "vlan", "id", "5")
    try:
        run("ip", "link", "set", "vlan5", "up")
        run("ip", "addr", "add", "fd72:6564:7a6f:6e65:0:5::2/96", "dev", "vlan5", "nodad")
        run("ip", "neigh", "add", "fd72:6564:7a6f:6e65:0:5::1", "lladdr", "02:00:00:00:00:01",
            "dev", "vlan5")
        udp(to="fd72:6564:7a6f:6e65:0:5::1")
        time.sleep(0.2)
    finally:
        run("ip", "link", "del", "vlan5")


def authenticated() -> None:
    common = ("proto", "ah", "spi", "0x100")
    run("ip", "xfrm", "state", "add", "src", HERE, "dst", PEER, *common, "mode", "transport",
        "auth-trunc", "hmac(sha1)", "0x" + b"redzone-ah-hmac-sha\0".hex(), "96")
    try:
        run("ip", "xfrm", "policy", "add", "src", HERE, "dst", PEER, "dir", "out", "tmpl",
            "proto", "ah", "mode", "transport")
        udp()
        udp({IPV6_DSTOPTS: bytes([0, 0, 4, 1, 4, 1, 1, 0])})
    finally:
        run("ip", "xfrm", "policy", "flush")
        run("ip", "xfrm", "state", "flush")


def steps() -> dict[str, Step]:
    """Every kind of traffic, by the name of its files."""
    def hop() -> None:
        udp({IPV6_HOPOPTS: bytes([0, 0, 5, 2, 0, 0, 1, 0])})

    def dst() -> None:
        udp({IPV6_DSTOPTS: bytes([0, 0, 4, 1, 4, 1, 1, 0])})

    def rthdr() -> None:
        segments = socket.inet_pton(socket.AF_INET6, PEER) + socket.inet_pton(
            socket.AF_INET6, FAR)
        udp({IPV6_RTHDR: bytes([0, 4, 4, 1, 1, 0, 0, 0]) + segments})

    return {
        "udp": udp,
        "udp-hop-limit": lambda: udp(hops=1),
        "udp-fragments": lambda: udp(size=3000),
        "tcp-syn": tcp,
        "echo": lambda: echo(56),
        "echo-fragments": lambda: echo(2900),
        "mld-join": join,
        "hop-by-hop": hop,
        "destination-options": dst,
        "options-fragmented": lambda: udp(
            {IPV6_HOPOPTS: bytes([0, 0, 5, 2, 0, 0, 1, 0]),
             IPV6_DSTOPTS: bytes([0, 0, 4, 1, 4, 1, 1, 0])}, size=2000),
        "segment-routing-socket": rthdr,
        "vlan": vlan,
        "ip6tnl": lambda: tunnelled("ip6tnl"),
        "sit": lambda: tunnelled("sit"),
        "seg6-encap": lambda: routed("seg6", "mode", "encap", "segs", f"{PEER},{FAR}"),
        "seg6-inline": lambda: routed("seg6", "mode", "inline", "segs", PEER),
        "ioam6": lambda: routed("ioam6", "trace", "prealloc", "type", "0x800000", "ns", "123",
                                "size", "12"),
        "rpl": lambda: routed("rpl", "segs", PEER),
        "mpls": lambda: routed("mpls", "100/200"),
        "ah": authenticated,
    }


def main(out: Path) -> int:
    out.mkdir(parents=True, exist_ok=True)
    with namespaces() as (sender, receiver):
        exec_in(receiver, "ip", "link", "set", "veth0", "up")
        tap = Tap(receiver)
        enter(sender)
        subprocess.run(["sysctl", "-qw", "net.ipv6.conf.all.seg6_enabled=1",
                        "net.ipv6.conf.veth0.ioam6_id=7"], check=False, capture_output=True)
        run("ip", "link", "set", "veth0", "up")
        write(out, "link-up", tap.frames(4))
        udp()       # resolve the neighbour first
        write(out, "neighbour", tap.frames(0.5))
        for name, step in steps().items():
            try:
                step()
            except (OSError, subprocess.CalledProcessError) as error:
                detail = getattr(error, "stderr", "") or error
                print(f"{name}: this kernel cannot: {str(detail).strip()}", file=sys.stderr)
                tap.frames(0.1)
                continue
            write(out, name, tap.frames(0.4))
    return 0


def write(out: Path, name: str, frames: list[bytes]) -> None:
    unique = list(dict.fromkeys(frames))[:FRAMES]
    for number, frame in enumerate(unique, 1):
        suffix = f"-{number}" if len(unique) > 1 else ""
        (out / f"kernel-{name}{suffix}.bin").write_bytes(frame)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} OUT")
    sys.exit(main(Path(sys.argv[1])))
