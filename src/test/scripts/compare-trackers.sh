#!/usr/bin/env bash
#
# Tracks the boxes of scenes by Norfair and ByteTrack, and counts how well they tell the visits: compare-trackers.sh
# BOXES, a file of SceneRun. Installs both trackers in a temporary folder; needs Python 3.11 with venv, and PyPI.
set -euo pipefail

boxes=$(realpath "$1")
scripts=$(dirname "$(realpath "$0")")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q norfair==2.3.0 supervision==0.25.1 numpy==1.26.4 scipy==1.14.1 filterpy==1.4.5 \
    opencv-python==4.11.0.86 rich==13.9.4
"$dir/venv/bin/python" -W ignore "$scripts/compare-trackers.py" "$boxes"
