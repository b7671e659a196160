#!/usr/bin/env bash
#
# Puts Prometheus' promtool under target/promtool, where it is missing on this machine: from Debian's package, which is
# unpacked and not installed, since it would start a server. Exits with 1 where apt-get cannot fetch it, and the tests
# of alerts are skipped.
set -euo pipefail

mkdir -p target/promtool
cd target/promtool
exec 9>lock
flock 9
[[ ! -x usr/bin/promtool ]] || exit 0
options=(-qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20)
if ((EUID == 0)); then
    apt-get "${options[@]}" -o DPkg::Lock::Timeout=120 update 9>&-
fi
apt-get "${options[@]}" download prometheus 9>&-
dpkg-deb --extract prometheus_*.deb .
rm prometheus_*.deb
