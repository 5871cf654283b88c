#!/usr/bin/env bash
# Private INN readers (nnrpd) on loopback that serve NNTP with STARTTLS and over TLS: configuration, spool,
# and certificates all under DIR, nothing of the system's is read or written but syslog, where nnrpd logs. The
# program itself is not installed: it lies where scripts/deps unpacks it. No innd runs, nothing can be posted.
# Needs root.
#
# usage: interop/inn.sh start DIR | stop DIR
#
# `start` prints, and writes to DIR/endpoints:
#
#   endpoint nntp://localhost:PORT      STARTTLS
#   endpoint nntps://localhost:PORT     TLS from the first octet
#   account DIR/account.toml            a user, and a newsgroup
#   ca DIR/pki/ca.pem                   what to trust
#
# DIR must be within reach of the user news; a directory right under /tmp is.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"

if (($# != 2)) || [[ $1 != start && $1 != stop ]]; then
  echo "usage: interop/inn.sh start DIR | stop DIR" >&2
  exit 2
fi
verb=$1
dir=$(realpath -m "$2")
news=/var/cache/assay/inn2/usr/lib/news
libinn=/var/cache/assay/inn2-inews/usr/lib/news
group=assay.general

stop() {
  local code=0
  land inn || code=1
  land inn_tls || code=1
  return "$code"
}

# INN reads the file that INNCONF names in place of /etc/news/inn.conf.
as_news=(setpriv --reuid=news --regid=news --clear-groups env "INNCONF=$dir/etc/inn.conf"
  "LD_LIBRARY_PATH=$news:$libinn")

write_conf() {
  cat >"$dir/etc/inn.conf" <<CONF
mta: "/bin/true %s"
domain: example.test
pathhost: news.example.test
pathnews: $news
pathetc: $dir/etc
pathfilter: $dir/etc
pathdb: $dir/db
pathrun: $dir/run
pathlog: $dir/log
pathtmp: $dir/tmp
pathspool: $dir/spool
hismethod: hisv6
ovmethod: tradindexed
enableoverview: true
tlscertfile: $dir/etc/chain.pem
tlskeyfile: $dir/etc/server.key
tlsprotocols: [ TLSv1.2 TLSv1.3 ]
CONF
  printf 'method tradspool { newsgroups: * class: 0 }\n' >"$dir/etc/storage.conf"
  # A mistake in this file shows only as 400 to whoever connects. The last group that fits is the one.
  cat >"$dir/etc/readers.conf" <<CONF
auth "anybody" {
  hosts: "*"
  default: "<anonymous>"
}
auth "inside_tls" {
  hosts: "*"
  require_encryption: true
  auth: "ckpasswd -f $dir/etc/passwd"
  default: "<anonymous>"
}
access "reading" {
  users: "<anonymous>"
  newsgroups: "*"
  access: R
}
access "people" {
  users: "alice*"
  newsgroups: "*"
  access: R
}
CONF
}

# One group with one article, as tradspool stores it: in the format of the wire.
write_spool() {
  local spool=$dir/spool/articles/${group//.//}
  mkdir -p "$spool" "$dir/spool/"{overview,incoming/bad,outgoing,archive}
  printf '%s\r\n' 'Path: news.example.test!not-for-mail' 'From: bob@example.test' "Newsgroups: $group" 'Subject: seeded' \
    "Date: $(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S +0000')" 'Message-ID: <seed@example.test>' \
    "Xref: news.example.test $group:1" '' '..A line with a dot.' '.' >"$spool/1"
  printf '%s\n' 'control 0000000000 0000000001 n' 'junk 0000000000 0000000001 n' "$group 0000000001 0000000001 y" >"$dir/db/active"
  printf '%s\tA group for tests\n' "$group" >"$dir/db/newsgroups"
  : >"$dir/db/active.times"
}

start() {
  local upgrade implicit password
  if ((EUID != 0)); then fail "needs root: nnrpd runs as the user news"; fi
  if [[ ! -x $news/bin/nnrpd ]]; then fail "INN is not unpacked (scripts/deps interop does it)"; fi
  if alive inn || alive inn_tls; then fail "already running in $dir"; fi

  mkdir -p "$dir/"{etc,db,run,log,tmp,spool}
  chmod 711 "$dir"
  setpriv --reuid=news --clear-groups test -x "$dir" || fail "user news cannot reach $dir"
  umask 022
  "$interop/pki.sh" "$dir/pki"
  cp "$dir/pki/chain.pem" "$dir/etc/chain.pem"
  install -m 640 "$dir/pki/leaf.key" "$dir/etc/server.key" # nnrpd refuses one that others may read
  hand_out_port upgrade
  hand_out_port implicit
  password=$(openssl rand -hex 12)
  write_conf
  write_spool
  (umask 027 && printf 'alice:%s\n' "$(openssl passwd -6 -stdin <<<"$password")" >"$dir/etc/passwd")
  (umask 077 && printf 'user = "alice"\npassword = "%s"\ngroup = "%s"\nauth_tls_only = true\n' "$password" "$group" \
    >"$dir/account.toml")
  chown -R news:news "$dir/"{etc,db,run,log,tmp,spool}
  if ! "${as_news[@]}" "$news/bin/makehistory" -O -f "$dir/db/history" -s 1000 >"$dir/makehistory.log" 2>&1; then
    show_log makehistory
    fail "makehistory did not take the spool"
  fi

  # Whatever goes wrong from here on, nothing stays behind.
  trap 'stop || true' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  # -D a daemon of its own, -f in the foreground, -S TLS from the first octet.
  launch inn "${as_news[@]}" "$news/bin/nnrpd" -D -f -b 127.0.0.1 -p "$upgrade"
  launch inn_tls "${as_news[@]}" "$news/bin/nnrpd" -D -f -S -b 127.0.0.1 -p "$implicit"
  wait_until inn "a greeting on port $upgrade" greets "$upgrade" 20
  wait_until inn_tls "port $implicit" port_open "$implicit"
  trap - EXIT

  printf '%s\n' "endpoint nntp://localhost:$upgrade" "endpoint nntps://localhost:$implicit" \
    "account $dir/account.toml" "ca $dir/pki/ca.pem" | tee "$dir/endpoints"
}

"$verb"
