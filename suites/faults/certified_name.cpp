// Faults and liberties of the names in a chain: those that an authority may issue for, and those
// that a certificate proves. RFC 5280 §4.2.1.10, RFC 9525 §6.3.
#include "harness/base/words.h"
#include "suites/faults/faults.h"

namespace assay::faults {
namespace {

void constrain_names(CertificateSpec& certificate, const std::vector<std::string>& permitted,
                     const std::vector<std::string>& excluded, bool critical = true) {
  certificate.extra_extensions.push_back(
      {extension_oid::kNameConstraints, critical, dns_constraints(permitted, excluded)});
}

/// The intermediate is held to these names.
void constrain(Faults& faults, std::vector<std::string> permitted,
               std::vector<std::string> excluded, bool critical = true) {
  change_intermediate(
      faults, [permitted = std::move(permitted), excluded = std::move(excluded), critical](
                  CertificateSpec& ca) { constrain_names(ca, permitted, excluded, critical); });
}

/// The first label of a name, and what stands behind it: "mail" and "b.test" of "mail.b.test";
/// nothing behind a name of one label.
std::string first_label(const std::string& name) { return name.substr(0, name.find('.')); }
std::string parent_of(const std::string& name) {
  const std::size_t dot = name.find('.');
  return dot == std::string::npos ? std::string() : name.substr(dot + 1);
}
/// What a name belongs to: its parent, or itself where it has none.
std::string domain_of(const std::string& name) {
  const std::string parent = parent_of(name);
  return parent.empty() ? name : parent;
}

/// The certificate proves this, and nothing else.
void name_alone(Faults& faults, std::string name) {
  faults.chain.leaf_names = std::vector<std::string>{std::move(name)};
}

/// A wildcard inside the first label of the host's name, between so many of its letters.
void wildcard_within(Faults& faults, std::size_t before, std::size_t behind) {
  const std::string label = first_label(faults.host);
  name_alone(faults, label.substr(0, before) + "*" + label.substr(label.size() - behind) + "." +
                         parent_of(faults.host));
}

constexpr NamedFault kFaults[] = {
    // What an authority may issue for.
    {.name = "name_not_permitted",
     .summary = "The intermediate is permitted names under good.test alone",
     .apply = [](Faults& faults) { constrain(faults, {"good.test"}, {}); }},
    {.name = "name_not_permitted_uncritically",
     .summary =
         "The intermediate is permitted names under good.test alone, by an extension that is "
         "not critical",
     .apply = [](Faults& faults) { constrain(faults, {"good.test"}, {}, false); }},
    {.name = "name_excluded",
     .summary = "The host's name is excluded for the intermediate",
     .apply = [](Faults& faults) { constrain(faults, {}, {faults.host}); }},
    {.name = "name_excluded_and_permitted",
     .summary = "The host's name is permitted for the intermediate, and excluded",
     .apply = [](Faults& faults) { constrain(faults, {faults.host}, {faults.host}); }},
    {.name = "common_name_excluded",
     .summary = "The host's name stands in the common name alone, and its domain is excluded for "
                "the intermediate",
     .apply =
         [](Faults& faults) {
           faults.chain.names_in_common_name_only = true;
           constrain(faults, {}, {domain_of(faults.host)});
         }},
    {.name = "name_permitted",
     .kind = NamedFault::Kind::liberty,
     .summary = "The intermediate is permitted names in the host's domain alone",
     .apply = [](Faults& faults) { constrain(faults, {domain_of(faults.host)}, {}); }},
    {.name = "name_permitted_uncritically",
     .kind = NamedFault::Kind::liberty,
     .summary = "The intermediate is permitted names in the host's domain alone, by an extension "
                "that is not critical",
     .apply = [](Faults& faults) { constrain(faults, {domain_of(faults.host)}, {}, false); }},
    // What a certificate proves.
    {.name = "name_with_suffix",
     .summary =
         "The certificate is for a host below another domain that begins with the host's name",
     .apply = [](Faults& faults) { name_alone(faults, faults.host + ".evil.test"); }},
    {.name = "name_with_prefix",
     .summary = "The certificate is for a host whose name ends with the host's",
     .apply = [](Faults& faults) { name_alone(faults, "evil" + faults.host); }},
    {.name = "name_with_nul",
     .summary = "The certificate's name is the host's, an octet of zero, and another domain",
     .apply =
         [](Faults& faults) {
           change_leaf(faults, [host = faults.host](CertificateSpec& leaf) {
             leaf.names = {};
             leaf.names.dns = {host + '\0' + ".evil.test"};
             leaf.subject = {"Assay", {}, {}};
           });
         }},
    {.name = "wildcard_below_host",
     .summary = "The certificate is for every host below the host's name",
     .apply = [](Faults& faults) { name_alone(faults, "*." + faults.host); }},
    {.name = "wildcard_for_host",
     .kind = NamedFault::Kind::liberty,
     .summary = "The certificate is for every host of the host's domain",
     .apply = [](Faults& faults) { name_alone(faults, "*." + parent_of(faults.host)); }},
    {.name = "wildcard_for_two_labels",
     .summary = "The certificate is for every host of the domain above the host's",
     .apply = [](Faults& faults) { name_alone(faults, "*." + parent_of(parent_of(faults.host))); }},
    {.name = "wildcard_behind_label",
     .summary = "The second label of the certificate's name is a wildcard",
     .apply =
         [](Faults& faults) {
           name_alone(faults, first_label(faults.host) + ".*." + parent_of(parent_of(faults.host)));
         }},
    {.name = "wildcard_twice",
     .summary = "The first and the second label of the certificate's name are wildcards",
     .apply =
         [](Faults& faults) { name_alone(faults, "*.*." + parent_of(parent_of(faults.host))); }},
    {.name = "wildcard_behind_letter",
     .summary = "The first label of the certificate's name is the host's first letter and a "
                "wildcard",
     .apply = [](Faults& faults) { wildcard_within(faults, 1, 0); }},
    {.name = "wildcard_before_letter",
     .summary = "The first label of the certificate's name is a wildcard and the last letter of "
                "the host's",
     .apply = [](Faults& faults) { wildcard_within(faults, 0, 1); }},
    {.name = "wildcard_between_letters",
     .summary = "The first label of the certificate's name is a wildcard between letters of the "
                "host's",
     .apply = [](Faults& faults) { wildcard_within(faults, 1, 1); }},
    {.name = "wildcard_alone",
     .summary = "The certificate's name is a wildcard alone",
     .apply = [](Faults& faults) { name_alone(faults, "*"); }},
    {.name = "wildcard_and_dot",
     .summary = "The certificate's name is a wildcard and a dot",
     .apply = [](Faults& faults) { name_alone(faults, "*."); }},
    {.name = "wildcard_in_common_name",
     .summary = "The certificate has a common name alone, which is for every host of the host's "
                "domain",
     .apply =
         [](Faults& faults) {
           change_leaf(faults, [host = faults.host](CertificateSpec& leaf) {
             leaf.names = {};
             leaf.subject = {{}, "*." + parent_of(host), {}};
           });
         }},
    {.name = "parent_of_host",
     .summary = "The certificate is for the host's domain, and not for the host",
     .apply = [](Faults& faults) { name_alone(faults, parent_of(faults.host)); }},
    {.name = "address_as_name",
     .summary = "The host's address stands in the certificate as if it were a DNS name",
     .apply =
         [](Faults& faults) {
           change_leaf(faults, [](CertificateSpec& leaf) {
             leaf.names = {};
             leaf.names.dns = {"127.0.0.1"};
             leaf.subject = {"Assay", {}, {}};
           });
         }},
    {.name = "name_behind_others",
     .kind = NamedFault::Kind::liberty,
     .summary = "The host's name stands between those of others",
     .apply =
         [](Faults& faults) {
           faults.chain.leaf_names =
               std::vector<std::string>{"other.test", faults.host, "127.0.0.1"};
         }},
    {.name = "name_in_capitals",
     .kind = NamedFault::Kind::liberty,
     .summary = "The host's name stands in the certificate in capitals",
     .apply =
         [](Faults& faults) {
           faults.chain.leaf_names = std::vector<std::string>{to_upper(faults.host), "127.0.0.1"};
         }},
    {.name = "address_only",
     .summary = "The certificate is for the host's addresses and not for its name",
     .apply =
         [](Faults& faults) {
           faults.chain.leaf_names = std::vector<std::string>{"127.0.0.1", "::1"};
         }},
};

}  // namespace

std::span<const NamedFault> certified_name() { return kFaults; }

}  // namespace assay::faults
