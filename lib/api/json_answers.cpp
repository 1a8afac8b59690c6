#include "api/json_answers.hpp"

#include "core/json.hpp"

#include <optional>

namespace byot::api {
namespace {

void append_member(std::string& out, std::string_view name, std::string_view value) {
    if (out.back() != '{') out += ',';
    append_json_string(out, name);
    out += ':';
    append_json_string(out, value);
}

void append_time(std::string& out, std::string_view name, const std::optional<wall_time>& when) {
    if (when) append_member(out, name, format_rfc3339(*when));
}

} // namespace

http::response json_answer(std::string json) {
    return http::response(200, std::move(json));
}

http::response private_answer(std::string json) {
    http::response answer(200, std::move(json));
    answer.fields.emplace_back("Cache-Control", "no-store");
    return answer;
}

std::string key_object(const vault::key_record& record, wall_time now) {
    std::string out = "{";
    append_member(out, "provider", record.provider);
    append_member(out, "credentialId", record.credential_id);
    append_member(out, "state", name_of(state_at(record, now)));
    if (!record.hint.empty()) append_member(out, "hint", record.hint);
    append_member(out, "keyId", record.key_id);
    append_time(out, "createdAt", record.created_at);
    append_time(out, "updatedAt", record.updated_at);
    append_time(out, "lastUsedAt", record.last_used_at);
    append_time(out, "lastCheckedAt", record.last_checked_at);
    append_time(out, "expiresAt", record.expires_at);
    out += '}';
    return out;
}

std::string key_status_object(std::span<const vault::key_record> records, wall_time now) {
    std::string out = records.empty() ? "{\"hasKey\":false,\"keys\":[" : "{\"hasKey\":true,\"keys\":[";
    for (const auto& record : records) {
        if (out.back() == '}') out += ',';
        out += key_object(record, now);
    }
    out += "]}";
    return out;
}

vault::key_state state_after(providers::verdict said, vault::key_state before) noexcept {
    switch (said) {
    case providers::verdict::accepted:
        return vault::key_state::verified;
    case providers::verdict::refused:
        return vault::key_state::rejected;
    case providers::verdict::exhausted:
        return vault::key_state::exhausted;
    case providers::verdict::unreachable:
        return before;
    }
    return before;
}

http::response checked_key_answer(const vault::key_record& record, std::optional<providers::verdict> said,
                                  wall_time now) {
    auto answer = private_answer(key_object(record, now));
    if (said) answer.fields.emplace_back("x-byot-key-check", providers::name_of(*said));
    return answer;
}

} // namespace byot::api
