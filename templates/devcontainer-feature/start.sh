#!/bin/sh
# Connects Mux to Coder AI Bridge each time the container starts. Writes nothing if everything is already set.
set -e

if ! command -v npx >/dev/null 2>&1; then
  echo "Mux isn't connected to AI Bridge: this image has no Node.js. Add the Node feature, with Node.js 20.9 or later."
  exit 0
fi
# The same container can be opened without Coder.
if [ -z "$CODER_SESSION_TOKEN" ]; then
  echo "Mux isn't connected to AI Bridge: CODER_SESSION_TOKEN isn't set in this container."
  exit 0
fi
exec npx --yes mux-bridge-wizard@@VERSION@ --yes --provider @PROVIDERS@
