#!/bin/sh
# Installs the Debian packages that the project needs and this machine lacks; nothing else.
# Usage: tools/setup.sh run|test
set -eu

packages="g++ cmake ninja-build libboost-dev libboost-random-dev libboost-program-options-dev
 libyaml-cpp-dev libeigen3-dev nlohmann-json3-dev libgtest-dev libgmock-dev libbenchmark-dev"
case "${1:-run}" in
  run) ;;
  test) packages="$packages clang" ;;
  *) echo "usage: tools/setup.sh run|test" >&2; exit 2 ;;
esac

missing=""
for package in $packages; do
  status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "indoubt needs these packages (named as in Debian 12):$missing" >&2
  echo "There is no apt-get here; install them by your system's means, then call make again." >&2
  exit 1
fi
if [ "$(id -u)" = 0 ]; then
  as_root=""
elif command -v sudo >/dev/null 2>&1; then
  as_root="sudo"
else
  echo "indoubt needs these packages:$missing" >&2
  echo "Become root or install sudo, or let somebody call: apt-get install --no-remove$missing" >&2
  exit 1
fi

echo "installing:$missing" >&2
# Output goes to stderr: stdout belongs to the command's result.
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive \
  apt-get install -q -y --no-remove --no-install-recommends $missing >&2
