#!/usr/bin/env bash
#
# Installs the browser that tests of the page use, where it is missing: as root, as in containers; through sudo without
# a password, if FACESTREAM_INSTALL=true says that it may. One test process at a time; exits with 1 where apt-get cannot
# do it, and the tests are skipped.
set -euo pipefail

as_root=()
if ((EUID != 0)); then
    [[ ${FACESTREAM_INSTALL:-} == true ]]
    sudo -n true
    as_root=(sudo -n)
fi
mkdir -p target
exec 9>target/chromium.lock
flock 9
export DEBIAN_FRONTEND=noninteractive
options=(-qq -y -o DPkg::Lock::Timeout=120 -o Acquire::Retries=1 -o Acquire::http::Timeout=20)
"${as_root[@]}" apt-get "${options[@]}" update 9>&-
"${as_root[@]}" apt-get "${options[@]}" install --no-install-recommends chromium fonts-noto-core 9>&-
