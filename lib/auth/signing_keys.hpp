#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

using EVP_PKEY = struct evp_pkey_st;

namespace byot::auth {

/// The public keys of a set of certificates, by kid. Immutable; reactors share it.
using public_keys = std::map<std::string, std::shared_ptr<EVP_PKEY>, std::less<>>;

/// Reads Google's answer: an object of kid → PEM certificate, 1 to 64 of them, every one RSA of 2048 to 8192
/// bits. Null when any of it is not so.
std::shared_ptr<const public_keys> parse_certificates(std::string_view json);

/// RS256 (RFC 7518 §3.3): PKCS#1 v1.5 with SHA-256, signature exactly as long as the modulus. Throws
/// std::bad_alloc when this machine, not the signature, is at fault.
bool is_signed_by(EVP_PKEY& key, std::string_view signed_part, std::string_view signature);

} // namespace byot::auth
