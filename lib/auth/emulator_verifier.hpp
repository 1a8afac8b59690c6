#pragma once

#include "auth/token_verifier.hpp"

#include <memory>
#include <string>

namespace byot::auth {

/// Takes the unsigned tokens of the Firebase Auth emulator: alg "none" and an empty signature, the claims by
/// the same rules as signed ones. Anyone can make such a token: only the composition root makes this
/// verifier, and only when FIREBASE_AUTH_EMULATOR_HOST is set (which K_SERVICE forbids). Nothing is fetched.
std::unique_ptr<token_verifier> make_emulator_verifier(std::string project);

} // namespace byot::auth
