#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace byot {

/// What a provider's answer says of the key that it was asked with.
enum class key_verdict : std::uint8_t {
    accepted,    ///< it is good
    refused,     ///< it is not, and will not be by waiting
    exhausted,   ///< it is good and has no credit or quota left at the moment
    unreachable, ///< nothing is known: no answer in time, or one that says nothing of the key
};

/// What a member of an answer must be.
struct answer_condition {
    enum class form : std::uint8_t { any_object, any_list, exactly, beginning, not_positive };
    /// Names from the top, with dots between them ("error.code"); of a list, any element will do. Empty:
    /// nothing is asked.
    std::string_view member;
    form how = form::any_object;
    std::string_view text; ///< for `exactly` and `beginning`; numbers and booleans as JSON writes them
};

/// A provider's own words about a key or its credit: an answer with this status whose JSON object meets both
/// conditions. The first of a provider's statements that an answer meets is what it says.
struct provider_statement {
    unsigned status; ///< of HTTP
    key_verdict says;
    std::array<answer_condition, 2> when;
    std::string_view source; ///< where the provider documents it, or where its answer was seen
};

/// The cheapest read that a provider answers to good keys only.
struct provider_question {
    std::string_view path; ///< below the address
    std::string_view query;
    std::string_view key_field;
    std::string_view scheme; ///< before the key
    std::string_view other_field;
    std::string_view other_value;
};

/// Everything that this service knows of one provider.
struct provider {
    std::string_view name;  ///< in requests, records and BYOT_PROVIDERS
    std::string_view title; ///< for people
    bool is_usual;          ///< in BYOT_PROVIDERS' default
    std::string_view address_variable;
    std::string_view address; ///< https, the default of the variable
    provider_question question;
    std::span<const provider_statement> statements;
    std::string_view key_page;    ///< where its users make keys
    std::string_view key_pattern; ///< what its keys look like today, ECMA-262; a hint and never a rule
};

} // namespace byot
