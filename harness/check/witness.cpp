#include "harness/check/witness.h"

#include "harness/check/server_stream.h"

#include <fmt/format.h>

namespace assay {
namespace {

// RFC 5246 §7.4.1.2: the first four octets of a random may be a clock's.
constexpr std::size_t kClockSize = 4;

}  // namespace

class Witness::Connection final : public Watcher {
 public:
  Connection(Witness& witness, std::string where)
      : witness_(witness),
        where_(std::move(where)),
        stream_([this](Flaw flaw, std::string what) { saw(flaw, std::move(what)); }) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() override = default;

  void tls_begins() override { listening_ = true; }
  void tls_ends() override { listening_ = false; }

  void heard(View octets) override {
    if (!listening_ || octets.empty()) return;
    if (closed_) return saw(Flaw::behind_close_notify, more(octets.size()));
    stream_.feed(octets);
    if (!random_met_ && stream_.version()) {
      random_met_ = true;
      witness_.met_random(*stream_.version(), stream_.random(), where_);
    }
  }

  void happened(const Event& event) override {
    closed_ = closed_ || std::holds_alternative<CloseNotify>(event);
    // What the peer does behind our refusal is judged by the rows that provoke it.
    const auto* alert = std::get_if<AlertReceived>(&event);
    if (std::holds_alternative<LocalFailure>(event) || (alert != nullptr && alert->alert.fatal)) {
      listening_ = false;
    }
  }

  void left_unread(std::size_t octets) override {
    if (listening_ && octets > 0) saw(Flaw::behind_close_notify, more(octets));
  }

 private:
  static std::string more(std::size_t octets) {
    return fmt::format("{} more octets behind close_notify", octets);
  }
  void saw(Flaw flaw, std::string what) {
    if (stream_.version()) witness_.saw(flaw, *stream_.version(), {where_, std::move(what)});
  }

  Witness& witness_;
  std::string where_;
  ServerStream stream_;
  bool listening_ = false;
  bool closed_ = false;
  bool random_met_ = false;
};

std::unique_ptr<Watcher> Witness::watcher(std::string where) {
  return std::make_unique<Connection>(*this, std::move(where));
}

const Sighting* Witness::first(Flaw flaw, TlsVersion version) const {
  const auto found = sightings_.find({version, flaw});
  return found == sightings_.end() ? nullptr : &found->second;
}

void Witness::saw(Flaw flaw, TlsVersion version, Sighting sighting) {
  const auto [at, is_new] = sightings_.try_emplace({version, flaw}, sighting);
  if (!is_new && sighting.where < at->second.where) at->second = std::move(sighting);
}

void Witness::met_random(TlsVersion version, const Bytes& random, const std::string& where) {
  const auto [at, is_new] = randoms_.try_emplace(bytes_of(View(random).subspan(kClockSize)), where);
  if (is_new) return;
  const auto& [early, late] = std::minmax(at->second, where);
  saw(Flaw::random_repeated, version,
      {early, early == late ? "the random of its ServerHello came twice"
                            : fmt::format("the random of its ServerHello came in {}, too", late)});
}

}  // namespace assay
