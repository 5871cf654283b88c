#!/usr/bin/env bash
# Proves that scripts/check_includes can fail: every sin of fixtures/includes/wrong is reported, each with
# its line and reason and nothing besides; nothing of fixtures/includes/right is; an empty tree is no pass.
#
# usage: cmake/check_includes_test.sh
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
check=$here/../scripts/check_includes
fixtures=$here/fixtures/includes
failed=0
expect() { # EXIT-CODE EXPECTED-FILE ROOT
  local code=0 seen
  seen=$(mktemp)
  "$check" "$3" >"$seen" 2>/dev/null || code=$?
  if ((code != $1)); then echo "check_includes ${3##*/}: exit $code, expected $1"; failed=1; fi
  if ! diff -u "$2" "$seen"; then echo "check_includes ${3##*/}: not what was expected"; failed=1; fi
  rm -f "$seen"
}
empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
expect 1 "$fixtures/wrong.expected" "$fixtures/wrong"
expect 0 /dev/null "$fixtures/right"
expect 2 /dev/null "$empty"
exit "$failed"
