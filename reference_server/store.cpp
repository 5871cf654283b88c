#include "reference_server/store.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

/// What a message takes of the store's octets: its content, and something for each recipient.
std::size_t footprint(const Message& message) {
  std::size_t octets = message.content.size();
  for (const std::string& recipient : message.recipients) octets += recipient.size() + 64;
  return octets;
}

}  // namespace

Delivery Store::deliver(Message message) {
  if (message.content.size() > limits_.message) return Delivery::message_too_big;
  if (messages_.size() >= limits_.messages || footprint(message) > limits_.octets - octets_) {
    return Delivery::store_full;
  }
  octets_ += footprint(message);
  message.id = ++last_id_;
  Stored& stored = messages_[message.id];
  stored.message = std::move(message);
  for (const std::string& recipient : stored.message.recipients) {
    auto& mailbox = mailboxes_[recipient];
    if (!mailbox.empty() && mailbox.back() == &stored.message) continue;
    mailbox.push_back(&stored.message);
    ++stored.mailboxes;
  }
  return Delivery::stored;
}

std::size_t Store::remove(std::string_view mailbox, std::vector<std::uint64_t> ids) {
  const auto found = mailboxes_.find(mailbox);
  if (found == mailboxes_.end()) return 0;
  std::ranges::sort(ids);
  auto& list = found->second;
  // In one pass over the mailbox, however many go.
  std::vector<const Message*> gone;
  std::erase_if(list, [&](const Message* message) {
    const bool goes = std::ranges::binary_search(ids, message->id);
    if (goes) gone.push_back(message);
    return goes;
  });
  if (list.empty()) mailboxes_.erase(found);
  for (const Message* message : gone) {
    const auto stored = messages_.find(message->id);
    if (--stored->second.mailboxes > 0) continue;
    octets_ -= footprint(stored->second.message);
    messages_.erase(stored);
  }
  return gone.size();
}

MailboxLock Store::lock(std::string_view mailbox) {
  // The store only watches the token: nothing has to be undone when the last copy of it goes.
  auto& watched = locks_[std::string(mailbox)];
  if (!watched.expired()) return nullptr;
  MailboxLock token = std::make_shared<char>();
  watched = token;
  return token;
}

const Message* Store::find(std::uint64_t id) const {
  const auto found = messages_.find(id);
  return found == messages_.end() ? nullptr : &found->second.message;
}

std::vector<const Message*> Store::list(std::string_view mailbox) const {
  const auto found = mailboxes_.find(mailbox);
  return found == mailboxes_.end() ? std::vector<const Message*>() : found->second;
}

std::size_t Store::count(std::string_view mailbox) const {
  const auto found = mailboxes_.find(mailbox);
  return found == mailboxes_.end() ? 0 : found->second.size();
}

}  // namespace assay
