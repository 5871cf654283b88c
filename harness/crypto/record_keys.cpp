#include "harness/crypto/record_keys.h"

#include "harness/crypto/record_header.h"

namespace assay {

bool RecordKeys::computes(const CipherSuite& suite) {
  return suite.aead.has_value() || CbcProtection::computes(suite);
}

RecordKeys RecordKeys::of_traffic_secret(const CipherSuite& suite, View secret) {
  return RecordKeys(RecordProtection::of_traffic_secret(suite, secret));
}

RecordKeys RecordKeys::of_master_secret(const CipherSuite& suite, const KeyMaterial12& material,
                                        Writer writer, MacOrder order) {
  if (suite.aead) return RecordKeys(RecordProtection::of_master_secret(suite, material, writer));
  return RecordKeys(CbcProtection::of_master_secret(suite, material, writer, order));
}

const CipherSuite* RecordKeys::suite() const {
  if (aead() != nullptr) return &aead()->suite();
  return cbc() != nullptr ? &cbc()->suite() : nullptr;
}

Bytes RecordKeys::seal(const Opened& what, std::uint64_t sequence) const {
  if (aead() != nullptr) return aead()->seal(what, sequence);
  if (cbc() != nullptr) return cbc()->seal(what, sequence);
  Bytes record =
      bytes_of(crypto::record_header(what.type, crypto::kRecordVersion, what.content.size()));
  append(record, what.content);
  return record;
}

std::optional<Opened> RecordKeys::open(View record, std::uint64_t sequence) const {
  if (aead() != nullptr) return aead()->open(record, sequence);
  if (cbc() != nullptr) return cbc()->open(record, sequence);
  if (record.size() < crypto::kHeaderSize) return std::nullopt;
  return Opened{record[0], bytes_of(record.subspan(crypto::kHeaderSize)), 0};
}

}  // namespace assay
