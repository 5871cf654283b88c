// Contexts of libcrypto as members of value types. Used by the classes of this room that keep one
// keyed context for many records; names libcrypto's types without including it.
#pragma once

#include <memory>

using EVP_CIPHER_CTX = struct evp_cipher_ctx_st;
using EVP_MAC_CTX = struct evp_mac_ctx_st;
using EVP_MD_CTX = struct evp_md_ctx_st;

namespace assay::crypto {

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const;
  void operator()(EVP_MAC_CTX* context) const;
  void operator()(EVP_MD_CTX* context) const;
};

template <typename T>
using Context = std::unique_ptr<T, FreeContext>;

/// A context that its owner makes when it first needs one. It moves with its owner; a copy of the
/// owner has none and makes its own, since not every cipher of OpenSSL 3.0 can be duplicated.
template <typename T>
class Scratch {
 public:
  Scratch() = default;
  Scratch(const Scratch& /*other*/) {}
  Scratch(Scratch&&) noexcept = default;
  Scratch& operator=(const Scratch& other) {
    if (this != &other) context_.reset();
    return *this;
  }
  Scratch& operator=(Scratch&&) noexcept = default;
  ~Scratch() = default;

  /// What `make` returned when it was first asked.
  template <typename Make>
  T* get(const Make& make) {
    if (!context_) context_ = make();
    return context_.get();
  }

 private:
  Context<T> context_;
};

}  // namespace assay::crypto
