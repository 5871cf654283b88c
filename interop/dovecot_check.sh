#!/usr/bin/env bash
# `assay check` against the POP3 of a real Dovecot, both ways to TLS: nothing unexpected may come out, and
# three runs with one seed must tell the same, however many checks are in flight.
#
# usage: interop/dovecot_check.sh ASSAY [OUT]
#
# The runs stay in OUT/run1 to OUT/run3 (default: they go with the server). Exit: 0 as expected, 1 not,
# 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=interop/checking.sh
. "$(dirname "$0")/checking.sh"
if (($# < 1 || $# > 2)); then echo "usage: interop/dovecot_check.sh ASSAY [OUT]" >&2; exit 2; fi
if ((EUID != 0)); then skip "Dovecot needs root"; fi
need openssl
if [[ ! -x /usr/lib/dovecot/pop3 ]]; then skip "dovecot-pop3d is not installed (scripts/deps interop brings it)"; fi

assay=$1
dir=$(mktemp -d /tmp/assay-XXXXXX) # short, and within reach of Dovecot's users
out=${2:-$dir/out}
trap '"$interop/dovecot.sh" stop "$dir" || true; rm -rf "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
"$interop/dovecot.sh" start "$dir"
check_three_times dovecot "$out" "$interop/dovecot.baseline.toml"
