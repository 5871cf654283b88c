#include "clients/sinks.h"

#include "reference_server/session_fixture_test.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace assay {
namespace {

namespace fs = std::filesystem;

class SinksTest : public testing::Test {
 protected:
  SinksTest() {
    std::string pattern = testing::TempDir() + "assay-sink-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::system_error(errno, std::generic_category(), pattern);
    directory = pattern;
  }
  ~SinksTest() override {
    std::error_code ignored;
    fs::remove_all(directory, ignored);
  }
  std::shared_ptr<Sink> opened(const std::string& word) {
    auto sink = open_sink(loop, word);
    EXPECT_TRUE(sink) << (sink ? "" : sink.error());
    return sink ? *sink : nullptr;
  }
  std::string error(const std::string& word) {
    const auto sink = open_sink(loop, word);
    EXPECT_FALSE(sink);
    return sink ? "" : sink.error();
  }
  /// The mails with "nonce" in them, each a line; "<nothing>" where the control did not come.
  std::string found(Sink& sink, int patience = 2'000) {
    const auto mails = loop.run_until_done(
        sink.find(loop, "nonce", "control", Clock::now() + Milliseconds(patience)));
    if (!mails) return "<nothing>";
    std::string all;
    for (const Bytes& mail : *mails) all += std::string(text_of(mail)) + "|";
    return all;
  }
  void put(const fs::path& name, std::string_view text) {
    fs::create_directories((directory / name).parent_path());
    std::ofstream(directory / name, std::ios::binary) << text;
  }

  Loop loop;
  fs::path directory;
};

TEST_F(SinksTest, a_maildir_is_read_in_both_its_places_octet_for_octet) {
  put("new/1.a", "nonce one\r\n");
  put("cur/2.a:2,S", "nonce two\n");
  put("tmp/3.a", "nonce half");
  put("new/4.a", "the control");
  EXPECT_EQ(found(*opened("maildir:" + directory.string())), "nonce one\r\n|nonce two\n|");
}

TEST_F(SinksTest, a_maildir_passes_over_what_is_no_file) {
  fs::create_directories(directory / "new/directory");
  fs::create_symlink("/no/such", directory / "new/dangling");
  put("cur/1", "nonce and control");
  EXPECT_EQ(found(*opened("maildir:" + directory.string())), "nonce and control|");
}

TEST_F(SinksTest, a_maildir_sees_what_comes_later) {
  const auto sink = opened("maildir:" + directory.string());
  put("new/1", "nonce");
  EXPECT_EQ(found(*sink, 30), "<nothing>");
  put("new/2", "control");
  EXPECT_EQ(found(*sink), "nonce|");
}

TEST_F(SinksTest, a_maildir_keeps_what_its_owner_took_away) {
  const auto sink = opened("maildir:" + directory.string());
  put("new/1", "nonce");
  EXPECT_EQ(found(*sink, 30), "<nothing>");
  fs::remove(directory / "new/1");
  put("new/2", "control");
  EXPECT_EQ(found(*sink), "nonce|");
}

TEST_F(SinksTest, a_mail_that_its_reader_moves_from_new_to_cur_is_one_mail) {
  const auto sink = opened("maildir:" + directory.string());
  put("new/1.a", "nonce");
  EXPECT_EQ(found(*sink, 30), "<nothing>");
  put("cur/x", "control");
  fs::rename(directory / "new/1.a", directory / "cur/1.a:2,S");
  EXPECT_EQ(found(*sink), "nonce|");
}

TEST_F(SinksTest, what_is_wrong_with_the_word_is_said) {
  EXPECT_EQ(error("maildir:/no/such"), "sink_read: there is no directory /no/such");
  EXPECT_EQ(error("listen:x"), "sink_read: \"x\" is no port number");
  EXPECT_EQ(error("listen:65536"), "sink_read: \"65536\" is no port number");
  EXPECT_NE(error("mbox:/x").find("neither maildir:PATH nor listen:PORT"), std::string::npos);
  EXPECT_NE(error("maildir").find("there is no directory"), std::string::npos);
}

class ListeningSinkTest : public SinksTest {
 protected:
  /// A port that was free a moment ago.
  std::string free_port() {
    return std::to_string(
        loop.listen({"127.0.0.1", 0}, [](std::unique_ptr<Link>) {})->address().port);
  }
  std::unique_ptr<Link> connect(const std::string& port) {
    return loop.run_until_done(
        connect_to(loop, {"127.0.0.1", static_cast<std::uint16_t>(std::stoi(port))}));
  }
  std::string ask(Link& link, std::string_view octets) {
    link.write(bytes_of(octets));
    return loop.run_until_done(read_reply(link));
  }
};

TEST_F(ListeningSinkTest, takes_what_a_server_delivers) {
  const std::string port = free_port();
  const auto sink = opened("listen:" + port);
  const auto link = connect(port);
  EXPECT_TRUE(loop.run_until_done(read_reply(*link)).starts_with("220 "));
  EXPECT_TRUE(ask(*link, "EHLO x\r\n").starts_with("250 "));
  EXPECT_TRUE(ask(*link, "mail from:<>\r\n").starts_with("250 "));
  EXPECT_TRUE(ask(*link, "RCPT TO:<anybody@x>\r\n").starts_with("250 "));
  EXPECT_TRUE(ask(*link, "data\r\n").starts_with("354 "));
  EXPECT_TRUE(ask(*link, "nonce\r\n..dot\r\n.\r\n").starts_with("250 "));
  EXPECT_EQ(found(*sink, 30), "<nothing>");
  EXPECT_TRUE(ask(*link, "DATA\r\n").starts_with("354 "));
  EXPECT_TRUE(ask(*link, "control\r\n.\r\n").starts_with("250 "));
  EXPECT_EQ(found(*sink), "nonce\r\n.dot\r\n|");
  EXPECT_TRUE(ask(*link, "QUIT\r\n").starts_with("221 "));
}

TEST_F(ListeningSinkTest, takes_no_half_message) {
  const std::string port = free_port();
  const auto sink = opened("listen:" + port);
  {
    const auto link = connect(port);
    loop.run_until_done(read_reply(*link));
    ask(*link, "DATA\r\n");
    link->write(bytes_of("nonce and half"));
    link->finish();
    EXPECT_EQ(loop.run_until_done(read_to_the_end(*link, std::chrono::seconds(2))), "<end>");
  }
  const auto link = connect(port);
  loop.run_until_done(read_reply(*link));
  ask(*link, "DATA\r\n");
  ask(*link, "control\r\n.\r\n");
  EXPECT_EQ(found(*sink), "");
}

TEST_F(ListeningSinkTest, says_that_the_port_is_taken) {
  const auto taken = loop.listen({"127.0.0.1", 0}, [](std::unique_ptr<Link>) {});
  const std::string port = std::to_string(taken->address().port);
  EXPECT_NE(error("listen:" + port).find("cannot listen on 127.0.0.1:" + port), std::string::npos);
}

TEST_F(ListeningSinkTest, may_go_before_its_deliveries) {
  const std::string port = free_port();
  auto sink = opened("listen:" + port);
  const auto link = connect(port);
  loop.run_until_done(read_reply(*link));
  sink.reset();
  EXPECT_TRUE(ask(*link, "DATA\r\n").starts_with("354 "));
  EXPECT_TRUE(ask(*link, "nonce\r\n.\r\n").starts_with("250 "));
}

}  // namespace
}  // namespace assay
