#pragma once

#include "core/clock.hpp"
#include "core/failure.hpp"
#include "core/user_id.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace byot::auth {

/// Issues real RS256 ID tokens for `byot dev`, from an RSA-2048 key and a self-signed certificate made when
/// it starts. Immutable, so reactors share it.
class development_issuer {
public:
    development_issuer(std::string project, wall_time now);
    ~development_issuer();

    static constexpr std::chrono::seconds lifetime{3600};

    /// A token for that user. Failure: `field_invalid` (uid, tenant) when identity.hpp does not accept one.
    result<std::string> issue(const user_id& who, wall_time now) const;
    /// What the certificates address answers: {"kid":"PEM"}.
    const std::string& certificates() const noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace byot::auth
