#include "suites/uniform.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

namespace assay::suites {
namespace {

double log_choose(std::size_t from, std::size_t count) {
  const auto log_factorial = [](std::size_t n) { return std::lgamma(static_cast<double>(n) + 1); };
  return log_factorial(from) - log_factorial(count) - log_factorial(from - count);
}

std::size_t count_of(const Answers& answers, const std::string& answer) {
  const auto found = answers.find(answer);
  return found == answers.end() ? 0 : found->second;
}

/// The answer by which two samples differ most.
std::string telling_answer(const Answers& one, const Answers& other) {
  std::set<std::string> all;
  for (const auto& each : one) all.insert(each.first);
  for (const auto& each : other) all.insert(each.first);
  std::string best;
  std::size_t most = 0;
  for (const std::string& each : all) {
    const std::size_t a = count_of(one, each);
    const std::size_t b = count_of(other, each);
    const std::size_t difference = a > b ? a - b : b - a;
    if (difference <= most) continue;
    most = difference;
    best = each;
  }
  return best;
}

/// Asks for all of them, and adds what came to each. False: an answer was not to be had.
Task<bool> ask(Probe& probe, const Uniformity& of, std::vector<std::size_t> order,
               std::vector<Answers>& answers) {
  for (std::size_t from = 0; from < order.size(); from += of.at_once) {
    const auto begin = order.begin() + static_cast<std::ptrdiff_t>(from);
    const std::size_t wanted = std::min(of.at_once, order.size() - from);
    std::vector<std::size_t> some(begin, begin + static_cast<std::ptrdiff_t>(wanted));
    probe.renew_deadline();
    const auto came = co_await of.answers(std::move(some));
    for (std::size_t i = 0; i < wanted; ++i) {
      if (came[i].empty()) co_return false;
      ++answers[order[from + i]][came[i]];
    }
  }
  co_return true;
}

/// `stimuli` in turns, so many times.
std::vector<std::size_t> in_turns(const std::vector<std::size_t>& stimuli, std::size_t times) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < times; ++i) order.insert(order.end(), stimuli.begin(), stimuli.end());
  return order;
}

}  // namespace

double chance_of(std::size_t hits, std::size_t size, std::size_t other_hits,
                 std::size_t other_size) {
  const std::size_t all = hits + other_hits;
  const auto log_chance = [&](std::size_t k) {
    return log_choose(size, k) + log_choose(other_size, all - k) -
           log_choose(size + other_size, all);
  };
  const double seen = log_chance(hits);
  double chance = 0;
  for (std::size_t k = all > other_size ? all - other_size : 0; k <= std::min(all, size); ++k) {
    // A hair's breadth for what is equal but for its rounding.
    if (log_chance(k) <= seen + 1e-9) chance += std::exp(log_chance(k));
  }
  return std::min(chance, 1.0);
}

Task<Ending> uniformity(Probe& probe, Uniformity of) {
  std::vector<std::size_t> all(of.names.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<Answers> first(of.names.size());
  const bool asked = co_await ask(probe, of, in_turns(all, of.rounds), first);
  if (!asked) co_return probe.lost();
  for (std::size_t i = 1; i < of.names.size(); ++i) {
    const std::string telling = telling_answer(first[i], first[0]);
    if (telling.empty()) continue;
    const std::size_t times = of.confirmations;
    const std::vector<std::size_t> both = {0, i};
    std::vector<Answers> again(of.names.size());
    const bool confirmed = co_await ask(probe, of, in_turns(both, times), again);
    if (!confirmed) co_return probe.lost();
    const std::size_t hits = count_of(again[i], telling);
    const std::size_t of_control = count_of(again[0], telling);
    const double chance = chance_of(hits, times, of_control, times);
    probe.note(fmt::format("{}: \"{}\" {} times in {}, the control {} times: by chance {:.0e}",
                           of.names[i], telling, hits, times, of_control, chance));
    if (chance * static_cast<double>(of.comparisons) <= of.chance) co_return kToldApart;
  }
  co_return kUniform;
}

Task<std::string> fingerprint(SecureLink& link, Deadline deadline) {
  std::string seen;
  const auto add = [&seen](std::string_view what) {
    if (!seen.empty()) seen += ", ";
    seen += what;
  };
  for (;;) {
    const Event event = co_await link.next(deadline);
    if (const auto* received = std::get_if<AlertReceived>(&event)) {
      add(fmt::format("{} {}", received->alert.fatal ? "fatal" : "warning",
                      alert_name(received->alert.description)));
    } else if (std::holds_alternative<HandshakeDone>(event)) {
      add("finished");
    } else if (std::holds_alternative<Received>(event)) {
      add("data");
    } else if (std::holds_alternative<CloseNotify>(event)) {
      add("close_notify");
    } else if (const auto* ended = std::get_if<InputEnded>(&event)) {
      add(ended->how == EndOfInput::reset ? "reset" : "end");
      co_return seen;
    } else if (std::holds_alternative<TimedOut>(event)) {
      add("silent");
      co_return seen;
    } else {
      add("refused by us");
      co_return seen;
    }
  }
}

}  // namespace assay::suites
