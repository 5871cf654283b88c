// Between the two files of Oracle: the callbacks that a context installs for its sessions.
#pragma once

struct ssl_ctx_st;

namespace assay {

/// Installs the message callback (alerts, exactly as on the wire) and, if wanted, the key log.
void watch_messages(ssl_ctx_st* context, bool key_log);

}  // namespace assay
