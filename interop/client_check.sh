#!/usr/bin/env bash
# `assay client` with a real client, over each protocol that it speaks, both ways to TLS: nothing may come out
# that the client's baseline does not expect, and runs with one seed must tell the same, however many cases are in
# flight.
#
# usage: interop/client_check.sh CLIENT ASSAY [OUT [RUNS]]
#
# CLIENT is one of interop/visit.sh, which has its command line; its baseline is clients/CLIENT.baseline.toml,
# where it needs one. RUNS is 3 unless told. Exit: 0 as expected, 1 not, 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
if (($# < 2 || $# > 4)); then
  echo "usage: interop/client_check.sh CLIENT ASSAY [OUT [RUNS]]" >&2
  exit 2
fi
client=$1
assay=$2
policies=(--policy required --policy implicit)
message=()
case $client in
  # Who sends mail and insists on TLS does what a policy in mode enforce asks for.
  curl | swaks | msmtp | nodemailer) message=('{message_file}') ;;
esac
options=()
case $client in
  # What is left out here and below is run by hand (SECURITY.md).
  curl) # which knows where names under localhost lead
    protocols=(smtp pop3)
    options=(--host mail.a.b.localhost --skip 'integrity.client_out.*' --skip 'integrity.client_truncation.*')
    ;;
  swaks)
    protocols=(smtp)
    options=(--skip 'integrity.client_response_injection.*' --skip 'integrity.client_out.*')
    ;;
  msmtp) protocols=(smtp) options=(--skip 'certificate.eku.*' --skip 'integrity.client_out.*') ;;
  mpop) protocols=(pop3) options=(--skip 'certificate.eku.*' --skip 'integrity.client_truncation.*') ;;
  fetchmail) protocols=(pop3) ;;
  ldapsearch) # goes to the address, so that an address proves who is there
    protocols=(ldap) options=(--skip 'certificate.eku.*' --skip certificate.name.dns_client_ip_san)
    ;;
  gnutls-cli | openssl) protocols=(smtp pop3 nntp ldap) ;;
  nodemailer)
    protocols=(smtp)
    options=(--skip 'integrity.client_response_injection.*' --skip 'integrity.client_out.*')
    ;;
  *) fail "no client $client" ;;
esac
if [[ $client == nodemailer ]]; then
  need node
  [[ -d /usr/share/nodejs/nodemailer ]] || skip "node-nodemailer is not installed (scripts/deps interop brings it)"
else
  need "$client"
fi
baseline=$interop/clients/$client.baseline.toml
if [[ -f $baseline ]]; then options+=(--baseline "$baseline"); fi

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
out=${3:-$dir/out}
runs=${4:-3}
in_flight=(0 16 4 8) # of each run

for protocol in "${protocols[@]}"; do
  told=("${policies[@]}")
  if [[ $protocol == smtp ]] && ((${#message[@]} > 0)); then told+=(--policy mta-sts); fi
  for ((run = 1; run <= runs; run++)); do
    jobs=${in_flight[$((1 + (run - 1) % 3))]}
    to=$out/$protocol/run$run
    mkdir -p "$to"
    code=0
    timeout -k 5 85 "$assay" client --protocol "$protocol" "${told[@]}" --seed 1 --jobs "$jobs" --stable --out "$to" \
      "${options[@]}" -- "$interop/visit.sh" "$client" '{url}' '{ca}' '{user}' '{password_file}' "${message[@]}" \
      >"$dir/run.txt" 2>"$dir/run.err" </dev/null || code=$?
    if ((code != 0)); then
      cat "$dir/run.err" "$dir/run.txt"
      fail "$protocol: run $run (--jobs $jobs) ended with $code"
    fi
    # What a client says of an address or of itself may differ; what was seen must not.
    sed -E 's/[0-9]{4,5}/N/g; s/"reason":.*//; s/"notes": \[.*//; s/^ *"exit code.*//' "$to/run.json" >"$dir/run$run.json"
  done
  cat "$dir/run.txt"
  for ((other = 2; other <= runs; other++)); do
    if ! cmp -s "$dir/run1.json" "$dir/run$other.json"; then
      diff -u "$dir/run1.json" "$dir/run$other.json" | head -n 60
      fail "$protocol: runs 1 and $other differ: the seed was the same, so they must not"
    fi
  done
done
printf '%d runs agree\n' "$runs"
