#include "demo_upstream.hpp"

#include "core/encoding.hpp"
#include "core/json.hpp"
#include "http/response_head.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace byot::app {
namespace {

constexpr std::size_t max_body = 100 * 1024; // Genkit's express server takes as much
constexpr std::chrono::milliseconds between_words{70};

/// The last four characters of the key that the request brings; of the key itself no copy is made.
std::string end_of_key(const http::exchange& exchange) {
    auto lines = exchange.client().received().substr(0, exchange.head().size());
    lines.remove_prefix(lines.find("\r\n") + 2);
    std::string found;
    http::for_each_field(lines, [&](std::string_view name, std::string_view value) {
        if (equals_ignoring_case(name, "x-byot-api-key"))
            found = value.substr(value.size() - std::min<std::size_t>(4, value.size()));
    });
    return found;
}

/// Genkit's answer to an error: no wrapper around it.
http::response genkit_error(unsigned status, std::string_view name, std::string_view message) {
    std::string body = "{\"status\":";
    append_json_string(body, name);
    body += ",\"message\":";
    append_json_string(body, message);
    body += "}";
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

std::string chunk(std::string_view content) {
    return fmt::format("{:x}\r\n{}\r\n", content.size(), content);
}

/// Streams as Genkit's express server does: text/plain, head with the first chunk.
task<void> stream(http::exchange& exchange, std::vector<std::string> words, std::string result) {
    auto& client = exchange.client();
    exchange.mark_answered(200);
    std::string next = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const auto& word : words) {
        next += chunk(event("message", to_json_string(word)));
        client.expire_at(steady_now() + std::chrono::seconds(10));
        const bool is_sent = co_await client.send(next);
        if (!is_sent) co_return;
        next.clear();
        co_await exchange.home().sleep_until(steady_now() + between_words);
    }
    next += chunk(event("result", result));
    next += "0\r\n\r\n";
    co_await client.send(next);
}

} // namespace

demo_upstream::demo_upstream(net::reactor& home)
    : home_(home), server_(
                       home, {}, [this](http::exchange& exchange) { return answer(exchange); },
                       [](const telemetry::access_record&) {}),
      port_(server_.bind("127.0.0.1", 0)) {}

url demo_upstream::address() const {
    return {{false, "127.0.0.1", port_}, {}, {}};
}

void demo_upstream::start() {
    home_.post([this] { server_.start(); });
}

task<void> demo_upstream::drain(steady_time limit) {
    co_await server_.drain(limit);
}

task<void> demo_upstream::answer(http::exchange& exchange) {
    const std::string path(exchange.checked().path);
    const bool streams =
        exchange.head().value(http::field::accept).find("text/event-stream") != std::string_view::npos;
    const auto key_end = end_of_key(exchange);
    const auto body = co_await exchange.read_body(max_body);
    if (body.has_error()) {
        co_await exchange.respond(body.error());
        co_return;
    }
    const auto request = parse_json_object(body.value().expose());
    const auto* data = request ? request->if_contains("data") : nullptr;
    if (path != "/echo" && path != "/interview") {
        co_await exchange.respond(genkit_error(404, "NOT_FOUND", "Flows here: echo, interview."));
    } else if (!request) {
        co_await exchange.respond(genkit_error(400, "INVALID_ARGUMENT", "The body is no JSON object."));
    } else {
        const auto echoed = data ? boost::json::serialize(*data) : std::string("null");
        auto words = path == "/echo" ? std::vector<std::string>{echoed} : interview_words(key_end);
        std::string whole;
        for (const auto& word : words) whole += word;
        auto result = path == "/echo" ? echoed : to_json_string(whole);
        if (streams) {
            co_await stream(exchange, std::move(words), std::move(result));
        } else {
            co_await exchange.respond(http::response(200, "{\"result\":" + result + "}"));
        }
    }
}

} // namespace byot::app
