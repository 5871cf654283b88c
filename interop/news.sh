#!/usr/bin/env bash
# Newsreaders log in to `assay serve` by NNTP: tin over implicit TLS, the only way to TLS that it has, and Perl's
# Net::NNTP over the upgrade, too, with the chain and the name verified. Told to trust another root, each
# refuses; and a wrong password lets none of them in.
#
# usage: interop/news.sh ASSAY [SERVE-OPTION...]
#
# Exit: 0 as expected, 1 not, 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=interop/serving.sh
. "$(dirname "$0")/serving.sh"
if (($# < 1)); then echo "usage: interop/news.sh ASSAY [SERVE-OPTION...]" >&2; exit 2; fi
need openssl tin perl
perl -MNet::NNTP -MIO::Socket::SSL -e 'exit !Net::NNTP->can_ssl' 2>/dev/null || skip "this Perl has no IO::Socket::SSL"
begin_client_test "$@"
umask 077 # files with a password in them
printf %s "$password" >"$dir/password"
printf 'not-%s' "$password" >"$dir/wrong_password"

# tin logs in first (-A) and looks for unread articles without a screen (-Z): there are none.
by_tin() { # CA PASSWORD-FILE
  rm -rf "${dir:?}/home"
  mkdir -p "$dir/home/.tin"
  printf 'localhost "%s" %s\n' "$(<"$2")" "$user" >"$dir/home/.newsauth"
  printf 'tls_ca_cert_file=%s\n' "$1" >"$dir/home/.tin/tinrc"
  printf 'assay.test:\n' >"$dir/home/.newsrc"
  HOME=$dir/home TERM=dumb timeout 20 tin -r -T -A -Q -Z -v -g localhost -p "$(port nntps)" >"$dir/tin.out" 2>&1 || {
    local code=$?
    cat "$dir/tin.out"
    return "$code"
  }
  grep -q "^Authorized for user: $user" "$dir/tin.out"
}

by_perl() { # SCHEME CA PASSWORD-FILE
  # shellcheck disable=SC2016  # the variables are those of Perl
  timeout 20 perl -MNet::NNTP -we '
    my ($scheme, $port, $ca, $user, $file) = @ARGV;
    my %tls = (SSL_verify_mode => 1, SSL_ca_file => $ca, SSL_hostname => "localhost");
    my $news = Net::NNTP->new("localhost", Port => $port, Timeout => 10, $scheme eq "nntps" ? (SSL => 1, %tls) : ())
      or do { warn "$@\n"; exit 2 };
    $scheme eq "nntps" or $news->starttls(%tls) or do { warn "$IO::Socket::SSL::SSL_ERROR\n"; exit 2 };
    open my $in, "<", $file or die;
    $news->authinfo($user, scalar <$in>) or do { warn $news->message; exit 3 };
    $news->group("assay.test") or die $news->message;
    $news->quit;' "$1" "$(port "$1")" "$2" "$user" "$3"
}

wrong=$dir/strangers/other_ca.pem
expect tin_nntps 0 by_tin "$ca" "$dir/password"
expect tin_nntps_with_another_root 1 by_tin "$wrong" "$dir/password"
expect tin_nntps_wrong_password 1 by_tin "$ca" "$dir/wrong_password"
for scheme in nntp nntps; do
  expect "perl_$scheme" 0 by_perl "$scheme" "$ca" "$dir/password"
  expect "perl_${scheme}_with_another_root" 2 by_perl "$scheme" "$wrong" "$dir/password"
  expect "perl_${scheme}_wrong_password" 3 by_perl "$scheme" "$ca" "$dir/wrong_password"
done
end_client_test
