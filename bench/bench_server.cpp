// The reference server beside nginx: S8, handshakes a second a core; S9, resident memory an idle
// TLS session with 5,000 of them held.
//
// usage: bench_server [ASSAY]
#include "bench/bare.h"
#include "bench/measure.h"
#include "bench/subject.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <thread>

namespace assay::bench {
namespace {

constexpr double kSpeedLimit = 0.95;
constexpr double kMemoryLimit = 24;  // KiB a session
constexpr std::size_t kSlice = 500;  // handshakes: 0.3 s where nobody else is busy
constexpr std::size_t kHeld = 5'000;
constexpr std::size_t kSources = 100;
constexpr auto kSettle = std::chrono::milliseconds(500);

/// Handshakes a second of the server's own CPU time, slice by slice.
class Rate {
 public:
  Rate(Bare& client, const Child& server, std::uint16_t port, bool greeted)
      : client_(client),
        server_(server),
        // A number, not a time: on a machine that others use, a slice still has enough to count.
        load_{.targets = {{.port = port, .answered = greeted}},
              .connections = kSlice,
              .sources = kSources} {
    slice();  // warm-up
    per_second_.clear();
  }

  void slice() {
    const Seconds before = server_.cpu();
    const Served served = client_.run(load_);
    errors_ += served.errors;
    per_second_.push_back(static_cast<double>(served.connections) /
                          (server_.cpu() - before).count());
  }
  [[nodiscard]] const std::vector<double>& per_second() const { return per_second_; }
  [[nodiscard]] std::size_t errors() const { return errors_; }

 private:
  Bare& client_;
  const Child& server_;
  Load load_;
  std::vector<double> per_second_;
  std::size_t errors_ = 0;
};

/// The ratio's quartiles in a row that still lacks its limit; `greeted` connections wait for the
/// first words inside TLS, the others leave at once.
struct Speed {
  Row row;
  double ratio = 0;
  std::size_t errors = 0;
};

Speed compare_speed(std::string measure, const ReferenceServer& server, const Nginx& nginx,
                    std::uint16_t nginx_port, bool greeted) {
  Bare client;
  Rate ours(client, server.process(), server.port(Access::implicit), greeted);
  Rate theirs(client, nginx.process(), nginx_port, greeted);
  const Others others(server.process());
  interleave(
      kPairs, [&] { ours.slice(); }, [&] { theirs.slice(); });
  const Quartiles ratio = quartiles_of(ratios(ours.per_second(), theirs.per_second()));
  Row row{std::move(measure),
          fmt::format("{:.0f}", quartiles_of(ours.per_second()).median),
          fmt::format("{:.0f}", quartiles_of(theirs.per_second()).median),
          fmt::format("{:.2f}", ratio.median),
          text_of(ratio),
          {},
          {},
          others.share()};
  return {std::move(row), ratio.median, ours.errors() + theirs.errors()};
}

bool print_speed(const ReferenceServer& server, const Nginx& nginx) {
  // nginx's `return` closes behind its greeting; we are still there to see the client go. Without
  // a greeting both ends do the same, so that row tells the two costs apart.
  Speed stream = compare_speed("S8 handshakes/s a core, / nginx stream", server, nginx,
                               nginx.stream_port(), true);
  Speed http = compare_speed("   the same, the client leaves, / nginx http", server, nginx,
                             nginx.http_port(), false);
  fmt::print(stderr,
             "S8: {} pairs ABBA, {} handshakes a slice, 8 in flight, TLS 1.3, P-256 leaf and "
             "intermediate, no resumption, one ticket on both sides; {} errors; the share of "
             "others includes nginx\n",
             kPairs, kSlice, stream.errors + http.errors);
  const bool met = stream.ratio >= kSpeedLimit && stream.errors == 0;
  stream.row.limit = ">= 0.95";
  stream.row.verdict = verdict_of(met);
  print(stream.row);
  print(http.row);
  return met;
}

struct Idle {
  double anonymous = 0;  // KiB a session
  double resident = 0;
  std::size_t errors = 0;
};

/// What `server` keeps for each of kHeld sessions that have said their first word.
Idle hold_idle(const Child& server, const Target& target) {
  Bare client;
  Load load{.targets = {target}, .in_flight = 64, .connections = 200, .sources = kSources};
  client.run(load);  // what the first sessions cost once
  std::this_thread::sleep_for(kSettle);
  const auto anonymous = static_cast<double>(server.resident_anonymous());
  const auto resident = static_cast<double>(server.resident());
  load.connections = kHeld;
  const Served held = client.hold(load);
  std::this_thread::sleep_for(kSettle);
  constexpr double kPerSession = 1.0 / 1024 / kHeld;
  Idle idle;
  idle.anonymous = (static_cast<double>(server.resident_anonymous()) - anonymous) * kPerSession;
  idle.resident = (static_cast<double>(server.resident()) - resident) * kPerSession;
  idle.errors = held.errors + (held.connections - client.alive());
  return idle;
}

bool compare_memory(const ReferenceServer& server, const Nginx& nginx) {
  const Idle ours = hold_idle(server.process(), {.port = server.port(Access::implicit)});
  Idle theirs;
  if (nginx.trouble().empty()) {
    theirs = hold_idle(nginx.process(), {.port = nginx.http_port(),
                                         .request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"});
  }
  fmt::print(stderr,
             "S9: {} sessions held after their first answer; anonymous memory a session, resident "
             "in all {:.1f} KiB (nginx http {:.1f}); errors {} (nginx {})\n",
             kHeld, ours.resident, theirs.resident, ours.errors, theirs.errors);
  const bool met = ours.anonymous <= kMemoryLimit && ours.errors == 0;
  const bool both = theirs.anonymous > 0;
  print({"S9 KiB an idle session, 5,000 held, / nginx http", fmt::format("{:.1f}", ours.anonymous),
         both ? fmt::format("{:.1f}", theirs.anonymous) : "-",
         both ? fmt::format("{:.2f}", ours.anonymous / theirs.anonymous) : "-", "-", "<= 24 KiB",
         verdict_of(met), "-"});
  return met;
}

int run(const std::string& program) {
  if (raise_descriptor_limit() < kHeld + 200) {
    fmt::print(stderr, "S9 needs {} descriptors: ulimit -n\n", kHeld + 200);
    return 1;
  }
  const ReferenceServer server(program);
  const Nginx nginx;
  bool met = true;
  if (nginx.trouble().empty()) {
    met = print_speed(server, nginx);
  } else {
    fmt::print(stderr, "S8 is left out: {}\n", nginx.trouble());
  }
  // A server that has not been under load: what that left behind would hide what a session costs.
  const ReferenceServer fresh(program);
  return compare_memory(fresh, nginx) && met ? 0 : 1;
}

}  // namespace
}  // namespace assay::bench

int main(int argc, char** argv) {
  try {
    return assay::bench::run(argc > 1 ? argv[1] : assay::bench::sibling("assay"));
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_server: {}\n", error.what());
    return 1;
  }
}
