#include "harness/protocol/nntp_time.h"

#include "harness/base/words.h"

#include <algorithm>
#include <array>

namespace assay {
namespace {

using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Moment {
  explicit Moment(sys_seconds time)
      : day(std::chrono::floor<std::chrono::days>(time)), date(day), clock(time - day) {}
  sys_days day;
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::seconds> clock;
};

std::string padded(long value, std::size_t width) {
  std::string digits = std::to_string(value);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

std::string year_of(const Moment& moment) {
  return padded(static_cast<int>(moment.date.year()), 4);
}

std::string day_of(const Moment& moment) {
  return padded(static_cast<unsigned>(moment.date.day()), 2);
}

std::string clock_of(const Moment& moment, std::string_view separator) {
  std::string text = padded(moment.clock.hours().count(), 2);
  text.append(separator).append(padded(moment.clock.minutes().count(), 2));
  return text.append(separator).append(padded(moment.clock.seconds().count(), 2));
}

/// `count` digits at `at`; the caller has seen that they are there.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(at, count)) value = value * 10 + (c - '0');
  return value;
}

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// RFC 3977 §7.3.2: the current century where yy is not after the current year, else the one
/// before.
int full_year(int yy, sys_seconds now) {
  const int current = static_cast<int>(Moment(now).date.year());
  const int century = current / 100 * 100;
  return yy <= current % 100 ? century + yy : century - 100 + yy;
}

}  // namespace

std::string nntp_timestamp(sys_seconds time) {
  const Moment moment(time);
  return year_of(moment) + padded(static_cast<unsigned>(moment.date.month()), 2) + day_of(moment) +
         clock_of(moment, "");
}

std::string article_date(sys_seconds time) {
  const Moment moment(time);
  std::string text(kDays[std::chrono::weekday(moment.day).c_encoding()]);
  text.append(", ").append(day_of(moment)).append(" ");
  text.append(kMonths[static_cast<unsigned>(moment.date.month()) - 1]).append(" ");
  return text.append(year_of(moment)).append(" ").append(clock_of(moment, ":")).append(" +0000");
}

std::optional<sys_seconds> parse_nntp_time(std::string_view date, std::string_view time,
                                           sys_seconds now) {
  // RFC 3977 §9.2: date = date2y / date4y, 6 or 8 digits; time = 6DIGIT.
  if ((date.size() != 6 && date.size() != 8) || time.size() != 6) return std::nullopt;
  if (!all_digits(date) || !all_digits(time)) return std::nullopt;
  const std::size_t month_at = date.size() - 4;
  const int year = date.size() == 8 ? digits(date, 0, 4) : full_year(digits(date, 0, 2), now);
  const std::chrono::year_month_day day{
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(digits(date, month_at, 2))),
      std::chrono::day(static_cast<unsigned>(digits(date, month_at + 2, 2)))};
  const int hours = digits(time, 0, 2);
  const int minutes = digits(time, 2, 2);
  const int seconds = digits(time, 4, 2);
  // RFC 3977 §7.3.2: years from 1900, 60 seconds for a leap second.
  if (year < 1900 || !day.ok() || hours > 23 || minutes > 59 || seconds > 60) return std::nullopt;
  return sys_days(day) + std::chrono::hours(hours) + std::chrono::minutes(minutes) +
         std::chrono::seconds(seconds);
}

}  // namespace assay
