#include "auth/emulator_verifier.hpp"

#include "auth/token_rules.hpp"
#include "core/json.hpp"

namespace byot::auth {
namespace {

result<identity> check_unsigned(std::string_view token, std::string_view project, wall_time now) {
    const auto parts = read_form(token);
    if (!parts) return parts.error();
    if (const auto sentence = name_other_kind(*parts)) {
        return failure(reason::token_invalid, std::string(*sentence));
    }
    if (string_member(parts->header, "alg") != "none" || !parts->signature.empty()) {
        return failure(reason::token_invalid, "This service is set up for the Firebase Auth emulator, whose "
                                              "tokens are unsigned; this one is signed.");
    }
    return check_identity(parts->claims, project, now);
}

class emulator_verifier final : public token_verifier {
public:
    explicit emulator_verifier(std::string project) : project_(std::move(project)) {}

    const identity* remembered(std::string_view, wall_time) noexcept override { return nullptr; }

    task<result<identity>> verify(std::string_view token, wall_time now) override {
        co_return check_unsigned(token, project_, now);
    }

    std::uint64_t signatures_verified() const noexcept override { return 0; }

private:
    std::string project_;
};

} // namespace

std::unique_ptr<token_verifier> make_emulator_verifier(std::string project) {
    return std::make_unique<emulator_verifier>(std::move(project));
}

} // namespace byot::auth
