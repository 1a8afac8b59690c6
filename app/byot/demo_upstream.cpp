#include "demo_upstream.hpp"

#include "core/json.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace byot::app {
namespace {

constexpr std::size_t max_body = 100 * 1024; // Genkit's express server takes as much
constexpr std::chrono::milliseconds between_words{70};

/// The last four characters of the key that the request brings; of the key itself no copy is made.
std::string_view end_of_key(const http::local_exchange& asked) {
    const auto key = asked.field("x-byot-api-key");
    return key.substr(key.size() - std::min<std::size_t>(4, key.size()));
}

/// Genkit's answer to an error: no wrapper around it.
http::response genkit_error(unsigned status, std::string_view name, std::string_view message) {
    std::string body = "{\"status\":";
    append_json_string(body, name);
    body += ",\"message\":";
    append_json_string(body, message);
    body += '}';
    return http::response(status, std::move(body));
}

std::vector<std::string> interview_words(std::string_view end_of_key) {
    std::string text =
        "Welcome! Tell me about a decision you changed your mind on: what did you believe first, what "
        "did you learn, and what would you do now? ";
    text += fmt::format("(Asked with your key that ends in {}.)", end_of_key);
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(' ', begin), text.size() - 1) + 1;
        words.push_back(text.substr(begin, end - begin));
        begin = end;
    }
    return words;
}

std::string event(std::string_view name, std::string_view json) {
    return fmt::format("data: {{\"{}\":{}}}\n\n", name, json);
}

/// Streams as Genkit's express server does: text/plain, head with the first chunk.
task<void> stream(http::local_exchange& asked, std::vector<std::string> words, std::string result) {
    asked.begin_stream("text/plain");
    for (const auto& word : words) {
        const auto next = event("message", to_json_string(word));
        const bool is_sent = co_await asked.write(next);
        if (!is_sent) co_return;
        co_await asked.home().sleep_until(steady_now() + between_words);
    }
    const auto last = event("result", result);
    co_await asked.finish(last);
}

} // namespace

demo_upstream::demo_upstream(net::reactor& home) : server_(home, 0, max_body, *this) {}

url demo_upstream::address() const {
    return {{false, "127.0.0.1", server_.port()}, {}, {}};
}

task<void> demo_upstream::drain(steady_time limit) {
    co_await server_.drain(limit);
}

task<void> demo_upstream::answer(http::local_exchange& asked) {
    const bool is_echo = asked.path() == "/echo";
    const auto request = parse_json_object(asked.body());
    if (!is_echo && asked.path() != "/interview") {
        co_await asked.respond(genkit_error(404, "NOT_FOUND", "Flows here: echo, interview."));
        co_return;
    }
    if (!request) {
        co_await asked.respond(genkit_error(400, "INVALID_ARGUMENT", "The body is no JSON object."));
        co_return;
    }
    const auto* data = request->if_contains("data");
    const auto echoed = data ? boost::json::serialize(*data) : std::string("null");
    auto words = is_echo ? std::vector<std::string>{echoed} : interview_words(end_of_key(asked));
    auto result = is_echo ? echoed : to_json_string(fmt::format("{}", fmt::join(words, "")));
    if (asked.field("accept").find("text/event-stream") != std::string_view::npos) {
        co_await stream(asked, std::move(words), std::move(result));
    } else {
        http::response whole(200, "{\"result\":" + result + "}");
        co_await asked.respond(std::move(whole));
    }
}

} // namespace byot::app
