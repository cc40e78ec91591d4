#!/bin/sh
# Find strace, or install Debian's where that can be done. Never fails: the tests decide what its absence means.
command -v strace >/dev/null 2>&1 && exit 0
if [ "$(uname)" = Linux ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing strace for the tests that nothing is lost …"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq strace; } >/dev/null 2>&1 && exit 0
fi
echo "=================================================================================="
echo "NO STRACE: strace is not here and cannot be installed. Durability sweeps are skipped."
echo "Debian/Ubuntu: sudo apt-get install strace"
echo "=================================================================================="
exit 0
