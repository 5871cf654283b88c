#include "reports/write.h"

#include "reports/json_document.h"
#include "reports/sample_report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace assay {
namespace {

namespace fs = std::filesystem;

class Writer : public testing::Test {
 protected:
  Writer() {
    std::string name = testing::TempDir() + "assay_write_XXXXXX";
    directory_ = ::mkdtemp(name.data());
  }
  ~Writer() override {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  static std::string content(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static mode_t mode(const fs::path& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
  }
  fs::path directory_;
};

TEST_F(Writer, makes_every_file_of_a_run) {
  const fs::path out = directory_ / "a" / "b";
  const mode_t before = ::umask(0);
  EXPECT_EQ(write_reports(out, sample_report(), false), std::nullopt);
  ::umask(before);
  const auto run = JsonDocument::parse(content(out / "run.json"));
  ASSERT_TRUE(run);
  EXPECT_NE(content(out / "junit.xml").find("<testsuites"), std::string::npos);
  std::size_t transcripts = 0;
  for (std::size_t i = 0; i < run->size("/cases"); ++i) {
    const std::string place = fmt::format("/cases/{}/transcript", i);
    if (run->at(place) == "null") continue;
    ++transcripts;
    EXPECT_NE(content(out / run->text(place)).find("STARTTLS"), std::string::npos);
  }
  EXPECT_EQ(transcripts, 1U);
  EXPECT_EQ(mode(out), 0700U);
  EXPECT_EQ(mode(out / "run.json"), 0600U);
  EXPECT_EQ(std::distance(fs::directory_iterator(out), {}), 3);
}

TEST_F(Writer, takes_the_place_of_an_older_file) {
  const fs::path path = directory_ / "r.json";
  EXPECT_EQ(write_text(path, "a long old text"), std::nullopt);
  EXPECT_EQ(write_text(path, "new"), std::nullopt);
  EXPECT_EQ(content(path), "new");
}

TEST_F(Writer, a_full_disk_is_an_error) {
  const auto error = write_text("/dev/full", "x");
  ASSERT_TRUE(error);
  EXPECT_EQ(*error,
            "cannot write /dev/full: No space left on device (make room, or choose another place)");
}

TEST_F(Writer, a_full_disk_behind_stdout_is_an_error) {
  const int kept = ::dup(STDOUT_FILENO);
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  std::fflush(stdout);
  ::dup2(full, STDOUT_FILENO);
  const auto error = write_text("-", "x");
  ::dup2(kept, STDOUT_FILENO);
  ::close(kept);
  ::close(full);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->find("cannot write the standard output: No space left on device"), 0U);
}

TEST_F(Writer, a_disk_that_fills_up_in_the_middle_leaves_no_torn_file) {
  // A file size limit stands in for the full disk: the write fails half-way.
  const fs::path path = directory_ / "r.json";
  ASSERT_EQ(write_text(path, "old"), std::nullopt);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit small{1'000, before.rlim_max};
  auto* const handler = ::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto error = write_text(path, std::string(5'000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  ASSERT_TRUE(error);
  EXPECT_NE(error->find("r.json: File too large"), std::string::npos) << *error;
  EXPECT_EQ(content(path), "old");
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), {}), 1);
}

TEST_F(Writer, a_missing_directory_is_named) {
  const auto error = write_text(directory_ / "none" / "r.json", "x");
  ASSERT_TRUE(error);
  EXPECT_NE(error->find("none/r.json: No such file or directory (make its directory first)"),
            std::string::npos);
  ASSERT_EQ(write_text(directory_ / "file", "x"), std::nullopt);
  const auto other = write_reports(directory_ / "file", sample_report(), false);
  ASSERT_TRUE(other);
  EXPECT_NE(other->find("cannot make the directory"), std::string::npos);
}

}  // namespace
}  // namespace assay
