#include "reference_server/news_store.h"

#include "reference_server/news_article.h"

#include <algorithm>
#include <utility>

namespace assay {
namespace {

/// What OVER says of an article behind its number.
std::string overview_of(const NewsArticle& article) {
  std::string fields;
  // RFC 3977 §8.3.2: these five in this order, empty where the header is absent.
  for (const auto* name : {"Subject", "From", "Date", "Message-ID", "References"}) {
    fields += header_content(article.headers(), name).value_or("") + "\t";
  }
  // RFC 3977 §8.1: metadata is computed, never taken from the article.
  return fields + std::to_string(article.content.size()) + "\t" + std::to_string(article.lines);
}

/// What an article takes of the store's octets, its entries in groups and indexes included.
std::size_t footprint(const NewsArticle& article, std::size_t groups) {
  return article.content.size() + article.overview.size() + 2 * article.message_id.size() +
         64 * (groups + 1);
}

}  // namespace

void NewsStore::add_group(NewsGroup group) {
  std::string name = group.name;
  groups_.emplace(std::move(name), std::move(group));
}

const NewsGroup* NewsStore::group(std::string_view name) const {
  const auto found = groups_.find(name);
  return found == groups_.end() ? nullptr : &found->second;
}

const NewsArticle* NewsStore::find(std::string_view message_id) const {
  const auto found = by_message_id_.find(message_id);
  return found == by_message_id_.end() ? nullptr : found->second;
}

Filing NewsStore::file(NewArticle article) {
  if (article.content.size() > limits_.article) return Filing::article_too_big;
  // RFC 3977 §3.6: two articles never bear the same message-id.
  if (find(article.message_id) != nullptr) return Filing::duplicate;
  std::vector<NewsGroup*> targets;
  for (const std::string& name : article.groups) {
    const auto found = groups_.find(name);
    if (found == groups_.end()) continue;
    if (std::ranges::find(targets, &found->second) == targets.end()) {
      targets.push_back(&found->second);
    }
  }
  if (targets.empty()) return Filing::no_such_group;

  NewsArticle filed{std::move(article.message_id), std::move(article.content), article.arrived};
  filed.body = std::min(body_offset(filed.content), filed.content.size());
  filed.lines = line_count(View(filed.content).subspan(filed.body));
  filed.overview = overview_of(filed);
  const std::size_t octets = footprint(filed, targets.size());
  if (articles_.size() >= limits_.articles || octets > limits_.octets - octets_) {
    return Filing::store_full;
  }
  octets_ += octets;
  const NewsArticle& stored = articles_.emplace_back(std::move(filed));
  by_message_id_.emplace(stored.message_id, &stored);
  // RFC 3977 §6: numbers are given out in the order of arrival, the next unused one each time.
  for (NewsGroup* group : targets) group->articles.push_back(&stored);
  return Filing::filed;
}

}  // namespace assay
