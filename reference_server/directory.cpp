#include "reference_server/directory.h"

#include <algorithm>
#include <utility>

namespace assay {

std::optional<DirectoryAttribute> directory_attribute(LdapAttribute attribute) {
  auto description = parse_attribute_description(attribute.type);
  if (!description) return std::nullopt;
  const LdapMatching matching = matching_of(description->type);
  DirectoryAttribute ready{std::move(attribute), std::move(*description), matching};
  for (const std::string& value : ready.shown.values) {
    if (auto normal = normal_value(matching, value)) ready.normal.push_back(std::move(*normal));
  }
  return ready;
}

tl::expected<Directory, LdifError> Directory::from_ldif(std::string_view text) {
  auto read = parse_ldif(text);
  if (!read) return tl::unexpected(read.error());
  Directory directory;
  for (LdifEntry& given : *read) {
    auto name = parse_dn(given.dn);
    if (!name || name->rdns.empty()) {
      return tl::unexpected(LdifError{given.line, "\"" + given.dn + "\" is no name of an entry"});
    }
    DirectoryEntry entry{given.dn, normal_name(*name), std::move(*name), {}};
    for (LdapAttribute& attribute : given.attributes) {
      auto ready = directory_attribute(std::move(attribute));
      if (!ready || ready->description.type == "userpassword") continue;
      directory.types_.insert(ready->description.type);
      entry.attributes.push_back(std::move(*ready));
    }
    const bool fresh = directory.by_name_.emplace(entry.normal, directory.entries_.size()).second;
    if (!fresh) {
      return tl::unexpected(LdifError{given.line, "\"" + given.dn + "\" is there already"});
    }
    directory.entries_.push_back(std::move(entry));
  }
  return directory;
}

const DirectoryEntry* Directory::find(std::string_view normal) const {
  const auto found = by_name_.find(normal);
  return found == by_name_.end() ? nullptr : &entries_[found->second];
}

const DirectoryEntry* Directory::find_by_value(std::string_view type,
                                               std::string_view value) const {
  const std::string canonical = canonical_type(type);
  const auto normal = normal_value(matching_of(canonical), value);
  if (!normal) return nullptr;
  for (const DirectoryEntry& entry : entries_) {
    for (const DirectoryAttribute& attribute : entry.attributes) {
      if (attribute.description.type != canonical) continue;
      if (std::ranges::find(attribute.normal, *normal) != attribute.normal.end()) return &entry;
    }
  }
  return nullptr;
}

std::string Directory::matched_dn(std::string_view normal) const {
  while (!normal.empty()) {
    normal = superior_of(normal);
    if (const DirectoryEntry* superior = find(normal)) return superior->dn;
  }
  return {};
}

bool Directory::is_context(const DirectoryEntry& entry) const {
  return matched_dn(entry.normal).empty();
}

std::vector<const DirectoryEntry*> Directory::within(std::string_view normal_base,
                                                     LdapScope scope) const {
  std::vector<const DirectoryEntry*> found;
  for (const DirectoryEntry& entry : entries_) {
    const bool is_base = entry.normal == normal_base;
    // Below the root stand the naming contexts, however long their names are.
    const bool is_child =
        normal_base.empty() ? is_context(entry) : superior_of(entry.normal) == normal_base;
    const bool wanted = scope == LdapScope::base_object    ? is_base
                        : scope == LdapScope::single_level ? is_child && !is_base
                                                           : is_within(entry.normal, normal_base);
    if (wanted) found.push_back(&entry);
  }
  return found;
}

std::vector<std::string> Directory::naming_contexts() const {
  std::vector<std::string> names;
  for (const DirectoryEntry& entry : entries_) {
    if (is_context(entry)) names.push_back(entry.dn);
  }
  return names;
}

bool Directory::knows_type(std::string_view type) const {
  return types_.contains(type) || find_attribute_type(type) != nullptr;
}

}  // namespace assay
