# shellcheck shell=bash disable=SC2154  # $dir is the caller's
# What the interop scripts share: ports, processes that end by their group, waiting with a bound.
# Sourced, never run. Callers have `set -euo pipefail`.

# shellcheck disable=SC2034  # for those who source this
interop=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
# CTest reads 77 as "skipped" (SKIP_RETURN_CODE).
skip() { printf 'skipped: %s\n' "$*"; exit 77; }

# need COMMAND... : skip the test where one is not installed.
need() {
  local command
  for command; do
    command -v "$command" >/dev/null || skip "$command is not installed (scripts/deps interop brings it)"
  done
}

# Ports that hand_out_port gave away already: two calls must not meet.
declare -A handed_out=()

# hand_out_port VAR : a TCP port on which nobody listens, from below the range that the kernel gives to
# outgoing connections.
hand_out_port() {
  local port hex tables=()
  local -n into=$1
  for table in /proc/net/tcp /proc/net/tcp6; do if [[ -r $table ]]; then tables+=("$table"); fi; done
  for _ in {1..200}; do
    port=$((20000 + RANDOM % 12000))
    printf -v hex ':%04X ' "$port"
    if [[ -n ${handed_out[$port]-} ]] || cut -c 1-30 "${tables[@]}" | grep -qF "$hex"; then continue; fi
    handed_out[$port]=yes
    # shellcheck disable=SC2034  # the caller's variable
    into=$port
    return
  done
  fail "found no free port"
}

# process_stat PID VAR : the fields of proc(5)'s stat from the state on; the name before them, which may
# hold blanks, is left out. False where there is no such process.
process_stat() {
  local stat_line
  local -n fields_out=$2
  { IFS= read -r stat_line <"/proc/$1/stat"; } 2>/dev/null || return 1
  # shellcheck disable=SC2034  # the caller's variable
  read -r -a fields_out <<<"${stat_line##*) }"
}

# start_time PID : when it began, in ticks (field 22); tells a process from a later one with its number.
start_time() {
  local -a fields
  if process_stat "$1" fields; then printf '%s' "${fields[19]}"; fi
}

# launch NAME COMMAND... : runs it in a session of its own; log in $dir/NAME.log, process and start time
# in $dir/NAME.pid. $dir is the caller's.
launch() {
  local name=$1
  shift
  setsid "$@" >"$dir/$name.log" 2>&1 </dev/null &
  printf '%s %s\n' "$!" "$(start_time "$!")" >"$dir/$name.pid"
}

# alive NAME : it runs; a zombie does not.
alive() {
  local pid began
  local -a fields
  read -r pid began 2>/dev/null <"$dir/$1.pid" || return 1
  process_stat "$pid" fields && [[ ${fields[0]} != Z && ${fields[19]} == "$began" ]]
}

# The members of a process group, less those that have ended and merely wait to be reaped.
group_has_members() { # PGID
  local entry
  local -a fields
  for entry in /proc/[0-9]*; do
    process_stat "${entry#/proc/}" fields || continue
    if [[ ${fields[2]} == "$1" && ${fields[0]} != Z ]]; then return 0; fi
  done
  return 1
}

# land NAME : TERM to the group that launch made, KILL after five seconds. By number, never by name.
land() {
  local pid began
  read -r pid began 2>/dev/null <"$dir/$1.pid" || return 0
  rm -f "$dir/$1.pid"
  # The number may have passed to a stranger since: then it has another start time.
  if [[ -e /proc/$pid && $(start_time "$pid") != "$began" ]]; then return 0; fi
  kill -TERM -- "-$pid" 2>/dev/null || return 0
  for _ in {1..100}; do
    if ! group_has_members "$pid"; then return 0; fi
    sleep 0.05
  done
  printf '%s did not end within five seconds: killed\n' "$1" >&2
  kill -KILL -- "-$pid" 2>/dev/null || true
  return 1
}

show_log() { # NAME
  printf -- '--- the end of %s.log\n' "$1" >&2
  tail -n 25 "$dir/$1.log" >&2 || true
}

# wait_until NAME WHAT COMMAND... : runs COMMAND until it succeeds, ten seconds at most, as long as NAME lives.
wait_until() {
  local name=$1 what=$2
  shift 2
  for _ in {1..200}; do
    if "$@" 2>/dev/null; then return 0; fi
    if ! alive "$name"; then break; fi
    sleep 0.05
  done
  show_log "$name"
  fail "$name: $what never came"
}

port_open_at() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; } # ADDRESS PORT
port_open() { port_open_at 127.0.0.1 "$1"; }

# greets PORT TEXT : is TEXT how the server begins?
greets() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    IFS= read -r -t 2 line <&3
    printf 'QUIT\r\n' >&3 # leaves no half-open session behind
    [[ $line == "$2"* ]]
  ) 2>/dev/null
}

# toml_value FILE KEY : a string value of a flat TOML file.
toml_value() { sed -n "s/^$2 *= *\"\(.*\)\" *\$/\1/p" "$1" | head -n 1; }
