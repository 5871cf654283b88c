#include "harness/net/secure_link.h"

#include "harness/wire/record.h"

#include <fmt/format.h>

namespace assay {
namespace {

InputEnded ended(ReadResult::Kind kind) {
  return {kind == ReadResult::Kind::reset ? EndOfInput::reset : EndOfInput::finished, false};
}

std::string landmark(const Event& event) {
  if (const auto* done = std::get_if<HandshakeDone>(&event)) {
    const Agreement& agreed = done->agreement;
    return fmt::format("{}, {}{}{}", name_of(agreed.version), agreed.suite_name,
                       agreed.group.empty() ? "" : ", ", agreed.group);
  }
  if (const auto* received = std::get_if<AlertReceived>(&event)) {
    return fmt::format("{} alert {} received", received->alert.fatal ? "fatal" : "warning",
                       alert_name(received->alert.description));
  }
  if (const auto* failure = std::get_if<LocalFailure>(&event)) {
    return failure->sent ? fmt::format("we refuse: {} (alert {} sent)", failure->reason,
                                       alert_name(failure->sent->description))
                         : fmt::format("we refuse: {}", failure->reason);
  }
  if (const auto* end = std::get_if<InputEnded>(&event)) {
    return end->how == EndOfInput::reset ? "reset by the peer" : "FIN from the peer";
  }
  if (std::holds_alternative<CloseNotify>(event)) return "close_notify received";
  return "nothing came in time";
}

}  // namespace

SecureLink::SecureLink(std::unique_ptr<Link> link, Role role, Transcript* transcript)
    : link_(std::move(link)), role_(role), transcript_(transcript) {
  if (transcript_ != nullptr) {
    connection_ = transcript_->open_connection(fmt::format("connected to {}", link_->peer()));
  }
}

Task<Event> SecureLink::next(Deadline deadline) {
  for (;;) {
    if (channel_) {
      // Output first: an event may be the last thing anybody asks for, and our alert must still go
      // out. A server's tickets, or its Finished, go out with its first words, or when it waits.
      auto event = channel_->next_event();
      const bool speaks_next =
          event && role_ == Role::server && std::holds_alternative<HandshakeDone>(*event);
      if (!speaks_next) flush();
      if (event) {
        record_event(*event);
        co_return std::move(*event);
      }
      if (end_seen_) co_return Event(InputEnded{});
      channel_->idle();
    }
    ReadResult got = co_await link_->read(deadline);
    if (got.kind == ReadResult::Kind::timed_out) {
      const Event nothing{TimedOut{}};
      record_event(nothing);
      co_return nothing;
    }
    if (got.kind == ReadResult::Kind::bytes) {
      if (!channel_) {
        record(false, got.bytes);
        co_return Event(Received{std::move(got.bytes)});
      }
      heard(got.bytes);
      continue;
    }
    const InputEnded end = ended(got.kind);
    if (!channel_) {
      const Event event(end);
      record_event(event);
      co_return event;
    }
    end_seen_ = true;
    channel_->end_of_input(end.how);
  }
}

void SecureLink::send(View octets) {
  record(true, octets);
  if (!channel_) {
    link_->write(bytes_of(octets));
    return;
  }
  channel_->send(octets);
  flush();
}

void SecureLink::send_raw(View octets, std::string_view what) {
  note(what);
  link_->write(bytes_of(octets));
}

void SecureLink::start_tls(std::unique_ptr<Channel> channel, View already_read) {
  channel_ = std::move(channel);
  channel_->start();
  if (watcher_) watcher_->tls_begins();
  if (!already_read.empty()) heard(already_read);
  flush();
}

Task<Event> SecureLink::handshake(Deadline deadline) {
  for (;;) {
    Event event = co_await next(deadline);
    const auto* received = std::get_if<AlertReceived>(&event);
    if (received != nullptr && !received->alert.fatal) continue;  // a warning ends nothing
    co_return event;
  }
}

void SecureLink::back_to_clear() {
  flush();
  if (watcher_) watcher_->tls_ends();
  channel_.reset();
  agreement_.reset();
}

void SecureLink::close_tls() {
  if (!channel_) return;
  channel_->close();
  note("close_notify sent");
  flush();
}

void SecureLink::finish() {
  if (channel_) flush();
  link_->finish();
}
void SecureLink::abort() { link_->abort(); }

Bytes SecureLink::take_unread() {
  Bytes unread;
  while (auto there = link_->read_now()) {
    if (there->kind != ReadResult::Kind::bytes) break;
    append(unread, there->bytes);
  }
  return unread;
}

void SecureLink::note(std::string_view text) {
  if (transcript_ != nullptr) transcript_->note(connection_, text);
}

void SecureLink::flush() {
  Bytes output = channel_->take_output();
  if (!output.empty()) link_->write(std::move(output));
}

void SecureLink::heard(View octets) {
  if (watcher_) watcher_->heard(octets);
  channel_->feed(octets);
}

void SecureLink::record_event(const Event& event) {
  if (watcher_) watch(event);
  if (const auto* done = std::get_if<HandshakeDone>(&event)) agreement_ = done->agreement;
  if (transcript_ == nullptr) return;
  if (agreement_ && agreement_->staple_wanted) transcript_->staple_wanted(connection_);
  if (const auto* received = std::get_if<Received>(&event)) {
    record(false, received->octets);
  } else {
    note(landmark(event));
  }
}

void SecureLink::watch(const Event& event) {
  watcher_->happened(event);
  if (std::holds_alternative<CloseNotify>(event)) watcher_->left_unread(channel_->unread());
}

void SecureLink::record(bool ours, View octets) {
  if (transcript_ == nullptr) return;
  // A session sees a client's first record before TLS does.
  if (!ours && role_ == Role::server && !channel_ && begins_like_record(octets)) {
    if (octets[0] == static_cast<std::uint8_t>(ContentType::handshake))
      return transcript_->tls_begins(connection_);
    return note("a record of TLS, out of place");
  }
  const bool client = ours == (role_ == Role::client);
  transcript_->said(client ? TranscriptEntry::Kind::client : TranscriptEntry::Kind::server,
                    connection_, channel_ != nullptr, octets);
}

}  // namespace assay
