#!/usr/bin/env bash
# A quick selection of the trials of test/faults: the worker killed once at every point of a run, other
# faults and random times here and there.
set -euo pipefail
exec /usr/bin/python3 "$(dirname "$0")/../faults/main.py" quick
