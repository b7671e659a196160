#!/usr/bin/env bash
# What:      three Python packages that read a camera's RTP packets: aiortsp 1.4.0 (with dpkt 1.9.8), aio-rtsp-toolkit
#            0.1.4 and rtp 0.0.4, with the header extension that ONVIF's replay service writes (profile "ABAC": the
#            time of a recorded picture), and with padding. Both belong to RTP itself (RFC 3550).
# Guess:     the payload of the packet is the camera's, three bytes of H.264 here: its own length fields say where the
#            extension and the padding end.
# Behaviour: aiortsp leaves both in: its data begin with the extension, and end with the padding. aio-rtsp-toolkit takes
#            the padding off, and gives a frame of H.264 whose first 16 bytes are the extension. rtp does it the other
#            way about. None of them says a word.
# Matters:   live pictures come without either, so all works until recordings are played, or a camera adds the time:
#            then each packet is taken for another type of H.264, and no picture comes. Read the extension's length, and
#            cut it off.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q aiortsp==1.4.0 dpkt==1.9.8 aio-rtsp-toolkit==0.1.4 rtp==0.0.4

cat > packets.py <<'PY'
import asyncio
import struct
import sys
from importlib.metadata import version

from aio_rtsp_toolkit.media import H264Splicer
from aio_rtsp_toolkit.protocol import RtspProtocol
from aiortsp.transport.base import RTPTransport, RTPTransportClient
from rtp import RTP

for package in ("aiortsp", "aio-rtsp-toolkit", "rtp"):
    print(package, version(package))
PICTURE = bytes.fromhex("65b804")  # type 5 of H.264: a part of a whole picture


def packet(flags, before=b"", after=b""):
    """A packet of H.264 in a stream of type 96, the last one of its picture."""
    return struct.pack("!BBHII", 0x80 | flags, 0x80 | 96, 1, 9000, 7) + before + PICTURE + after


PACKETS = {
    "plain": packet(0),
    "extension": packet(0x10, before=struct.pack("!HHIIBBH", 0xABAC, 3, 3_976_000_000, 0, 0x80, 1, 0)),
    "padding": packet(0x20, after=b"\0\0\0\4"),
}


class Reader(RTPTransportClient):
    def handle_rtp(self, rtp):
        self.data = rtp.data


async def aiortsp(data):
    transport, reader = RTPTransport(None), Reader()
    transport.subscribe(reader)
    transport.handle_rtp_data(data)
    return bytes(reader.data)


def toolkit(data):
    frame, = H264Splicer().try_get_video_frame(RtspProtocol.parse_rtp(None, data))
    assert frame.data.startswith(b"\0\0\0\1")
    return bytes(frame.data[4:])


def rtp(data):
    return bytes(RTP().fromBytearray(bytearray(data)).payload)


left_in = {
    "aiortsp": ("extension", "padding"),
    "aio-rtsp-toolkit": ("extension",),
    "rtp": ("padding",),
}
changed = False
for package, read in (("aiortsp", lambda data: asyncio.run(aiortsp(data))), ("aio-rtsp-toolkit", toolkit),
                      ("rtp", rtp)):
    for title, data in PACKETS.items():
        payload = read(data)
        print(f"{package}, {title}: {payload.hex(' ')}, which is type {payload[0] & 31} of H.264")
        changed = changed or payload != (data[12:] if title in left_in[package] else PICTURE)
if changed:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python packets.py
