#pragma once

#include "auth/certificate_source.hpp"
#include "auth/remembered_tokens.hpp"
#include "auth/token_verifier.hpp"

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace byot::auth {

/// The verifiers of one process, one a reactor: each token's signature is verified by one of them, found by
/// its digest, however many connections bring it. Shared between reactors; verifiers join and leave by
/// themselves.
class verifier_peers {
public:
    void join(remembered_tokens& one);
    void leave(const remembered_tokens& one) noexcept;

    /// Whose token this is; its reactor must be running, and only that one may touch it.
    remembered_tokens& owner_of(const token_digest& token) const;

private:
    mutable std::mutex mutex_;
    std::vector<remembered_tokens*> members_;
};

/// What `make_firebase_verifier` makes one of.
struct firebase_verifier_settings {
    std::string project; ///< Firebase's project id
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
