#pragma once

#include "core/secret_json.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace byot::google {

/// The members of one JSON object that holds secrets: a credentials file, a token answer. Members whose value
/// is neither a string nor an integer are there, but have no value here. Views are valid as long as this is.
class secret_members {
public:
    /// Nothing when the text is not exactly one JSON object, or when a name stands in it twice.
    static std::optional<secret_members> read(std::string_view text);

    std::optional<std::string_view> text(std::string_view name) const;
    std::optional<std::int64_t> number(std::string_view name) const;

private:
    explicit secret_members(secret_json json) : json_(std::move(json)) {}
    const json_token* value_of(std::string_view name) const;
    bool gather();

    secret_json json_;
    std::vector<std::size_t> names_; ///< where the members' names are; each value begins behind its name
};

} // namespace byot::google
