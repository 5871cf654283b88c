#include "harness/check/config_file.h"

#include "harness/base/printable.h"
#include "harness/base/secret.h"
#include "harness/base/words.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace assay {
namespace {

constexpr std::size_t kMaxFile = 1024UL * 1024;

std::string reason_of(int error) { return std::generic_category().message(error); }

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

ConfigPlace place_of(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

std::string at(std::string_view file, ConfigPlace place, std::string_view message) {
  return fmt::format("{}:{}:{}: {}", printable(file), place.line, place.column, message);
}

std::string taken(toml::value<std::string>& from) {
  std::string copy = from.get();
  wipe(from.get());
  return copy;
}

ConfigTable converted(toml::table& from);

ConfigValue converted(toml::array& from) {
  std::vector<std::string> texts;
  std::vector<ConfigTable> tables;
  for (toml::node& item : from) {
    if (auto* text = item.as_string()) texts.push_back(taken(*text));
    if (auto* table = item.as_table()) tables.push_back(converted(*table));
  }
  if (texts.size() == from.size()) return texts;
  if (tables.size() == from.size()) return tables;
  return std::monostate{};
}

ConfigValue converted(toml::node& from) {
  if (auto* text = from.as_string()) return taken(*text);
  if (const auto* flag = from.as_boolean()) return flag->get();
  if (const auto* number = from.as_integer()) return number->get();
  if (const auto* date = from.as_date()) {
    return std::chrono::year_month_day(std::chrono::year(date->get().year),
                                       std::chrono::month(date->get().month),
                                       std::chrono::day(date->get().day));
  }
  if (auto* list = from.as_array()) return converted(*list);
  if (auto* table = from.as_table()) return std::vector<ConfigTable>{converted(*table)};
  return std::monostate{};
}

ConfigTable converted(toml::table& from) {
  ConfigTable table;
  table.place = place_of(from.source());
  for (auto&& [key, node] : from) {
    table.entries.push_back({std::string(key.str()), place_of(key.source()), converted(node)});
  }
  // As they stand in the file, so that the first mistake is the first one.
  std::ranges::sort(table.entries, {}, [](const ConfigEntry& entry) {
    return std::pair(entry.place.line, entry.place.column);
  });
  return table;
}

struct Wiper {
  void operator()(std::string& text) const { wipe(text); }
  void operator()(std::vector<std::string>& texts) const {
    for (std::string& text : texts) wipe(text);
  }
  void operator()(std::vector<ConfigTable>& tables) const {
    for (ConfigTable& table : tables) wipe(table);
  }
  template <typename T>
  void operator()(T&) const {}
};

}  // namespace

tl::expected<std::string, std::string> read_config_file(const std::filesystem::path& path,
                                                        Privacy privacy) {
  const std::string name = printable(path.native());
  const auto failed = [&](int error) {
    return tl::make_unexpected(fmt::format("cannot read {}: {}", name, reason_of(error)));
  };
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return failed(errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return failed(errno);
  if (S_ISDIR(status.st_mode)) return failed(EISDIR);
  const auto mode = static_cast<unsigned>(status.st_mode) & 07777U;
  if (privacy == Privacy::secret && (mode & 077U) != 0) {
    return tl::make_unexpected(fmt::format(
        "{} holds a secret and is open to others (mode {:04o}): chmod 600 {}", name, mode, name));
  }
  std::string text;
  std::string piece(64UL * 1024, '\0');
  while (text.size() <= kMaxFile) {
    const ssize_t got = ::read(file.number(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(errno);
    if (got == 0) break;
    text.append(piece, 0, static_cast<std::size_t>(got));
  }
  if (privacy == Privacy::secret) wipe(piece);
  if (text.size() > kMaxFile) return failed(EFBIG);
  return text;
}

tl::expected<ConfigTable, std::string> parse_config(std::string_view text, std::string_view file,
                                                    Privacy privacy) {
  try {
    toml::table parsed = toml::parse(text);
    return converted(parsed);
  } catch (const toml::parse_error& mistake) {
    const ConfigPlace place = place_of(mistake.source());
    // The library's words may quote the line, and the line may be the password's.
    const std::string what = privacy == Privacy::secret
                                 ? "this is not TOML (texts stand in quotes: key = \"value\")"
                                 : printable(mistake.description());
    return tl::make_unexpected(at(file, place, what));
  }
}

tl::expected<ConfigTable, std::string> load_config(const std::filesystem::path& path,
                                                   Privacy privacy) {
  auto text = read_config_file(path, privacy);
  if (!text) return tl::make_unexpected(std::move(text.error()));
  auto table = parse_config(*text, path.native(), privacy);
  if (privacy == Privacy::secret) wipe(*text);
  return table;
}

void wipe(ConfigTable& table) {
  for (ConfigEntry& entry : table.entries) std::visit(Wiper{}, entry.value);
}

std::string suggestion(std::string_view word, std::span<const std::string_view> candidates) {
  const auto near = did_you_mean(word, candidates);
  return near ? fmt::format("; did you mean \"{}\"?", *near) : std::string();
}

ConfigReader::ConfigReader(const ConfigTable& table, std::string_view file,
                           std::span<const std::string_view> keys)
    : table_(table), file_(file) {
  for (const ConfigEntry& entry : table.entries) {
    if (std::ranges::find(keys, entry.key) != keys.end()) continue;
    refuse_at(entry.place, fmt::format("unknown key \"{}\"{}", printable(entry.key, 80),
                                       suggestion(entry.key, keys)));
  }
}

const ConfigEntry* ConfigReader::find(std::string_view key) const {
  const auto found = std::ranges::find(table_.entries, key, &ConfigEntry::key);
  return found == table_.entries.end() ? nullptr : &*found;
}

void ConfigReader::refuse_at(ConfigPlace place, std::string_view message) {
  if (error_.empty()) error_ = at(file_, place, message);
}

void ConfigReader::refuse(std::string_view key, std::string_view message) {
  const ConfigEntry* entry = find(key);
  refuse_at(entry != nullptr ? entry->place : table_.place, message);
}

template <typename T>
const T* ConfigReader::value(std::string_view key, std::string_view kind) {
  const ConfigEntry* entry = find(key);
  if (entry == nullptr || !error_.empty()) return nullptr;
  const T* held = std::get_if<T>(&entry->value);
  if (held == nullptr) refuse(key, fmt::format("`{}` must be {}", key, kind));
  return held;
}

std::string ConfigReader::text(std::string_view key) {
  const auto* held = value<std::string>(key, "a text in quotes");
  if (held == nullptr) return {};
  if (held->find('\0') != std::string::npos) {
    refuse(key, fmt::format("`{}` must not contain a NUL", key));
  }
  return *held;
}

std::vector<std::string> ConfigReader::texts(std::string_view key) {
  const auto* held = value<std::vector<std::string>>(key, R"(a list of texts, as ["a", "b"])");
  return held == nullptr ? std::vector<std::string>() : *held;
}

bool ConfigReader::flag(std::string_view key) {
  const auto* held = value<bool>(key, "true or false");
  return held != nullptr && *held;
}

std::optional<std::size_t> ConfigReader::count(std::string_view key, std::size_t maximum) {
  const std::string kind = fmt::format("a whole number from 1 to {}", maximum);
  const auto* held = value<std::int64_t>(key, kind);
  if (held == nullptr) return std::nullopt;
  if (*held >= 1 && static_cast<std::uint64_t>(*held) <= maximum) {
    return static_cast<std::size_t>(*held);
  }
  refuse(key, fmt::format("`{}` must be {}", key, kind));
  return std::nullopt;
}

std::optional<std::chrono::year_month_day> ConfigReader::date(std::string_view key) {
  const auto* held =
      value<std::chrono::year_month_day>(key, "a date without quotes, as 2026-12-31");
  return held == nullptr ? std::nullopt : std::optional(*held);
}

const std::vector<ConfigTable>* ConfigReader::tables(std::string_view key) {
  return value<std::vector<ConfigTable>>(key, fmt::format("written as [[{}]]", key));
}

std::string ConfigReader::word(std::string_view key, std::span<const std::string_view> words) {
  std::string held = text(key);
  if (held.empty() && (!has(key) || !error_.empty())) return {};
  if (std::ranges::find(words, held) != words.end()) return held;
  refuse(key, fmt::format("`{}` must be one of {}{}", key, fmt::join(words, ", "),
                          suggestion(held, words)));
  return {};
}

}  // namespace assay
