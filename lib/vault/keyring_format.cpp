#include "vault/keyring_format.hpp"

#include "core/encoding.hpp"
#include "core/secret_json.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

namespace byot::vault {
namespace {

using kind = json_token::kind;
using tokens = std::span<const json_token>;
template <class T>
using checked = boost::system::result<T, keyring_problem>;

constexpr std::array<std::string_view, 7> members_1{"id",         "createdAt",  "boxPublic", "boxSecret",
                                                    "signPublic", "signSecret", "state"};
constexpr std::array versions_read{keyring_version{members_1, nullptr}};
static_assert(written_keyring_version <= static_cast<int>(versions_read.size()));

std::string entry_name(std::size_t index) {
    return "entry " + std::to_string(index + 1);
}

// --- From text to members ---

/// The file as it is written: what it says its version is, and the tokens of its entries.
struct file_frame {
    std::size_t version = 0;
    tokens entries;
};

// How many tokens the value at the front has.
std::size_t token_count(tokens rest) {
    std::size_t count = 0;
    int depth = 0;
    do {
        const auto what = rest[count++].what;
        if (what == kind::object_begin || what == kind::array_begin) ++depth;
        if (what == kind::object_end || what == kind::array_end) --depth;
    } while (depth > 0);
    return count;
}

// The version itself, if this program reads it.
checked<std::size_t> read_version(const json_token& value, std::size_t newest) {
    const auto known = newest == 1 ? std::string("1") : "1 to " + std::to_string(newest);
    const bool is_integer = value.what == kind::integer;
    if (is_integer && value.number > static_cast<std::int64_t>(newest))
        return keyring_problem{"version is not " + known + ": the file was written by a later byot"};
    if (!is_integer || value.number < 1)
        return keyring_problem{"version is not " + known + ", which is what this program knows"};
    return static_cast<std::size_t>(value.number);
}

// {"version":…,"entries":[…]} in either order. A later version is told as such, whatever else it has.
checked<file_frame> read_frame(tokens rest, std::size_t newest) {
    if (rest.front().what != kind::object_begin) return keyring_problem{"is not a JSON object"};
    std::optional<tokens> version;
    std::optional<tokens> entries;
    bool has_unknown = false;
    for (rest = rest.subspan(1); rest.front().what == kind::name;) {
        const auto name = rest.front().text;
        const auto value = rest.subspan(1, token_count(rest.subspan(1)));
        rest = rest.subspan(1 + value.size());
        if (name != "version" && name != "entries") {
            has_unknown = true;
            continue;
        }
        auto& place = name == "version" ? version : entries;
        if (place) return keyring_problem{std::string(name) + " is there twice"};
        place = value;
    }
    if (!version) return keyring_problem{"version is missing"};
    const auto number = read_version(version->front(), newest);
    if (!number) return number.error();
    if (has_unknown) return keyring_problem{"has a member that this version does not know"};
    if (!entries) return keyring_problem{"entries is missing"};
    if (entries->front().what != kind::array_begin) return keyring_problem{"entries is not an array"};
    return file_frame{*number, *entries};
}

bool has_text(const entry_texts& texts, std::string_view name) {
    return std::any_of(texts.begin(), texts.end(), [&](const auto& one) { return one.first == name; });
}

// The members of the object at the front of `rest`, which moves behind it.
checked<entry_texts> read_texts(tokens& rest, const keyring_version& version, const std::string& where) {
    if (rest.front().what != kind::object_begin) return keyring_problem{where + ": is not an object"};
    entry_texts texts;
    for (rest = rest.subspan(1); rest.front().what == kind::name; rest = rest.subspan(2)) {
        const auto found = std::find(version.members.begin(), version.members.end(), rest.front().text);
        if (found == version.members.end())
            return keyring_problem{where + ": has a member that this version does not know"};
        const std::string name(*found);
        if (has_text(texts, name)) return keyring_problem{fmt::format("{}: {} is there twice", where, name)};
        if (rest[1].what != kind::string)
            return keyring_problem{fmt::format("{}: {} is not a string", where, name)};
        texts.emplace_back(*found, rest[1].text);
    }
    rest = rest.subspan(1); // object_end
    return texts;
}

// --- From members to an entry ---

using public_key = std::array<unsigned char, 32>;
static_assert(crypto_box_PUBLICKEYBYTES == 32 && crypto_sign_PUBLICKEYBYTES == 32);

std::optional<secret> decode_secret(std::string_view text, std::size_t size) {
    secret bytes(size);
    bytes.resize(size);
    if (!base64_decode_into(text, bytes.expose_writable())) return std::nullopt;
    return bytes;
}

bool is_box_pair(const public_key& box_public, const secret& box_secret) {
    public_key recomputed;
    return crypto_scalarmult_base(recomputed.data(), as_bytes(box_secret.expose()).data()) == 0 &&
           recomputed == box_public;
}

// Recomputed from the seed, for an Ed25519 private key carries a copy of its public half that may lie.
bool is_sign_pair(const public_key& sign_public, const secret& sign_secret) {
    public_key recomputed;
    secret again(crypto_sign_SECRETKEYBYTES);
    again.resize(crypto_sign_SECRETKEYBYTES);
    crypto_sign_seed_keypair(recomputed.data(), again.expose_writable().data(),
                             as_bytes(sign_secret.expose()).data());
    return recomputed == sign_public &&
           sodium_memcmp(again.expose().data(), sign_secret.expose().data(), crypto_sign_SECRETKEYBYTES) == 0;
}

// A point of low order would give everybody the same shared secret; libsodium refuses to multiply it.
bool can_be_sealed_for(const public_key& box_public) {
    public_key scalar{1};
    public_key shared;
    return crypto_scalarmult(shared.data(), scalar.data(), box_public.data()) == 0;
}

/// What is wrong with an entry's members; nothing when they are taken.
using entry_problem = std::optional<std::string>;

std::optional<std::string_view> text_of(const entry_texts& texts, std::string_view name) {
    for (const auto& [one, text] : texts) {
        if (one == name) return text;
    }
    return std::nullopt;
}

entry_problem read_box(const entry_texts& texts, keyring_entry& entry) {
    if (!base64_decode_into(*text_of(texts, "boxPublic"), entry.box_public))
        return "boxPublic is not 32 bytes of base64";
    if (!can_be_sealed_for(entry.box_public)) return "boxPublic is not a usable public key";
    const auto text = text_of(texts, "boxSecret");
    if (!text) return std::nullopt;
    auto bytes = decode_secret(*text, crypto_box_SECRETKEYBYTES);
    if (!bytes) return "boxSecret is not 32 bytes of base64";
    if (!is_box_pair(entry.box_public, *bytes)) return "boxSecret does not belong to boxPublic";
    entry.box_secret = std::move(*bytes);
    return std::nullopt;
}

entry_problem read_sign(const entry_texts& texts, keyring_entry& entry) {
    if (!base64_decode_into(*text_of(texts, "signPublic"), entry.sign_public))
        return "signPublic is not 32 bytes of base64";
    if (crypto_core_ed25519_is_valid_point(entry.sign_public.data()) != 1)
        return "signPublic is not a usable public key";
    const auto text = text_of(texts, "signSecret");
    if (!text) return std::nullopt;
    auto bytes = decode_secret(*text, crypto_sign_SECRETKEYBYTES);
    if (!bytes) return "signSecret is not 64 bytes of base64";
    if (!is_sign_pair(entry.sign_public, *bytes)) return "signSecret does not belong to signPublic";
    entry.sign_secret = std::move(*bytes);
    return std::nullopt;
}

entry_problem read_plain(const entry_texts& texts, keyring_entry& entry) {
    for (const auto* const name : {"id", "createdAt", "boxPublic", "signPublic", "state"}) {
        if (!has_text(texts, name)) return std::string(name) + " is missing";
    }
    entry.id = *text_of(texts, "id");
    if (!is_entry_id(entry.id)) return "id is not \"key_\" and 12 letters or digits";
    const auto created_at = parse_rfc3339(*text_of(texts, "createdAt"));
    if (!created_at) return "createdAt is not an RFC 3339 time";
    entry.created_at = *created_at;
    const auto state = *text_of(texts, "state");
    if (state != "active" && state != "retired") return "state is neither \"active\" nor \"retired\"";
    entry.is_active = state == "active";
    if (!has_text(texts, "boxSecret") && !has_text(texts, "signSecret"))
        return "neither boxSecret nor signSecret is there";
    return std::nullopt;
}

checked<keyring_entry> read_entry(const entry_texts& texts, const std::string& where) {
    keyring_entry entry;
    for (const auto read : {read_plain, read_box, read_sign}) {
        if (auto problem = read(texts, entry)) return keyring_problem{where + ": " + *problem};
    }
    return entry;
}

// --- All entries ---

// First every entry's members, then their values: a file that is no keyring at all is told as such.
checked<std::vector<entry_texts>> read_entries(const file_frame& file,
                                               std::span<const keyring_version> versions) {
    std::vector<entry_texts> entries;
    auto rest = file.entries.subspan(1);
    while (rest.front().what != kind::array_end) {
        auto texts = read_texts(rest, versions[file.version - 1], entry_name(entries.size()));
        if (!texts) return texts.error();
        for (auto at = file.version; at < versions.size(); ++at) versions[at - 1].upgrade(*texts);
        entries.push_back(std::move(*texts));
    }
    return entries;
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

// --- From a keyring to text ---

// Room for one entry: names, punctuation and values come to under 600 bytes.
constexpr std::size_t room_per_entry = 1024;
constexpr std::size_t room_for_frame = 128;

void append_base64(secret& out, bytes_view bytes) {
    constexpr auto variant = sodium_base64_VARIANT_ORIGINAL;
    const auto before = out.size();
    const auto size = sodium_base64_encoded_len(bytes.size(), variant); // with its terminating zero
    out.resize(before + size);
    const auto room = out.expose_writable().subspan(before);
    sodium_bin2base64(reinterpret_cast<char*>(room.data()), room.size(), bytes.data(), bytes.size(), variant);
    out.resize(before + size - 1);
}

void append_name(secret& out, std::string_view name) {
    out.append(name == "id" ? "\n    { \"" : ",\n      \"");
    out.append(name);
    out.append("\": \"");
}

void append_text(secret& out, std::string_view name, std::string_view value) {
    append_name(out, name);
    out.append(value);
    out.append("\"");
}

void append_bytes(secret& out, std::string_view name, bytes_view value) {
    if (value.empty()) return;
    append_name(out, name);
    append_base64(out, value);
    out.append("\"");
}

void append_entry(secret& out, const keyring_entry& entry, keyring_part part) {
    append_text(out, "id", entry.id);
    append_text(out, "createdAt", format_rfc3339(entry.created_at));
    append_bytes(out, "boxPublic", entry.box_public);
    if (part != keyring_part::keys_role) append_bytes(out, "boxSecret", as_bytes(entry.box_secret.expose()));
    append_bytes(out, "signPublic", entry.sign_public);
    if (part != keyring_part::ai_role) append_bytes(out, "signSecret", as_bytes(entry.sign_secret.expose()));
    append_text(out, "state", entry.is_active ? "active" : "retired");
    out.append(" }");
}

} // namespace

void throw_exception_from_error(const keyring_problem& problem, const boost::source_location&) {
    throw std::runtime_error(problem.message);
}

std::span<const keyring_version> keyring_versions() noexcept {
    return versions_read;
}

keyring_result parse_keyring(std::string_view text) {
    return parse_keyring(text, versions_read);
}

keyring_result parse_keyring(std::string_view text, std::span<const keyring_version> versions) {
    const auto json = read_secret_json(text);
    if (!json) return keyring_problem{"is not JSON as keyrings have it"};
    const auto file = read_frame(json->tokens, versions.size());
    if (!file) return file.error();
    const auto texts = read_entries(*file, versions);
    if (!texts) return texts.error();
    std::vector<keyring_entry> entries;
    for (const auto& one : *texts) {
        auto entry = read_entry(one, entry_name(entries.size()));
        if (!entry) return entry.error();
        entries.push_back(std::move(*entry));
    }
    if (auto problem = check_together(entries)) return std::move(*problem);
    return keyring(std::move(entries));
}

secret serialize_keyring(const keyring& ring, keyring_part part) {
    secret out(room_for_frame + room_per_entry * ring.entries().size());
    out.append("{ \"version\": ");
    out.append(std::to_string(written_keyring_version));
    out.append(", \"entries\": [");
    bool is_first = true;
    for (const auto& entry : ring.entries()) {
        if (!is_first) out.append(",");
        is_first = false;
        append_entry(out, entry, part);
    }
    out.append("\n] }\n");
    return out;
}

} // namespace byot::vault
