// NewsStore: the newsgroups and articles of the reference server, in memory: posted by NNTP, read
// by NNTP and by tests. Bounded by the article, by their number and in all; a full store refuses,
// it never forgets, so the articles of a group are numbered 1, 2, 3 without a gap.
#pragma once

#include "harness/base/bytes.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// An article that has been filed.
struct NewsArticle {
  std::string message_id;
  Bytes content;  // headers, an empty line, the body, octet by octet
  std::chrono::sys_seconds arrived{};
  std::size_t body = 0;   // where the body starts in `content`
  std::size_t lines = 0;  // of the body
  std::string overview;   // the fields of OVER behind the number, TABs between (RFC 3977 §8.3.2)

  [[nodiscard]] View headers() const { return View(content).first(body); }
};

struct NewsGroup {
  std::string name;  // without white space and control characters
  std::string description{};
  bool posting = true;  // "y" or "n" in LIST ACTIVE (RFC 3977 §7.6.3)
  std::chrono::sys_seconds created{};
  std::string creator = "<news@assay.test>";
  std::vector<const NewsArticle*> articles{};  // written by the store; number n stands at n - 1

  /// The water marks; in an empty group `high` is one less than `low` (RFC 3977 §6.1.1.2).
  [[nodiscard]] static std::uint64_t low() { return 1; }
  [[nodiscard]] std::uint64_t high() const { return articles.size(); }
  /// Null when no article bears the number.
  [[nodiscard]] const NewsArticle* article(std::uint64_t number) const {
    return number >= low() && number <= high() ? articles[number - 1] : nullptr;
  }
};

struct NewsStoreLimits {
  std::size_t article = 16UL * 1024 * 1024 + 4UL * 1024;  // what POST adds has its own room
  std::size_t articles = 100'000;
  std::size_t octets = 1024UL * 1024 * 1024;
};

/// An article on its way into the store.
struct NewArticle {
  std::string message_id;
  std::vector<std::string> groups;  // those that do not exist are passed over
  Bytes content;
  std::chrono::sys_seconds arrived{};
};

enum class Filing { filed, article_too_big, store_full, duplicate, no_such_group };

class NewsStore {
 public:
  explicit NewsStore(NewsStoreLimits limits = {}) : limits_(limits) {}
  // Groups point to the articles, which a move takes along and a copy would not.
  NewsStore(const NewsStore&) = delete;
  NewsStore& operator=(const NewsStore&) = delete;
  NewsStore(NewsStore&&) = default;
  NewsStore& operator=(NewsStore&&) = default;
  ~NewsStore() = default;

  /// A group that is there already stays as it is.
  void add_group(NewsGroup group);
  /// Null when there is no such group; valid as long as the store is.
  [[nodiscard]] const NewsGroup* group(std::string_view name) const;
  /// All groups, in the order of their names.
  [[nodiscard]] const std::map<std::string, NewsGroup, std::less<>>& groups() const {
    return groups_;
  }

  /// Files the article under the next number of each group, once where one is named twice.
  [[nodiscard]] Filing file(NewArticle article);
  /// Null when there is no such article; valid as long as the store is.
  [[nodiscard]] const NewsArticle* find(std::string_view message_id) const;
  /// Articles in all, whatever groups they are in.
  [[nodiscard]] std::size_t count() const { return articles_.size(); }

 private:
  NewsStoreLimits limits_;
  std::deque<NewsArticle> articles_;  // a deque: what groups point to never moves
  std::map<std::string, NewsGroup, std::less<>> groups_;
  std::map<std::string_view, const NewsArticle*> by_message_id_;  // keys lie in the articles
  std::size_t octets_ = 0;
};

}  // namespace assay
