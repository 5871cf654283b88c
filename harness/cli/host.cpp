#include "harness/cli/host.h"

#include "harness/base/printable.h"
#include "harness/base/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <vector>

namespace assay {
namespace {

constexpr std::size_t kLongestName = 253;  // RFC 1035 §2.3.4, without the final dot
constexpr std::size_t kLongestLabel = 63;
constexpr const char* kOurs = "127.0.0.1";  // where our servers listen

/// RFC 1123 §2.1: letters, digits and hyphens, which stand within.
bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' &&
         label.back() != '-' && std::ranges::all_of(label, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-';
         });
}

/// An address has a number for its last label.
bool is_name(std::string_view host) {
  if (host.size() > kLongestName) return false;
  for (std::size_t at = 0;;) {
    const std::size_t dot = host.find('.', at);
    const std::string_view label = host.substr(at, dot == host.npos ? dot : dot - at);
    if (!is_label(label)) return false;
    if (dot == host.npos) return label.find_first_not_of("0123456789") != label.npos;
    at = dot + 1;
  }
}

/// RFC 6761 §6.3: these lead to loopback, whoever is asked.
bool is_under_localhost(std::string_view host) {
  const std::string name = to_lower(host);
  return name == "localhost" || name.ends_with(".localhost");
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

std::string text_of_address(const addrinfo& found) {
  char text[INET6_ADDRSTRLEN] = {};
  const void* octets =
      found.ai_family == AF_INET
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(found.ai_addr)->sin_addr)
          : &reinterpret_cast<const sockaddr_in6*>(found.ai_addr)->sin6_addr;
  return ::inet_ntop(found.ai_family, octets, text, sizeof text) == nullptr ? "?" : text;
}

}  // namespace

std::optional<std::string> trouble_with_host(const std::string& host) {
  const std::string shown = printable(host, kLongestName);
  if (!is_name(host))
    return fmt::format(
        "--host {}: not the name of a host; give one of letters, digits, hyphens and dots, such as "
        "mail.a.b.localhost",
        shown);
  if (is_under_localhost(host)) return std::nullopt;
  const std::string what_to_do = fmt::format("add the line \"{} {}\" to /etc/hosts", kOurs, shown);
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int failed = ::getaddrinfo(host.c_str(), nullptr, &wanted, &list);
  const std::unique_ptr<addrinfo, FreeAddresses> owned(list);
  if (failed != 0)
    return fmt::format("--host {}: this machine does not resolve it ({}); {}", shown,
                       ::gai_strerror(failed), what_to_do);
  bool ours = false;
  for (const addrinfo* found = list; found != nullptr; found = found->ai_next) {
    const std::string address = text_of_address(*found);
    ours = ours || address == kOurs;
    if (address == kOurs || address == "::1") continue;
    return fmt::format("--host {}: this machine resolves it to {}, where no server of ours is; {}",
                       shown, address, what_to_do);
  }
  if (ours) return std::nullopt;
  return fmt::format("--host {}: this machine does not resolve it to {}; {}", shown, kOurs,
                     what_to_do);
}

}  // namespace assay
