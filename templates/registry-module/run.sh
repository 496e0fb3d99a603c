#!/bin/sh
# Connects Mux to Coder AI Bridge at each start of the workspace. Writes nothing if everything is already set.
set -e

VERSION='${VERSION}'
ARGUMENTS='${ARGUMENTS}'
NODE_TIMEOUT='${NODE_TIMEOUT}'

# If the image has no Node.js, the coder/mux module downloads it into the home directory, without a link to npx.
find_npx() {
  if command -v npx >/dev/null 2>&1; then return 0; fi
  for directory in "$HOME"/.local/share/coder-mux/node-*/bin; do
    # While the download is being unpacked, npx is there but doesn't run yet.
    if PATH="$directory:$PATH" "$directory/npx" --version >/dev/null 2>&1; then
      PATH="$directory:$PATH"
      export PATH
      return 0
    fi
  done
  return 1
}

waited=0
until find_npx; do
  if [ "$waited" -ge "$NODE_TIMEOUT" ]; then
    echo "Mux isn't connected to AI Bridge: this image has no Node.js. Add Node.js 20.9 or later, or the coder/mux module."
    exit 0
  fi
  sleep 1
  waited=$((waited + 1))
done

if [ -z "$CODER_SESSION_TOKEN" ]; then
  echo "Mux isn't connected to AI Bridge: CODER_SESSION_TOKEN isn't set. Add the coder-login module to the template." >&2
  exit 1
fi

# The arguments are words without quotes or spaces in them.
# shellcheck disable=SC2086
exec npx --yes "mux-bridge-wizard@$VERSION" --yes $ARGUMENTS
