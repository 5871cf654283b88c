#include "harness/net/meddler.h"

#include "harness/wire/record.h"

namespace assay {
namespace {

bool has_type(View record, ContentType type) {
  const auto header = read_record_header(record);
  return header && header->type == type;
}

}  // namespace

bool is_application_data(View record) { return has_type(record, ContentType::application_data); }
bool is_change_cipher_spec(View record) {
  return has_type(record, ContentType::change_cipher_spec);
}

void Meddler::write(Bytes octets) {
  if (!edit_) {
    inner().write(std::move(octets));
    return;
  }
  RecordSplitter splitter;
  splitter.feed(octets);
  std::vector<Bytes> records;
  while (auto record = splitter.next()) records.push_back(std::move(record->octets));
  if (!records.empty()) edit_(records);
  Bytes changed;
  for (const Bytes& record : records) append(changed, record);
  append(changed, splitter.take_rest());
  if (!changed.empty()) inner().write(std::move(changed));
}

}  // namespace assay
