#pragma once

#include "auth/certificates.hpp"
#include "auth/token_verifier.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace byot::auth {

/// Verifies Firebase ID tokens for one reactor: content, then times, then signature. A token verified once is
/// remembered under its whole SHA-256 until its exp, at most `remembered` of them. A signature found wrong is
/// remembered for a minute. Content that is at fault never causes a fetch.
std::unique_ptr<token_verifier> make_firebase_verifier(net::reactor& here, certificate_source& certificates,
                                                       std::string project, std::size_t remembered = 20000);

} // namespace byot::auth
