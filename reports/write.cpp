#include "reports/write.h"

#include "harness/base/printable.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "reports/transcript_text.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace assay {
namespace {

std::string remedy(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return " (make room, or choose another place)";
    case EACCES:
    case EPERM:
    case EROFS:
      return " (choose a place that you may write to)";
    case ENOENT:
      return " (make its directory first)";
    case ENOTDIR:
    case EISDIR:
    case EEXIST:
      return " (choose another name)";
    default:
      return {};
  }
}

std::string failure(std::string_view what, int error) {
  return fmt::format("cannot write {}: {}{}", what, std::generic_category().message(error),
                     remedy(error));
}

/// 0, or the error.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {  // somebody made our stdout non-blocking
      pollfd wait{descriptor, POLLOUT, 0};
      ::poll(&wait, 1, -1);
      continue;
    }
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

/// Writes and closes; some file systems tell of a full disk only then.
int write_and_close(int descriptor, std::string_view text) {
  const int error = write_all(descriptor, text);
  const int closed = ::close(descriptor) == 0 ? 0 : errno;
  return error != 0 ? error : closed;
}

int write_in_place(const std::filesystem::path& path, std::string_view text) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  return descriptor < 0 ? errno : write_and_close(descriptor, text);
}

int write_and_rename(const std::filesystem::path& path, std::string_view text) {
  // mkostemp makes it 0600 and never follows a link that somebody put there.
  std::string temporary = path.native() + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) return errno;
  int error = write_and_close(descriptor, text);
  if (error == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(temporary.c_str());
  return error;
}

std::optional<std::string> make_directory(const std::filesystem::path& directory) {
  // Parents are made one by one: create_directories would take its modes from the umask.
  const std::filesystem::path parent = directory.parent_path();
  std::error_code ignored;
  if (!parent.empty() && parent != directory && !std::filesystem::exists(parent, ignored)) {
    if (auto error = make_directory(parent)) return error;
  }
  if (::mkdir(directory.c_str(), 0700) == 0) return std::nullopt;
  const int error = errno;
  if (error == EEXIST && std::filesystem::is_directory(directory, ignored)) return std::nullopt;
  return fmt::format("cannot make the directory {}: {}{}", printable(directory.native()),
                     std::generic_category().message(error), remedy(error));
}

}  // namespace

std::optional<std::string> write_text(const std::filesystem::path& path, std::string_view text) {
  if (path == "-") {
    const int error = write_all(STDOUT_FILENO, text);
    return error == 0 ? std::nullopt : std::optional(failure("the standard output", error));
  }
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  const bool replaceable = !exists || S_ISREG(status.st_mode);
  const int error = replaceable ? write_and_rename(path, text) : write_in_place(path, text);
  return error == 0 ? std::nullopt : std::optional(failure(printable(path.native()), error));
}

std::optional<std::string> write_reports(const std::filesystem::path& directory,
                                         const RunReport& report, bool stable) {
  if (auto error = make_directory(directory)) return error;
  std::optional<std::string> first;
  const auto keep = [&](std::optional<std::string> error) {
    if (error && !first) first = std::move(error);
  };
  keep(write_text(directory / "run.json", run_json(report, stable)));
  keep(write_text(directory / "junit.xml", junit_xml(report)));
  if (!report.keeps_transcripts) return first;
  if (auto error = make_directory(directory / "transcripts")) return first ? first : error;
  for (const FiledCase& filed : filed_cases(report)) {
    if (filed.transcript.empty()) continue;
    auto error = write_text(directory / filed.transcript, transcript_text(*filed.result));
    if (!error) continue;
    keep(std::move(error));
    break;  // the others would meet the same
  }
  return first;
}

}  // namespace assay
