#include "providers/key_check.hpp"

#include "http/client.hpp"

#include <algorithm>
#include <array>

namespace byot::providers {
namespace {

/// What a provider is asked, and where the key goes.
struct question {
    std::string_view provider;
    std::string_view path;
    std::string_view query;
    std::string_view key_field;
    std::string_view scheme; ///< before the key
    std::string_view version_field;
    std::string_view version;
};
// https://ai.google.dev/api/models#method:-models.list,
// https://platform.openai.com/docs/api-reference/models/list (which takes no limit),
// https://platform.claude.com/docs/en/api/models-list.
constexpr std::array questions{
    question{"googleai", "/v1beta/models", "pageSize=1", "x-goog-api-key", "", "", ""},
    question{"openai", "/v1/models", "", "authorization", "Bearer ", "", ""},
    question{"anthropic", "/v1/models", "limit=1", "x-api-key", "", "anthropic-version", "2023-06-01"},
};

// An error fits easily; of a list of models nobody reads a word.
constexpr std::size_t most_of_an_answer = 64 * 1024;

const question* find_question(std::string_view provider) noexcept {
    const auto found = std::find_if(questions.begin(), questions.end(),
                                    [&](const question& each) { return each.provider == provider; });
    return found == questions.end() ? nullptr : &*found;
}

http::client_request make_request(const question& asked, const http::url& base, std::string_view api_key) {
    http::client_request request;
    request.address = base;
    request.address.path += asked.path;
    request.address.query = asked.query;
    http::add_secret_field(request, std::string(asked.key_field), asked.scheme, api_key);
    if (!asked.version_field.empty()) request.fields.emplace_back(asked.version_field, asked.version);
    request.fields.emplace_back("accept", "application/json");
    request.fields.emplace_back("user-agent",
                                "byot"); // so that the provider can tell who asks (RFC 9110 §10.1.5)
    request.max_body = most_of_an_answer;
    request.may_cut_body = true;
    return request;
}

} // namespace

bool key_check::knows(std::string_view provider) const noexcept {
    return find_question(provider) && addresses_.contains(provider);
}

task<verdict> key_check::check(std::string_view provider, std::string_view api_key, steady_time limit,
                               std::function<bool()> may_be_sent) {
    if (!knows(provider)) co_return verdict::unreachable;
    auto request = make_request(*find_question(provider), addresses_.find(provider)->second, api_key);
    request.limit = limit;
    request.may_be_sent = std::move(may_be_sent);
    const auto answer = co_await http::fetch(pool_, std::move(request));
    if (answer.has_error()) co_return verdict::unreachable;
    co_return judge(provider, answer->status, answer->body);
}

} // namespace byot::providers
