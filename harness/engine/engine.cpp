#include "harness/engine/engine.h"

#include "harness/engine/client_start.h"
#include "harness/engine/core.h"
#include "harness/engine/server_start.h"

#include <utility>

namespace assay::engine {

std::unique_ptr<Engine> make_engine(std::shared_ptr<const Config> config) {
  const bool client = config->role == Role::client;
  auto core = std::make_unique<Core>(std::move(config));
  core->become(client ? make_client_start(*core) : make_server_start(*core));
  return core;
}

}  // namespace assay::engine
