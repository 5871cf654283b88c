#include "reference_server/store.h"

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
  const Message& stored = messages_.emplace_back(std::move(message));
  for (const std::string& recipient : stored.recipients) {
    auto& mailbox = mailboxes_[recipient];
    if (mailbox.empty() || mailbox.back() != &stored) mailbox.push_back(&stored);
  }
  return Delivery::stored;
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
