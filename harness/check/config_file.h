// ConfigFile: a small TOML file as values that know where they stand, so that each mistake in it is
// told with line and column. Used by the account and the baseline; the TOML library stays behind
// it.
#pragma once

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace assay {

/// Counted from 1.
struct ConfigPlace {
  std::size_t line = 1;
  std::size_t column = 1;
};

struct ConfigTable;

/// What a file of ours may hold; monostate is any other kind of value. One table counts as a list
/// of one.
using ConfigValue =
    std::variant<std::monostate, bool, std::int64_t, std::string, std::chrono::year_month_day,
                 std::vector<std::string>, std::vector<ConfigTable>>;

struct ConfigEntry {
  std::string key;
  ConfigPlace place;
  ConfigValue value;
};

struct ConfigTable {
  ConfigPlace place;
  std::vector<ConfigEntry> entries;
};

/// secret: the file holds a password or a key. It must be readable by its owner alone, no message
/// quotes it, and what was read is wiped.
enum class Privacy { open, secret };

/// The whole file; the error says what is wrong and what to do. 1 MiB at most.
[[nodiscard]] tl::expected<std::string, std::string> read_config_file(
    const std::filesystem::path& path, Privacy privacy);
/// `file` names the text in errors: "FILE:LINE:COLUMN: …".
[[nodiscard]] tl::expected<ConfigTable, std::string> parse_config(std::string_view text,
                                                                  std::string_view file,
                                                                  Privacy privacy);
/// Both.
[[nodiscard]] tl::expected<ConfigTable, std::string> load_config(const std::filesystem::path& path,
                                                                 Privacy privacy);
/// Overwrites every text of the table.
void wipe(ConfigTable& table);

/// Reads one table key by key. The first mistake stays; after it every read yields nothing, so
/// callers look at error() once, at the end. A key that is not among `keys` is a mistake.
class ConfigReader {
 public:
  /// `table` and `keys` outlive the reader.
  ConfigReader(const ConfigTable& table, std::string_view file,
               std::span<const std::string_view> keys);

  [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
  [[nodiscard]] std::string text(std::string_view key);
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  [[nodiscard]] bool flag(std::string_view key);
  /// From 1 to `maximum`.
  [[nodiscard]] std::optional<std::size_t> count(std::string_view key, std::size_t maximum);
  [[nodiscard]] std::optional<std::chrono::year_month_day> date(std::string_view key);
  [[nodiscard]] const std::vector<ConfigTable>* tables(std::string_view key);
  /// The text of `key`, which must be one of `words`; empty when the key is absent.
  [[nodiscard]] std::string word(std::string_view key, std::span<const std::string_view> words);

  /// A mistake at the value of `key`, or at the table where the key is absent.
  void refuse(std::string_view key, std::string_view message);
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  [[nodiscard]] const ConfigEntry* find(std::string_view key) const;
  template <typename T>
  const T* value(std::string_view key, std::string_view kind);
  void refuse_at(ConfigPlace place, std::string_view message);

  const ConfigTable& table_;
  std::string file_;
  std::string error_;
};

/// `; did you mean "near"?`, or nothing when no candidate is near.
[[nodiscard]] std::string suggestion(std::string_view word,
                                     std::span<const std::string_view> candidates);

}  // namespace assay
