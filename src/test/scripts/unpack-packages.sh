#!/usr/bin/env bash
#
# Puts the programs of Debian's packages under target/packages, in a folder that is named after the first one. They are
# unpacked and not installed, since some would start a server. Exits with 1 where apt-get cannot fetch them: the tests
# that need them are skipped then.
set -euo pipefail

mkdir -p "target/packages/$1"
cd "target/packages/$1"
exec 9>lock
flock 9
[[ ! -e complete ]] || exit 0
options=(-qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20)
if ((EUID == 0)); then
    apt-get "${options[@]}" -o DPkg::Lock::Timeout=120 update 9>&-
fi
apt-get "${options[@]}" download "$@" 9>&-
for package in *.deb; do
    dpkg-deb --extract "$package" .
    rm "$package"
done
touch complete
