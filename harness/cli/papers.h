// Papers: the files that a command lays out for others to read: a directory of its own, which goes
// when the command does, unless it was named.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace assay {

class Papers {
 public:
  /// `named` may be empty. Throws std::system_error where the directory cannot be made.
  explicit Papers(const std::string& named);
  Papers(const Papers&) = delete;
  Papers& operator=(const Papers&) = delete;
  ~Papers();
  [[nodiscard]] std::filesystem::path file(std::string_view name) const {
    return directory_ / name;
  }

 private:
  bool ours_;
  std::filesystem::path directory_;
};

}  // namespace assay
