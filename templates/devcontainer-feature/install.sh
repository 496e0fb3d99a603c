#!/bin/sh
# Installs the script that runs each time the container starts. The options come as variables.
set -e

for value in "$WIZARDVERSION" "$PROVIDERS"; do
  case $value in
    '' | *[!0-9A-Za-z.,=-]*)
      echo "mux-bridge-wizard: an option is empty, or has a character that it can't have: $value" >&2
      exit 1
      ;;
  esac
done

target=/usr/local/share/mux-bridge-wizard
mkdir -p "$target"
sed -e "s/@VERSION@/$WIZARDVERSION/" -e "s/@PROVIDERS@/$PROVIDERS/" "$(dirname "$0")/start.sh" >"$target/start.sh"
chmod 755 "$target/start.sh"
