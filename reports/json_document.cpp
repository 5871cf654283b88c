#include "reports/json_document.h"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace assay {

struct JsonDocument::Value {
  nlohmann::json json;

  [[nodiscard]] const nlohmann::json& at(const std::string& pointer) const {
    const nlohmann::json::json_pointer place(pointer);
    if (!json.contains(place)) throw std::out_of_range("no JSON value at " + pointer);
    return json.at(place);
  }
};

std::optional<JsonDocument> JsonDocument::parse(std::string_view text) {
  nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return JsonDocument(std::make_shared<const Value>(Value{std::move(json)}));
}

std::string JsonDocument::at(const std::string& pointer) const { return root_->at(pointer).dump(); }

std::string JsonDocument::text(const std::string& pointer) const {
  const auto* text = root_->at(pointer).get_ptr<const std::string*>();
  if (text == nullptr) throw std::out_of_range("no JSON string at " + pointer);
  return *text;
}

std::size_t JsonDocument::size(const std::string& pointer) const {
  return root_->at(pointer).size();
}

bool JsonDocument::has(const std::string& pointer) const {
  return root_->json.contains(nlohmann::json::json_pointer(pointer));
}

}  // namespace assay
