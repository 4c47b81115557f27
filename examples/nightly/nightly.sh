#!/bin/sh
# A night on any CI, or from cron: the steps of nightly-load.yml in plain shell. Run it in a clone with its whole history.
#
#   sh nightly.sh [options of `rushhour nightly`]
#
# Results and history are kept below RUSHHOUR_KEEP (default: the clone); whoever starts it keeps that folder. Ends with the exit code of
# `rushhour nightly`: 0 fine, 99 a confirmed regression, anything else a night that could not be measured.
set -eu

keep=${RUSHHOUR_KEEP:-.}

if [ -f "$(git rev-parse --git-dir)/shallow" ]; then
  git fetch --quiet --unshallow
fi
git fetch --quiet --tags origin || echo 'no remote to fetch tags from: going on with what is here' >&2

npm ci
npx --no-install rushhour doctor --fix

code=0
npx --no-install rushhour nightly \
  --results "$keep/results" \
  --history "$keep/nightly/history.ndjson" \
  --output "$keep/nightly/announced" \
  "$@" || code=$?

if [ -f "$keep/nightly/announced/nightly.md" ]; then
  head -n 1 "$keep/nightly/announced/nightly.md"
fi
exit "$code"
