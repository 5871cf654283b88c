#include "reference_server/serve_file.h"

#include "reference_server/session_fixture_test.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

namespace assay {
namespace {

namespace fs = std::filesystem;

class ServeFileTest : public testing::Test {
 protected:
  ServeFileTest() {
    std::string pattern = testing::TempDir() + "assay-serve-file-XXXXXX";
    directory = ::mkdtemp(pattern.data());
  }
  ~ServeFileTest() override { fs::remove_all(directory); }

  void write(std::string_view name, std::string_view text, mode_t mode = 0600) const {
    std::ofstream(directory / name) << text;
    ::chmod((directory / name).c_str(), mode);
  }
  /// server.pem and server.key.
  Identity write_identity() const {
    const std::vector<std::string> names = {"localhost"};
    Identity identity = authority_for_tests().issue({}, names);
    write("server.pem", chain_pem(identity), 0644);
    write("server.key", key_pem(identity));
    return identity;
  }
  [[nodiscard]] std::string error_in(std::string_view text) const {
    const auto listeners = parse_listeners(text, "f", directory);
    return listeners ? "" : listeners.error();
  }

  fs::path directory;
};

TEST_F(ServeFileTest, the_example_in_the_documentation_is_taken) {
  std::ifstream page(fs::path(ASSAY_SOURCE_DIR) / "docs" / "serve.md");
  std::string text{std::istreambuf_iterator<char>(page), std::istreambuf_iterator<char>()};
  const std::size_t begin = text.find("```toml\n") + 8;
  ASSERT_NE(begin, std::string::npos + 8);
  text = text.substr(begin, text.find("```", begin) - begin);
  const Identity identity = write_identity();
  write("serve.toml", text);
  const auto listeners = load_listeners(directory / "serve.toml");
  ASSERT_TRUE(listeners) << listeners.error();
  ASSERT_EQ(listeners->size(), 4U);
  const ListenerSpec& first = listeners->at(0);
  EXPECT_EQ(first.protocol, Protocol::smtp);
  EXPECT_EQ(first.access, Access::upgrade);
  EXPECT_EQ(first.address.text(), "127.0.0.1:2525");
  EXPECT_EQ(first.auth, AuthLevel::challenge);
  EXPECT_FALSE(first.identity);
  EXPECT_EQ(listeners->at(1).access, Access::implicit);
  EXPECT_EQ(listeners->at(1).address.port, 2465);
  const ListenerSpec& pop3 = listeners->at(2);
  EXPECT_EQ(pop3.protocol, Protocol::pop3);
  EXPECT_EQ(pop3.auth, std::nullopt);
  EXPECT_EQ(pop3.address.port, 0);
  ASSERT_TRUE(pop3.identity);
  EXPECT_EQ(pop3.identity->chain, identity.chain);
  EXPECT_EQ(pop3.identity->private_key, identity.key.private_der());
  EXPECT_EQ(listeners->at(3).protocol, Protocol::ldap);
  EXPECT_EQ(listeners->at(3).auth, AuthLevel::certificate);
}

TEST_F(ServeFileTest, mistakes_are_named_by_line_and_column) {
  EXPECT_EQ(error_in("[stmp]\n"), "f:1:2: unknown key \"stmp\"; did you mean \"smtp\"?");
  EXPECT_EQ(error_in("[smtp]\nauht = \"none\"\n"),
            "f:2:1: unknown key \"auht\"; did you mean \"auth\"?");
  EXPECT_TRUE(error_in("[smtp]\nauth = \"tls\"\n[[smtp.listener]]\n").starts_with("f:2:1: "));
  EXPECT_TRUE(error_in("[smtp]\n[[smtp.listener]]\n  prot = 25\n").starts_with("f:3:3: unknown"));
  EXPECT_TRUE(error_in("[smtp]\n[[smtp.listener]]\nport = 65536\n").starts_with("f:3:1: "));
  EXPECT_TRUE(error_in("[smtp]\n[[smtp.listener]]\nport = \"25\"\n").starts_with("f:3:1: "));
  EXPECT_TRUE(error_in("[smtp]\n[[smtp.listener]]\naccess = \"tls\"\n").starts_with("f:3:1: "));
  EXPECT_TRUE(
      error_in("[smtp]\n[[smtp.listener]]\naddress = \"localhost\"\n").starts_with("f:3:1: "));
  EXPECT_TRUE(error_in("smtp = 1\n").starts_with("f:1:1: "));
  EXPECT_TRUE(error_in("[smtp\n").starts_with("f:1:"));
}

TEST_F(ServeFileTest, a_file_without_a_listener_is_a_mistake) {
  EXPECT_TRUE(error_in("").find("no protocol") != std::string::npos);
  EXPECT_TRUE(error_in("[smtp]\n").find("no listener") != std::string::npos);
  EXPECT_TRUE(error_in("[smtp]\nlistener = []\n").find("f:2:1: ") == 0);
}

TEST_F(ServeFileTest, key_and_certificate_belong_together) {
  const auto with = [&](std::string_view certificate, std::string_view key) {
    return error_in("[smtp]\ncertificate = \"" + std::string(certificate) + "\"\nkey = \"" +
                    std::string(key) + "\"\n[[smtp.listener]]\n");
  };
  write_identity();
  EXPECT_EQ(with("server.pem", "server.key"), "");
  EXPECT_TRUE(with("none.pem", "server.key").starts_with("f:2:1: cannot read "));
  EXPECT_TRUE(with("server.pem", "none.key").starts_with("f:3:1: cannot read "));
  EXPECT_TRUE(with("server.key", "server.key").find("holds no certificate") != std::string::npos);
  EXPECT_TRUE(with("server.pem", "server.pem").find("chmod 600") != std::string::npos);
  write("text.key", "no key\n");
  EXPECT_TRUE(with("server.pem", "text.key").starts_with("f:3:1: "));
  write("other.key", Key::generate(KeyKind::p256).to_pem());
  EXPECT_EQ(with("server.pem", "other.key"), "f:3:1: `key` is not that of the first certificate");
  EXPECT_EQ(error_in("[smtp]\nkey = \"server.key\"\n[[smtp.listener]]\n"),
            "f:2:1: `key` needs a `certificate` beside it");
}

TEST_F(ServeFileTest, each_listener_serves_its_own_certificate_and_level) {
  const Identity identity = write_identity();
  const auto listeners = parse_listeners(
      "[smtp]\nauth = \"challenge\"\n[[smtp.listener]]\naccess = \"clear\"\n"
      "[pop3]\ncertificate = \"server.pem\"\nkey = \"server.key\"\n"
      "[[pop3.listener]]\naccess = \"implicit\"\n",
      "f", directory);
  ASSERT_TRUE(listeners) << listeners.error();
  Loop loop;
  const Server server(loop, {.listeners = *listeners}, authority_for_tests());
  ASSERT_EQ(server.endpoints().size(), 2U);
  const auto deadline = [] { return Clock::now() + std::chrono::seconds(5); };
  const auto clear = loop.run_until_done(connect_to(loop, server.endpoints().at(0).address));
  EXPECT_TRUE(loop.run_until_done(read_reply(*clear)).starts_with("220 "));
  clear->write(bytes_of("EHLO c.test\r\n"));
  const std::string offer = loop.run_until_done(read_reply(*clear));
  EXPECT_NE(offer.find("AUTH SCRAM-SHA-256 CRAM-MD5\r\n"), std::string::npos) << offer;
  EXPECT_EQ(offer.find("STARTTLS"), std::string::npos) << offer;
  SecureLink inside(loop.run_until_done(connect_to(loop, server.endpoints().at(1).address)),
                    Role::client, nullptr);
  inside.start_tls(client_end_for_tests());
  const Event event = loop.run_until_done(inside.handshake(deadline()));
  ASSERT_TRUE(std::holds_alternative<HandshakeDone>(event));
  EXPECT_EQ(inside.agreement()->peer_chain, identity.chain);
}

}  // namespace
}  // namespace assay
