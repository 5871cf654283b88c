#include "harness/cli/papers.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace assay {

namespace fs = std::filesystem;

Papers::Papers(const std::string& named) : ours_(named.empty()) {
  if (ours_) {
    std::string pattern = (fs::temp_directory_path() / "assay-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), pattern);
    directory_ = pattern;
  } else {
    fs::create_directories(named);
    directory_ = fs::absolute(named);
  }
}

Papers::~Papers() {
  std::error_code ignored;
  if (ours_) fs::remove_all(directory_, ignored);
}

}  // namespace assay
