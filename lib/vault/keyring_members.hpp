#pragma once

#include "vault/keyring.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace byot::vault {

/// One entry of a keyring file as it is written, before its values are looked at.
struct entry_members {
    std::optional<std::string_view> id;
    std::optional<std::string_view> created_at;
    std::optional<std::string_view> box_public;
    std::optional<std::string_view> box_secret;
    std::optional<std::string_view> sign_public;
    std::optional<std::string_view> sign_secret;
    std::optional<std::string_view> state;
};

/// The members' names in the file, in the order in which they are written.
constexpr std::array<std::pair<std::string_view, std::optional<std::string_view> entry_members::*>, 7>
    entry_member_names{{
        {"id", &entry_members::id},
        {"createdAt", &entry_members::created_at},
        {"boxPublic", &entry_members::box_public},
        {"boxSecret", &entry_members::box_secret},
        {"signPublic", &entry_members::sign_public},
        {"signSecret", &entry_members::sign_secret},
        {"state", &entry_members::state},
    }};

/// The entry that the members describe, or what is wrong with them; `where` names the entry for a person.
boost::system::result<keyring_entry, keyring_problem> read_entry(const entry_members& members,
                                                                 const std::string& where);

} // namespace byot::vault
