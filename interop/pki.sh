#!/usr/bin/env bash
# Makes the certificates of an interop run with the openssl command: a root, an intermediate, a leaf for
# localhost and the loopback addresses, and a root that vouches for nobody. Good for a week.
#
# usage: interop/pki.sh DIR
#
#   DIR/ca.pem          the root, which a client is told to trust
#   DIR/server.pem      key, leaf and intermediate in one file, in this order (mode 0600)
#   DIR/chain.pem       leaf and intermediate
#   DIR/other_ca.pem    a root that signed none of it: verification against it must fail
set -euo pipefail
if (($# != 1)); then echo "usage: interop/pki.sh DIR" >&2; exit 2; fi
umask 077
mkdir -p "$1"
cd "$1"
log=$PWD/pki.log

cat >pki.cnf <<'CNF'
[req]
distinguished_name = name
prompt = no
[name]
O = Assay interop
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1, IP:::1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CNF

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key" 2>>"$log"; }

new_root() { # FILE COMMON-NAME
  new_key "$1"
  openssl req -x509 -new -config pki.cnf -extensions authority -subj "/O=Assay interop/CN=$2" \
    -key "$1.key" -sha256 -days 7 -out "$1.pem" 2>>"$log"
}

issue() { # FILE COMMON-NAME SECTION ISSUER
  new_key "$1"
  openssl req -new -config pki.cnf -subj "/O=Assay interop/CN=$2" -key "$1.key" -out "$1.csr" 2>>"$log"
  openssl x509 -req -in "$1.csr" -CA "$4.pem" -CAkey "$4.key" -set_serial "0x$(openssl rand -hex 15)" \
    -sha256 -days 7 -extfile pki.cnf -extensions "$3" -out "$1.pem" 2>>"$log"
}

new_root ca "interop root"
new_root other_ca "unrelated root"
issue intermediate "interop intermediate" intermediate ca
issue leaf localhost leaf intermediate
cat leaf.pem intermediate.pem >chain.pem
cat leaf.key chain.pem >server.pem
openssl verify -CAfile ca.pem -untrusted intermediate.pem leaf.pem >>"$log" 2>&1 || {
  cat "$log" >&2
  exit 1
}
rm -f ./*.csr ca.key other_ca.key intermediate.key # nothing more is to be signed
chmod 644 ca.pem other_ca.pem chain.pem
