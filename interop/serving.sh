# shellcheck shell=bash disable=SC2154  # $dir is the caller's
# Brings `assay serve` up for the tests that meet it with somebody else's client. Sourced after lib.sh.

# json_string FILE KEY : the first string value of KEY in a JSON file. Enough for what serve writes.
json_string() { tr -d '\n' <"$1" | grep -o "\"$2\" *: *\"[^\"]*\"" | head -n 1 | sed 's/^.*: *"//; s/"$//'; }

# endpoint_port FILE SCHEME : the port of the first endpoint with that scheme.
endpoint_port() {
  tr -d '\n' <"$1" | grep -o '"url" *: *"[^"]*"' | sed -n "s|^.*\"$2://[^\"]*:\([0-9]*\)/\{0,1\}\"\$|\1|p" | head -n 1
}

# port SCHEME : that of the server which was begun.
port() { endpoint_port "$dir/ready.json" "$1"; }

# need_mail_curl : skip the test where curl is not there, or speaks no mail over TLS.
need_mail_curl() {
  need curl
  curl --version | grep -q '^Protocols:.* pop3s.* smtps' || skip "this curl has no pop3s or no smtps"
}

ready_file_is_whole() { [[ -s $dir/ready.json && $(tr -d ' \n' <"$dir/ready.json") == \{*\} ]]; }

# start_serving ASSAY [OPTION...] : sets upgrade_port, implicit_port, ca, user, password, sink.
# shellcheck disable=SC2034  # for those who source this
start_serving() {
  local account
  launch serve "$1" serve --ready-file "$dir/ready.json" "${@:2}"
  wait_until serve "the ready file" ready_file_is_whole
  upgrade_port=$(endpoint_port "$dir/ready.json" smtp)
  implicit_port=$(endpoint_port "$dir/ready.json" smtps)
  ca=$(json_string "$dir/ready.json" ca)
  account=$(json_string "$dir/ready.json" account)
  if [[ -z $upgrade_port || -z $implicit_port || ! -r $ca || ! -r $account ]]; then
    cat "$dir/ready.json" >&2
    fail "the ready file lacks an smtp:// or smtps:// endpoint, a ca or an account"
  fi
  user=$(toml_value "$account" user)
  password=$(toml_value "$account" password)
  sink=$(toml_value "$account" sink)
  sink=${sink:-$user@example.test}
  if [[ -z $user || -z $password ]]; then fail "$account names no user and password"; fi
}

# expect NAME EXIT-CODE COMMAND... : its output is shown when the code is another.
expect() {
  local name=$1 wanted=$2 code=0
  shift 2
  "$@" >"$dir/$name.out" 2>&1 </dev/null || code=$?
  if ((code == wanted)); then
    printf 'ok      %s (exit %s)\n' "$name" "$code"
    return 0
  fi
  printf 'FAILED  %s: exit %s, expected %s\n' "$name" "$code" "$wanted"
  sed 's/^/        /' "$dir/$name.out"
  failures=$((${failures:-0} + 1))
}

# begin_client_test ASSAY [OPTION...] : a directory that goes when the test ends, with the server in it.
begin_client_test() {
  dir=$(mktemp -d)
  trap 'land serve || true; rm -rf "$dir"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  "$interop/pki.sh" "$dir/strangers" # its root vouches for nobody here
  start_serving "$@"
}

# end_client_test : the server must have lived through it, and end when told to.
end_client_test() {
  if ! alive serve; then show_log serve; fail "assay serve has died"; fi
  if ! land serve; then fail "assay serve does not end on SIGTERM"; fi
  if ((${failures:-0} > 0)); then show_log serve 2>&1 || true; fail "$failures failed"; fi
}
