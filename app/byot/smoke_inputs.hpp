#pragma once

#include "commands.hpp"
#include "core/secret.hpp"
#include "core/url.hpp"
#include "core/user_id.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace byot::app {

/// What the command line, files and the environment say of a smoke test, checked.
struct smoke_inputs {
    smoke_options options;
    url keys; ///< where /api/key is asked
    url ai;   ///< where /api/ai is
    bool has_two_services = false;
    bool is_on_this_machine = false;
    std::shared_ptr<const secret> token; ///< null: none was given
    std::shared_ptr<const secret> api_key;
    bool is_key_made_up = false;
};

/// The inputs, or a sentence on what is wrong with them. The token is --token-file's or BYOT_SMOKE_TOKEN, the
/// key
/// --key-file's or BYOT_SMOKE_KEY, else one made up. Reads files, so it may block.
std::variant<smoke_inputs, std::string> read_smoke_inputs(const smoke_options& options);

/// Whose ID token that is, by its claims alone; nothing when it is none.
std::optional<user_id> user_of_token(std::string_view token);

} // namespace byot::app
