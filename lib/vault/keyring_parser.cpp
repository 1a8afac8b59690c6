#include "core/secret_json.hpp"
#include "vault/keyring_members.hpp"

#include <algorithm>
#include <span>

namespace byot::vault {
namespace {

using kind = json_token::kind;
using tokens = std::span<const json_token>;
template <class T>
using checked = boost::system::result<T, keyring_problem>;

constexpr std::int64_t version = 1;

std::string entry_name(std::size_t index) {
    return "entry " + std::to_string(index + 1);
}

// The members of the object at the front of `rest`, which moves behind it.
checked<entry_members> read_members(tokens& rest, const std::string& where) {
    if (rest.front().what != kind::object_begin) return keyring_problem{where + ": is not an object"};
    entry_members members;
    for (rest = rest.subspan(1); rest.front().what == kind::name; rest = rest.subspan(2)) {
        const auto has_name = [&](const auto& row) { return row.first == rest.front().text; };
        const auto row = std::find_if(entry_member_names.begin(), entry_member_names.end(), has_name);
        if (row == entry_member_names.end()) {
            return keyring_problem{where + ": has a member that this version does not know"};
        }
        const std::string name(row->first);
        if (members.*row->second) return keyring_problem{where + ": " + name + " is there twice"};
        if (rest[1].what != kind::string) return keyring_problem{where + ": " + name + " is not a string"};
        members.*row->second = rest[1].text;
    }
    rest = rest.subspan(1); // object_end
    return members;
}

checked<std::vector<entry_members>> read_entries(tokens& rest) {
    if (rest.front().what != kind::array_begin) return keyring_problem{"entries is not an array"};
    std::vector<entry_members> entries;
    rest = rest.subspan(1);
    while (rest.front().what != kind::array_end) {
        auto members = read_members(rest, entry_name(entries.size()));
        if (!members) return members.error();
        entries.push_back(*members);
    }
    rest = rest.subspan(1);
    return entries;
}

// The file's frame: {"version":1,"entries":[…]} in either order.
checked<std::vector<entry_members>> read_file(tokens rest) {
    if (rest.front().what != kind::object_begin) return keyring_problem{"is not a JSON object"};
    bool has_version = false;
    std::optional<std::vector<entry_members>> entries;
    rest = rest.subspan(1);
    while (rest.front().what == kind::name) {
        const auto name = rest.front().text;
        rest = rest.subspan(1);
        if (name == "version") {
            if (has_version) return keyring_problem{"version is there twice"};
            if (rest.front().what != kind::integer || rest.front().number != version) {
                return keyring_problem{"version is not 1, the only one that this program knows"};
            }
            has_version = true;
            rest = rest.subspan(1);
        } else if (name == "entries") {
            if (entries) return keyring_problem{"entries is there twice"};
            auto read = read_entries(rest);
            if (!read) return read.error();
            entries = std::move(*read);
        } else {
            return keyring_problem{"has a member that this version does not know"};
        }
    }
    if (!has_version) return keyring_problem{"version is missing"};
    if (!entries) return keyring_problem{"entries is missing"};
    return std::move(*entries);
}

// What no entry can say by itself: ids are unique, the file is of one role, something is active.
std::optional<keyring_problem> check_together(const std::vector<keyring_entry>& entries) {
    bool has_active = false;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        has_active = has_active || entries[i].is_active;
        const auto has_same_id = [&](const keyring_entry& other) { return other.id == entries[i].id; };
        if (std::any_of(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(i), has_same_id)) {
            return keyring_problem{entry_name(i) + ": has the id of an entry before it"};
        }
        if (entries[i].box_secret.empty() != entries[0].box_secret.empty() ||
            entries[i].sign_secret.empty() != entries[0].sign_secret.empty()) {
            return keyring_problem{entry_name(i) + ": has other private halves than the first"};
        }
    }
    if (!has_active) return keyring_problem{"no entry is active"};
    return std::nullopt;
}

} // namespace

keyring_result parse_keyring(std::string_view text) {
    const auto json = read_secret_json(text);
    if (!json) return keyring_problem{"is not JSON as keyrings have it"};
    const auto all_members = read_file(json->tokens);
    if (!all_members) return all_members.error();
    std::vector<keyring_entry> entries;
    for (const auto& members : *all_members) {
        auto entry = read_entry(members, entry_name(entries.size()));
        if (!entry) return entry.error();
        entries.push_back(std::move(*entry));
    }
    if (auto problem = check_together(entries)) return std::move(*problem);
    return keyring(std::move(entries));
}

} // namespace byot::vault
