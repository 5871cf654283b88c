# shellcheck shell=bash disable=SC2154  # $dir, $interop and $assay are the caller's
# What the tests of real servers share: three runs of `assay check` that must tell the same. Sourced after
# lib.sh.

# check_three_times SERVER OUT BASELINE : the endpoints, the account and the CA are those that the server's
# script wrote under $dir. Nothing unexpected may come out; runs with one seed must tell the same, however
# many checks are in flight; and the password must not be given away.
check_three_times() {
  local server=$1 out=$2 baseline=$3 run=0 jobs code password other endpoints
  mapfile -t endpoints < <(sed -n 's/^endpoint //p' "$dir/endpoints")
  mkdir -p "$out"
  # Each is cut off well before CTest would cut off us and leave the servers behind.
  for jobs in 16 1 4; do
    run=$((run + 1))
    rm -rf "$out/run$run"
    code=0
    timeout -k 5 85 "$assay" check "${endpoints[@]}" --account "$dir/account.toml" --ca "$dir/pki/ca.pem" \
      --baseline "$baseline" --seed 1 --jobs "$jobs" --stable --out "$out/run$run" \
      >"$dir/run$run.txt" 2>"$dir/run$run.err" </dev/null || code=$?
    if ((code != 0)); then
      cat "$dir/run$run.err" "$dir/run$run.txt"
      show_log "$server"
      fail "run $run (--jobs $jobs) ended with $code"
    fi
    [[ -s $out/run$run/run.json ]] || fail "run $run left no run.json"
  done
  cat "$dir/run1.txt"

  for other in 2 3; do
    if ! cmp -s "$out/run1/run.json" "$out/run$other/run.json"; then
      diff -u "$out/run1/run.json" "$out/run$other/run.json" | head -n 60
      fail "runs 1 and $other differ: the seed was the same, so they must not"
    fi
  done
  # What assay was given it must not give away.
  password=$(toml_value "$dir/account.toml" password)
  if grep -rlF -e "$password" -e "$(printf '%s' "$password" | base64 -w 0)" \
    -e "$(printf '\0alice\0%s' "$password" | base64 -w 0)" "$out" "$dir"/run?.txt "$dir"/run?.err; then
    fail "the password stands in the files above"
  fi
  printf 'three runs agree\n'
}
