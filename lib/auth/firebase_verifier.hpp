#pragma once

#include "auth/certificates.hpp"
#include "auth/token_verifier.hpp"
#include "auth/verifier_peers.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace byot::auth {

struct firebase_verifier_settings {
    std::string project;
    /// Of the process; a verifier without is alone.
    std::shared_ptr<verifier_peers> peers = std::make_shared<verifier_peers>();
    std::size_t remembered = 20000; ///< tokens found good, at most
};

/// Verifies Firebase ID tokens for one reactor: content, then times, then signature. A token verified once is
/// remembered under its whole SHA-256 until its exp. A signature found wrong is remembered for a minute.
/// Content that is at fault never causes a fetch, nor a look at the signature.
std::unique_ptr<token_verifier> make_firebase_verifier(net::reactor& here, certificate_source& certificates,
                                                       firebase_verifier_settings settings);

} // namespace byot::auth
