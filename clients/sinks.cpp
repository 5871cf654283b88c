#include "clients/sinks.h"

#include "harness/base/words.h"
#include "harness/protocol/dots.h"
#include "harness/protocol/line.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <system_error>

namespace assay {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestMail = 16U << 20;

class MaildirSink final : public Sink {
 public:
  explicit MaildirSink(fs::path directory) : directory_(std::move(directory)) {}

 protected:
  std::vector<View> arrived() override {
    look();
    std::vector<View> mails;
    for (const auto& [name, content] : read_) mails.emplace_back(content);
    return mails;
  }

 private:
  /// Reads what came since the last look. Names are the server's own; nothing a peer sent becomes
  /// one.
  void look() {
    for (const char* part : {"new", "cur"}) {
      std::error_code gone;
      for (const auto& entry : fs::directory_iterator(directory_ / part, gone)) {
        // Maildir: a reader moves a mail from new to cur and adds ":2," and flags to its name.
        std::string name = entry.path().filename().string();
        name.resize(std::min(name.find(':'), name.size()));
        if (read_.contains(name) || !entry.is_regular_file(gone) ||
            entry.file_size(gone) > kLargestMail) {
          continue;
        }
        std::ifstream file(entry.path(), std::ios::binary);
        Bytes content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        if (file.good() || file.eof()) read_.emplace(name, std::move(content));
      }
    }
  }

  fs::path directory_;
  std::map<std::string, Bytes> read_;
};

/// A listener of ours that a subject relays to: it says yes to everything and keeps the texts.
class ListeningSink final : public Sink {
 public:
  ListeningSink(Loop& loop, std::uint16_t port)
      : listener_(loop.listen({"127.0.0.1", port}, [this, &loop](std::unique_ptr<Link> link) {
          loop.spawn(take(mails_, std::move(link)));
        })) {}

 protected:
  std::vector<View> arrived() override { return {mails_->begin(), mails_->end()}; }

 private:
  using Mails =
      std::shared_ptr<std::vector<Bytes>>;  // shared with deliveries that outlive the sink

  static Task<void> take(Mails mails, std::unique_ptr<Link> link) {
    const Deadline deadline = Clock::now() + std::chrono::minutes(5);
    Bytes input;
    Bytes content;
    DotDecoder data;
    bool in_data = false;
    link->write(bytes_of("220 sink.assay.invalid ESMTP\r\n"));
    for (;;) {
      ReadResult got = co_await link->read(deadline);
      if (got.kind != ReadResult::Kind::bytes) co_return;
      append(input, got.bytes);
      for (;;) {
        if (in_data) {
          const std::size_t used = data.decode(input, &content);
          drop_front(input, used);
          if (content.size() > kLargestMail) co_return;
          if (!data.ended()) break;
          mails->push_back(std::exchange(content, {}));
          in_data = false;
          link->write(bytes_of("250 2.0.0 Taken\r\n"));
          continue;
        }
        const auto line = front_line(input);
        if (!line) break;
        const std::string verb = to_upper(text_of(line->text).substr(0, 4));
        drop_front(input, line->consumed);
        if (verb == "DATA") {
          in_data = true;
          data = {};
        }
        link->write(bytes_of(verb == "DATA"   ? "354 Go on\r\n"
                             : verb == "QUIT" ? "221 2.0.0 Bye\r\n"
                                              : "250 OK\r\n"));
        if (verb == "QUIT") co_return;
      }
      if (input.size() > kLargestMail) co_return;
    }
  }

  Mails mails_ = std::make_shared<std::vector<Bytes>>();
  std::unique_ptr<Listener> listener_;
};

}  // namespace

tl::expected<std::shared_ptr<Sink>, std::string> open_sink(Loop& loop, std::string_view sink_read) {
  const std::size_t colon = sink_read.find(':');
  const std::string_view kind = sink_read.substr(0, colon);
  const std::string where(colon == std::string_view::npos ? "" : sink_read.substr(colon + 1));
  if (kind == "maildir") {
    std::error_code error;
    if (!fs::is_directory(where, error)) {
      return tl::unexpected(fmt::format("sink_read: there is no directory {}", where));
    }
    return std::make_shared<MaildirSink>(where);
  }
  if (kind == "listen") {
    const auto port = parse_number(where, 65535);
    if (!port) return tl::unexpected(fmt::format("sink_read: \"{}\" is no port number", where));
    try {
      return std::make_shared<ListeningSink>(loop, static_cast<std::uint16_t>(*port));
    } catch (const std::system_error& error) {
      return tl::unexpected(fmt::format("sink_read: cannot listen on 127.0.0.1:{}: {}", *port,
                                        error.code().message()));
    }
  }
  return tl::unexpected(
      fmt::format("sink_read: \"{}\" is neither maildir:PATH nor listen:PORT", sink_read));
}

}  // namespace assay
