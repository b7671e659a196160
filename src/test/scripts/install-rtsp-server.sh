#!/usr/bin/env bash
#
# Installs the RTSP server that tests of cameras talk to, where it is missing: as root, or through sudo without a
# password. One test process at a time; exits with 1 where apt-get cannot do it, and the tests are skipped.
set -euo pipefail

readonly packages=(python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good)

as_root=()
if ((EUID != 0)); then
    sudo -n true
    as_root=(sudo -n)
fi
exec 9>/tmp/facestream-rtsp-server.lock
flock 9
export DEBIAN_FRONTEND=noninteractive
options=(-qq -y -o DPkg::Lock::Timeout=120 -o Acquire::Retries=1 -o Acquire::http::Timeout=20)
"${as_root[@]}" apt-get "${options[@]}" update 9>&-
"${as_root[@]}" apt-get "${options[@]}" install --no-install-recommends "${packages[@]}" 9>&-
