/* A TLS server on wolfSSL that sends back what it receives: a subject for tls:// rows. One process a
 * connection, so that many can be open.
 *
 * usage: wolfssl_server PORT CHAIN.pem KEY.pem */
#include <wolfssl/options.h>
#include <wolfssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void serve(WOLFSSL_CTX* context, int connection) {
  WOLFSSL* session = wolfSSL_new(context);
  if (session == NULL) return;
  wolfSSL_set_fd(session, connection);
  if (wolfSSL_accept(session) == WOLFSSL_SUCCESS) {
    char octets[16384];
    int size;
    while ((size = wolfSSL_read(session, octets, sizeof octets)) > 0) {
      if (wolfSSL_write(session, octets, size) != size) break;
    }
    wolfSSL_shutdown(session);
  }
  wolfSSL_free(session);
}

int main(int count, char** words) {
  if (count != 4) {
    fprintf(stderr, "usage: wolfssl_server PORT CHAIN.pem KEY.pem\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_IGN);
  wolfSSL_Init();
  WOLFSSL_CTX* context = wolfSSL_CTX_new(wolfSSLv23_server_method());
  if (context == NULL ||
      wolfSSL_CTX_use_certificate_chain_file(context, words[2]) != WOLFSSL_SUCCESS ||
      wolfSSL_CTX_use_PrivateKey_file(context, words[3], WOLFSSL_FILETYPE_PEM) != WOLFSSL_SUCCESS) {
    fprintf(stderr, "wolfssl_server: the chain or the key cannot be used\n");
    return 1;
  }
  wolfSSL_CTX_SetMinVersion(context, WOLFSSL_TLSV1_2);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(words[1]))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener, (struct sockaddr*)&address, sizeof address) != 0 || listen(listener, 64) != 0) {
    perror("wolfssl_server");
    return 1;
  }
  for (;;) {
    const int connection = accept(listener, NULL, NULL);
    if (connection < 0) continue;
    if (fork() == 0) {
      close(listener);
      serve(context, connection);
      _exit(0);
    }
    close(connection);
  }
}
