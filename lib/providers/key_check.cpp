#include "providers/key_check.hpp"

#include "core/provider_table.hpp"
#include "http/client.hpp"

namespace byot::providers {
namespace {

// A list of every model is read whole, and the longest of today has a sixth of that.
constexpr std::size_t most_of_an_answer = 1024 * 1024;

http::client_request make_request(const provider_question& asked, const url& base, std::string_view api_key) {
    http::client_request request;
    request.address = base;
    request.address.path += asked.path;
    request.address.query = asked.query;
    http::add_secret_field(request, std::string(asked.key_field), asked.scheme, api_key);
    if (!asked.other_field.empty()) request.fields.emplace_back(asked.other_field, asked.other_value);
    request.fields.emplace_back("accept", "application/json");
    request.fields.emplace_back("user-agent",
                                "byot"); // so that the provider can tell who asks (RFC 9110 §10.1.5)
    request.max_body = most_of_an_answer;
    return request;
}

} // namespace

bool key_check::knows(std::string_view name) const noexcept {
    return find_provider(name) && addresses_.contains(name);
}

task<verdict> key_check::check(std::string_view name, std::string_view api_key, steady_time limit,
                               std::function<bool()> may_be_sent) {
    if (!knows(name)) co_return verdict::unreachable;
    const auto& asked = *find_provider(name);
    auto request = make_request(asked.question, addresses_.find(name)->second, api_key);
    request.limit = limit;
    request.may_be_sent = std::move(may_be_sent);
    const auto answer = co_await http::fetch(pool_, std::move(request));
    if (answer.has_error()) co_return verdict::unreachable;
    co_return judge(asked, answer->status, answer->body);
}

} // namespace byot::providers
