/* A TLS server on Mbed TLS that sends back what it receives: a subject for tls:// rows. One process a
 * connection, so that many can be open.
 *
 * usage: mbedtls_server PORT CHAIN.pem KEY.pem */
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cookie.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void serve(const mbedtls_ssl_config* config, mbedtls_net_context* connection) {
  mbedtls_ssl_context session;
  mbedtls_ssl_init(&session);
  if (mbedtls_ssl_setup(&session, config) != 0) return;
  mbedtls_ssl_set_bio(&session, connection, mbedtls_net_send, mbedtls_net_recv, NULL);
  int result;
  while ((result = mbedtls_ssl_handshake(&session)) == MBEDTLS_ERR_SSL_WANT_READ ||
         result == MBEDTLS_ERR_SSL_WANT_WRITE) {
  }
  if (result == 0) {
    unsigned char octets[16384];
    int size;
    while ((size = mbedtls_ssl_read(&session, octets, sizeof octets)) > 0) {
      if (mbedtls_ssl_write(&session, octets, (size_t)size) != size) break;
    }
    mbedtls_ssl_close_notify(&session);
  }
  mbedtls_ssl_free(&session);
}

int main(int count, char** words) {
  if (count != 4) {
    fprintf(stderr, "usage: mbedtls_server PORT CHAIN.pem KEY.pem\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_IGN);
  mbedtls_entropy_context entropy;
  mbedtls_ctr_drbg_context chance;
  mbedtls_ssl_config config;
  mbedtls_x509_crt chain;
  mbedtls_pk_context key;
  mbedtls_net_context listener;
  mbedtls_entropy_init(&entropy);
  mbedtls_ctr_drbg_init(&chance);
  mbedtls_ssl_config_init(&config);
  mbedtls_x509_crt_init(&chain);
  mbedtls_pk_init(&key);
  mbedtls_net_init(&listener);
  if (mbedtls_ctr_drbg_seed(&chance, mbedtls_entropy_func, &entropy, NULL, 0) != 0 ||
      mbedtls_x509_crt_parse_file(&chain, words[2]) != 0 ||
      mbedtls_pk_parse_keyfile(&key, words[3], NULL) != 0 ||
      mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_SERVER, MBEDTLS_SSL_TRANSPORT_STREAM,
                                  MBEDTLS_SSL_PRESET_DEFAULT) != 0 ||
      mbedtls_ssl_conf_own_cert(&config, &chain, &key) != 0) {
    fprintf(stderr, "mbedtls_server: the chain or the key cannot be used\n");
    return 1;
  }
  mbedtls_ssl_conf_min_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
  mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &chance);
  if (mbedtls_net_bind(&listener, "127.0.0.1", words[1], MBEDTLS_NET_PROTO_TCP) != 0) {
    fprintf(stderr, "mbedtls_server: port %s cannot be had\n", words[1]);
    return 1;
  }
  for (;;) {
    mbedtls_net_context connection;
    mbedtls_net_init(&connection);
    if (mbedtls_net_accept(&listener, &connection, NULL, 0, NULL) != 0) continue;
    if (fork() == 0) {
      /* A forked generator would hand out the same octets twice. */
      mbedtls_ctr_drbg_reseed(&chance, NULL, 0);
      serve(&config, &connection);
      mbedtls_net_free(&connection);
      _exit(0);
    }
    close(connection.fd);
  }
}
