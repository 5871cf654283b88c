#!/usr/bin/env bash
# A private slapd on loopback that serves LDAP with StartTLS and over TLS: configuration, entries, certificates
# and logs all under DIR, nothing of the system's is written. Needs no root.
#
# usage: interop/slapd.sh start DIR | stop DIR
#
# `start` prints, and writes to DIR/endpoints:
#
#   endpoint ldap://localhost:PORT      StartTLS
#   endpoint ldaps://localhost:PORT     TLS from the first octet
#   account DIR/account.toml            a user, with the name that it binds by
#   ca DIR/pki/ca.pem                   what to trust
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"

if (($# != 2)) || [[ $1 != start && $1 != stop ]]; then
  echo "usage: interop/slapd.sh start DIR | stop DIR" >&2
  exit 2
fi
verb=$1
dir=$(realpath -m "$2")
base=dc=assay,dc=test

stop() { land slapd; }

write_conf() {
  cat >"$dir/slapd.conf" <<CONF
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile $dir/run/slapd.pid
argsfile $dir/run/slapd.args
# Debian builds slapd with GnuTLS: the cipher suite is a priority string, and the certificate file is served whole.
TLSCertificateFile $dir/pki/chain.pem
TLSCertificateKeyFile $dir/pki/server.pem
TLSCACertificateFile $dir/pki/ca.pem
TLSVerifyClient never
TLSCipherSuite NORMAL:-VERS-TLS1.0:-VERS-TLS1.1
# A password is taken inside TLS alone.
security simple_bind=128
# Bounds a handshake that does not begin, too; 0, the default, bounds nothing.
idletimeout 20
database mdb
suffix "$base"
directory $dir/db
maxsize 10485760
dbnosync
access to attrs=userPassword by anonymous auth by * none
access to * by * read
CONF
}

write_entries() { # PASSWORD
  cat >"$dir/entries.ldif" <<LDIF
dn: $base
objectClass: domain
dc: assay

dn: ou=people,$base
objectClass: organizationalUnit
ou: people

dn: uid=alice,ou=people,$base
objectClass: inetOrgPerson
uid: alice
cn: Alice
sn: Example
mail: alice@assay.test
userPassword: $1
LDIF
}

start() {
  local upgrade implicit password
  if [[ ! -x /usr/sbin/slapd ]]; then fail "slapd is not installed (scripts/deps interop brings it)"; fi
  if alive slapd; then fail "already running in $dir"; fi

  mkdir -p "$dir/db" "$dir/run"
  umask 077
  "$interop/pki.sh" "$dir/pki"
  hand_out_port upgrade
  hand_out_port implicit
  password=$(openssl rand -hex 12)
  write_conf
  write_entries "$password"
  if ! /usr/sbin/slapadd -q -f "$dir/slapd.conf" -l "$dir/entries.ldif" >"$dir/slapadd.log" 2>&1; then
    show_log slapadd
    fail "slapadd did not take the entries"
  fi
  rm -f "$dir/entries.ldif"
  printf 'user = "alice"\npassword = "%s"\nbind_dn = "uid=alice,ou=people,%s"\nauth_tls_only = true\nhandshake_budget_seconds = 30\n' \
    "$password" "$base" >"$dir/account.toml"

  # Whatever goes wrong from here on, nothing stays behind.
  trap 'stop || true' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  launch slapd /usr/sbin/slapd -d stats -f "$dir/slapd.conf" -h "ldap://127.0.0.1:$upgrade ldaps://127.0.0.1:$implicit"
  wait_until slapd "port $upgrade" port_open "$upgrade"
  wait_until slapd "port $implicit" port_open "$implicit"
  trap - EXIT

  printf '%s\n' "endpoint ldap://localhost:$upgrade" "endpoint ldaps://localhost:$implicit" \
    "account $dir/account.toml" "ca $dir/pki/ca.pem" | tee "$dir/endpoints"
}

"$verb"
