#!/usr/bin/env bash
# What:      Go module github.com/bluenviron/gortsplib/v4 v4.16.2, on which MediaMTX stands, pkg/format/rtpmjpeg: a
#            baseline JPEG with Huffman tables of its own, as Pillow writes with `optimize=True`, is sent as RTP and
#            received.
# Guess:     the encoder refuses it. RTP carries no Huffman tables: by RFC 2435 the
#            receiver puts those of the standard in (appendix B), so such a picture cannot be sent.
# Behaviour: it is sent without an error, and received without one, with the standard's tables: another picture of
#            coloured blocks. One with the standard's tables comes through to the last bit.
# Matters:   FFmpeg's MJPEG encoder computes tables for each picture unless told `-huffman default`, and so do encoders
#            that save bytes. Behind such a path a camera films, nothing fails, and nobody is ever found. Look at a
#            received picture once, and have pictures encoded with the standard's tables.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat > pictures.py <<'PY'
import sys

import numpy as np
from PIL import Image

TABLES = {"standard": False, "own": True}


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


if sys.argv[1] == "write":
    colours = np.random.default_rng(1).integers(0, 255, (30, 40, 3), dtype=np.uint8)
    for name, own in TABLES.items():
        Image.fromarray(colours).resize((640, 480), Image.BICUBIC).save(name + ".jpg", quality=80, optimize=own)
else:
    off = {name: abs(pixels(name + ".jpg") - pixels(name + "-received.jpg")).mean() for name in TABLES}
    for name, difference in off.items():
        print(f"{name} tables: received pixels differ by {difference:.1f} of 255 on average")
    if off["standard"] != 0 or off["own"] < 40:
        sys.exit("CHANGED")
    print("As described.")
PY
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"

	"github.com/bluenviron/gortsplib/v4/pkg/format/rtpmjpeg"
)

func must(err error) {
	if err != nil {
		fmt.Println("CHANGED:", err)
		os.Exit(1)
	}
}

func main() {
	for _, name := range []string{"standard", "own"} {
		picture, err := os.ReadFile(name + ".jpg")
		must(err)
		sender, receiver := &rtpmjpeg.Encoder{}, &rtpmjpeg.Decoder{}
		must(sender.Init())
		must(receiver.Init())
		packets, err := sender.Encode(picture)
		must(err)
		var received []byte
		for i, packet := range packets {
			received, err = receiver.Decode(packet)
			if i == len(packets)-1 {
				must(err)
			}
		}
		fmt.Printf("%s tables: %d bytes sent in %d packets without an error\n", name, len(picture), len(packets))
		must(os.WriteFile(name+"-received.jpg", received, 0o600))
	}
}
GO
python3 -m venv venv
venv/bin/pip install -q pillow==12.0.0 numpy==2.2.6
export GOFLAGS=-modcacherw GOPATH="$dir/go" GOCACHE="$dir/gocache"
go mod init finding > go.log 2>&1
go get github.com/bluenviron/gortsplib/v4/pkg/format/rtpmjpeg@v4.16.2 >> go.log 2>&1
go build -o send . >> go.log 2>&1
echo "gortsplib v4.16.2, $(go version)"
venv/bin/python pictures.py write
./send
venv/bin/python pictures.py compare
