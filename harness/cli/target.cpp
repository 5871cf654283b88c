#include "harness/cli/target.h"

#include "harness/base/printable.h"
#include "harness/base/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace assay {
namespace {

struct Scheme {
  std::string_view name;
  Protocol protocol;
  Access access;
  std::uint16_t port;
  ServerRole role;
};
constexpr Scheme kSchemes[] = {
    {"smtp", Protocol::smtp, Access::upgrade, 25, ServerRole::public_mx},
    {"smtps", Protocol::smtp, Access::implicit, 465, ServerRole::submission},
    {"submission", Protocol::smtp, Access::upgrade, 587, ServerRole::submission},
    {"submissions", Protocol::smtp, Access::implicit, 465, ServerRole::submission},
    {"pop3", Protocol::pop3, Access::upgrade, 110, ServerRole::mailbox},
    {"pop3s", Protocol::pop3, Access::implicit, 995, ServerRole::mailbox},
    {"nntp", Protocol::nntp, Access::upgrade, 119, ServerRole::news_reader},
    {"nntps", Protocol::nntp, Access::implicit, 563, ServerRole::news_reader},
    {"ldap", Protocol::ldap, Access::upgrade, 389, ServerRole::directory},
    {"ldaps", Protocol::ldap, Access::implicit, 636, ServerRole::directory},
    // Any TLS server; of no port, so that it is never guessed.
    {"tls", Protocol::tls, Access::implicit, 0, ServerRole::submission},
};

const Scheme* scheme_named(std::string_view name) {
  const auto* found = std::ranges::find_if(
      kSchemes, [&](const Scheme& scheme) { return equals_ignoring_case(scheme.name, name); });
  return found == std::end(kSchemes) ? nullptr : found;
}

const Scheme* scheme_of_port(std::uint64_t port) {
  const auto* found = std::ranges::find(kSchemes, port, &Scheme::port);
  return found == std::end(kSchemes) ? nullptr : found;
}

bool is_ip_address(std::string_view host) {
  return host.find(':') != std::string_view::npos ||
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

tl::unexpected<std::string> wrong(std::string_view url, std::string_view what) {
  return tl::unexpected(fmt::format("target \"{}\": {}", printable(url, 200), what));
}

/// Host and port; an IPv6 literal stands in brackets.
struct Authority {
  std::string_view host;
  std::string_view port;
};
tl::expected<Authority, std::string> split_authority(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos)
      return tl::unexpected(std::string("the bracket of the IPv6 address is not closed"));
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty() && rest.front() != ':')
      return tl::unexpected(std::string("behind the IPv6 address only :PORT may follow"));
    return Authority{text.substr(1, close - 1), rest.empty() ? rest : rest.substr(1)};
  }
  const std::size_t colon = text.find(':');
  if (colon != text.rfind(':'))
    return tl::unexpected(std::string("an IPv6 address is written in brackets"));
  if (colon == std::string_view::npos) return Authority{text, {}};
  return Authority{text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

tl::expected<Endpoint, std::string> parse_target(std::string_view url) {
  const std::size_t mark = url.find("://");
  std::string_view rest = mark == std::string_view::npos ? url : url.substr(mark + 3);
  const std::size_t question = rest.find('?');
  std::string_view query =
      question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
  rest = rest.substr(0, question);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  if (rest.find('@') != std::string_view::npos) {
    return tl::unexpected(std::string(
        "a user or password in a URL is refused: put them into a file and give --account FILE"));
  }
  const auto authority = split_authority(rest);
  if (!authority) return wrong(url, authority.error());
  if (authority->host.empty()) return wrong(url, "there is no host");

  std::optional<std::uint64_t> port;
  if (!authority->port.empty()) {
    port = parse_number(authority->port, 65535);
    if (!port || *port == 0) return wrong(url, "the port is no number from 1 to 65535");
  }
  const Scheme* scheme = nullptr;
  if (mark == std::string_view::npos) {
    scheme = port ? scheme_of_port(*port) : nullptr;
    if (scheme == nullptr)
      return wrong(url,
                   "say which protocol it is: smtp://, smtps://, submission://, pop3:// and so on");
  } else {
    scheme = scheme_named(url.substr(0, mark));
    if (scheme == nullptr) {
      std::vector<std::string_view> names;
      for (const Scheme& known : kSchemes) names.push_back(known.name);
      const auto meant = did_you_mean(url.substr(0, mark), names);
      return wrong(
          url, meant ? fmt::format("there is no scheme of that name; did you mean {}://?", *meant)
                     : fmt::format("there is no scheme of that name; these work: {}",
                                   fmt::join(names, ", ")));
    }
  }

  if (scheme->port == 0 && !port) {
    return wrong(url, fmt::format("{}:// has no port of its own: say which", scheme->name));
  }
  Endpoint endpoint;
  endpoint.protocol = scheme->protocol;
  endpoint.access = scheme->access;
  endpoint.role = scheme->role;
  endpoint.address = {std::string(authority->host),
                      static_cast<std::uint16_t>(port.value_or(scheme->port))};
  endpoint.url = fmt::format("{}://{}", scheme->name, endpoint.address.text());
  endpoint.reference_name = authority->host;
  if (!is_ip_address(authority->host)) endpoint.sni = authority->host;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = pair.find('=');
    const std::string_view key = pair.substr(0, equals);
    const std::string value(equals == std::string_view::npos ? std::string_view()
                                                             : pair.substr(equals + 1));
    if (value.empty()) return wrong(url, fmt::format("?{}= has no value", key));
    if (key == "sni") {
      endpoint.sni = value;
    } else if (key == "name") {
      endpoint.reference_name = value;
      if (endpoint.sni.empty() && !is_ip_address(value)) endpoint.sni = value;
    } else if (key == "ip") {
      endpoint.address.host = value;
    } else {
      return wrong(url, fmt::format("there is no ?{}=; sni, name and ip work", key));
    }
  }
  return endpoint;
}

std::vector<Subject> group_by_host(std::span<const Endpoint> endpoints) {
  std::vector<Subject> subjects;
  for (const Endpoint& endpoint : endpoints) {
    auto found = std::ranges::find(subjects, endpoint.address.host, &Subject::name);
    if (found == subjects.end()) {
      subjects.push_back({endpoint.address.host, {}, {}, {}});
      found = std::prev(subjects.end());
    }
    found->endpoints.push_back(endpoint);
  }
  return subjects;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

}  // namespace assay
