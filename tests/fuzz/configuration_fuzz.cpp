// An environment without a problem is one that can be used: its addresses are addresses, nothing that takes
// the place of a real service is taken on Cloud Run, and what check-config prints means the same again.
// Problems never repeat a value. The input is lines of NAME=value on top of the least environment.

#include "config/addresses.hpp"
#include "config/configuration.hpp"
#include "core/url.hpp"
#include "fuzz/require.hpp"

#include <algorithm>
#include <cstdint>

namespace {

using namespace byot;
using namespace byot::config;

void read_lines(std::string_view text, environment& into) {
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        into.insert_or_assign(std::string(line.substr(0, equals)), std::string(line.substr(equals + 1)));
    }
}

// What is kept as read is what the text says.
void check_address(const url_setting& given, const std::string& scheme = {}) {
    const auto address = parse_url(scheme + given.text);
    fuzz::require(address && *address == given.where);
    fuzz::require(!given.where.origin.host.empty() && given.where.origin.port != 0);
}

void check_own_address(const configuration& values, const url_setting& given) {
    check_address(given);
    fuzz::require(given.where.origin.is_tls || is_loopback(given.where.origin.host));
    fuzz::require(given.where.origin.is_tls || !values.is_cloud_run);
}

void check_emulator(const configuration& values, const std::optional<url_setting>& given) {
    if (!given) return;
    fuzz::require(!values.is_cloud_run);
    check_address(*given, "http://");
}

void check_values(const configuration& values) {
    fuzz::require(values.sqlite.has_value() != values.firestore.has_value());
    fuzz::require(!values.keyring.empty() && !values.firebase_project.empty() && !values.providers.empty());
    fuzz::require(values.genkit_url.has_value() == (values.role != role::keys));
    if (values.genkit_url) check_address(*values.genkit_url);
    check_own_address(values, values.firebase_keys_url);
    check_own_address(values, values.identity_url);
    for (const auto& [provider, address] : values.provider_urls) check_own_address(values, address);
    check_emulator(values, values.firestore_emulator);
    check_emulator(values, values.auth_emulator);
    check_address(values.metadata_host, "http://");
    fuzz::require(std::count(values.allowed_origins.begin(), values.allowed_origins.end(), "*") == 0);
}

// What is masked is not the value any more.
void check_description(const configuration& values) {
    const auto text = describe(values);
    if (text.find("***") != std::string::npos) return;
    environment again;
    read_lines(text, again);
    const auto reread = parse(again);
    fuzz::require(reread.problems.empty() && describe(reread.values) == text);
}

void check_problem(const problem& wrong) {
    const auto is_ascii = [](char c) { return c >= ' ' && c <= '~'; };
    fuzz::require(!wrong.message.empty() &&
                  std::all_of(wrong.message.begin(), wrong.message.end(), is_ascii));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    environment variables{{"BYOT_STORE", "sqlite:k.db"},
                          {"BYOT_KEYRING", "k.json"},
                          {"BYOT_GENKIT_URL", "http://127.0.0.1:3400"},
                          {"BYOT_REACTORS", "2"}, // unset, the machine would be looked at each time
                          {"GOOGLE_CLOUD_PROJECT", "demo-project"}};
    read_lines({reinterpret_cast<const char*>(data), size}, variables);
    const auto read = parse(variables);
    for (const auto& wrong : read.problems) check_problem(wrong);
    if (!read.problems.empty()) return 0;
    check_values(read.values);
    check_description(read.values);
    return 0;
}
