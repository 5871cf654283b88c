// S3: what a handshake costs a client of our own engine, beside a client of libssl: the CPU time of
// the client's half alone, both against one libssl server in memory. TLS 1.3, X25519, P-256.
#include "bench/measure.h"
#include "harness/channel/oracle.h"
#include "harness/engine/engine.h"
#include "harness/pki/authority.h"

#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <exception>
#include <functional>
#include <stdexcept>

namespace assay::bench {
namespace {

constexpr double kLimit = 0.8;
constexpr int kSlice = 400;  // handshakes

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::shared_ptr<const OracleContext> server_context() {
  KeyRing keys;
  const Authority authority(std::chrono::system_clock::now(), keys);
  const std::vector<std::string> names = {"localhost"};
  const Identity issued = authority.issue(ChainSpec{}, names);
  OracleConfig config;
  config.role = Role::server;
  config.identity = {issued.chain, issued.key.private_der(), {}};
  return std::make_shared<const OracleContext>(std::move(config));
}

using MakeClient = std::function<std::unique_ptr<Channel>()>;

/// CPU seconds of the client's half of one handshake.
double one(const MakeClient& make, const std::shared_ptr<const OracleContext>& server_side) {
  const auto server = make_oracle(server_side);
  server->start();
  double spent = 0;
  const auto timed = [&](const auto& what) {
    const double before = thread_seconds();
    what();
    spent += thread_seconds() - before;
  };
  std::unique_ptr<Channel> client;
  Bytes out;
  timed([&] {
    client = make();
    client->start();
    out = client->take_output();
  });
  for (int i = 0; i < 8 && !client->established(); ++i) {
    server->feed(out);
    const Bytes answer = server->take_output();
    timed([&] {
      client->feed(answer);
      out = client->take_output();
    });
  }
  if (!client->established()) throw std::runtime_error("a handshake failed");
  timed([&] { client.reset(); });
  return spent;
}

double slice(const MakeClient& make, const std::shared_ptr<const OracleContext>& server) {
  double spent = 0;
  for (int i = 0; i < kSlice; ++i) spent += one(make, server);
  return spent / kSlice;
}

int run() {
  const auto server = server_context();
  engine::Config offer;
  offer.min_version = TlsVersion::tls13;
  offer.server_name = "localhost";
  const auto config = std::make_shared<const engine::Config>(std::move(offer));
  OracleConfig oracle;
  oracle.min_version = TlsVersion::tls13;
  oracle.groups = "X25519";
  const auto context = std::make_shared<const OracleContext>(std::move(oracle));
  const MakeClient ours = [&] { return engine::make_engine(config); };
  const MakeClient baseline = [&] { return make_oracle(context, "localhost"); };
  static_cast<void>(slice(ours, server));
  static_cast<void>(slice(baseline, server));
  std::vector<double> our_cost;
  std::vector<double> their_cost;
  interleave(
      kPairs, [&] { our_cost.push_back(slice(ours, server)); },
      [&] { their_cost.push_back(slice(baseline, server)); });
  const Quartiles ratio = quartiles_of(ratios(our_cost, their_cost));
  print({.measure = "S3 client CPU a handshake, engine / libssl",
         .ours = fmt::format("{:.0f} us", quartiles_of(our_cost).median * 1e6),
         .baseline = fmt::format("{:.0f} us", quartiles_of(their_cost).median * 1e6),
         .ratio = fmt::format("{:.2f}", ratio.median),
         .quartiles = text_of(ratio),
         .limit = fmt::format("<= {}", kLimit),
         .verdict = verdict_of(ratio.median <= kLimit),
         .others = "-"});
  return ratio.median <= kLimit ? 0 : 1;
}

}  // namespace
}  // namespace assay::bench

int main() {
  try {
    return assay::bench::run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_engine: %s\n", error.what());
    return 2;
  }
}
