#!/bin/sh
# Find a Chromium, or install Debian's where that can be done. Never fails: the tests decide what its absence means.
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
[ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] && exit 0
[ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium and a Chinese font for the browser tests …"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk; } >/dev/null 2>&1 && exit 0
elif command -v brew >/dev/null 2>&1; then
  brew install --quiet --cask chromium >/dev/null 2>&1 && exit 0
fi
echo "=================================================================================="
echo "NO BROWSER: Chromium is not here and cannot be installed. Browser tests are skipped."
echo "Debian/Ubuntu: sudo apt-get install chromium      macOS: brew install --cask chromium"
echo "=================================================================================="
exit 0
