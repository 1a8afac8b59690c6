#include "core/provider_table.hpp"
#include "http/client_fixture.hpp"
#include "providers/key_check.hpp"

#include <algorithm>
#include <iterator>
#include <ostream>
#include <thread>

namespace byot {
static std::ostream& operator<<(std::ostream& out, key_verdict said) {
    return out << providers::name_of(said);
}
} // namespace byot

using namespace byot;
using namespace byot::http::test;
using namespace std::chrono_literals;
using providers::verdict;

namespace {

constexpr std::string_view key = "the-key-0123456789";

struct asking : client_fixture {
    verdict ask(std::uint16_t port, std::string_view provider, steady_time limit = net::testing::soon()) {
        const auto base = parse_url(fmt::format("http://127.0.0.1:{}/base", port)).value();
        providers::key_check::addresses everywhere;
        for (const auto& each : provider_table) everywhere.emplace(each.name, base);
        providers::key_check check(pool, std::move(everywhere));
        verdict said{};
        run(ask_into(said, check, provider, limit));
        return said;
    }
    verdict ask(const scripted_server& server, std::string_view provider = "openai",
                steady_time limit = net::testing::soon()) {
        return ask(server.port(), provider, limit);
    }

private:
    static task<void> ask_into(verdict& said, providers::key_check& check, std::string_view provider,
                               steady_time limit) {
        said = co_await check.check(provider, key, limit);
    }
};

std::string status_answer(std::string_view status, std::string_view fields = "",
                          std::string_view body = "{}") {
    return fmt::format("HTTP/1.1 {}\r\n{}Content-Length: {}\r\n\r\n{}", status, fields, body.size(), body);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(key_checks, asking)

BOOST_AUTO_TEST_CASE(each_provider_is_asked_its_question_with_the_key_in_its_own_field) {
    const struct {
        std::string_view provider;
        std::string_view line;
        std::string_view field;
        std::string_view answer;
    } rows[] = {
        {"googleai", "GET /base/v1beta/models?pageSize=1 HTTP/1.1\r\n",
         "\r\nx-goog-api-key: the-key-0123456789\r\n", R"({"models":[]})"},
        {"openai", "GET /base/v1/models HTTP/1.1\r\n", "\r\nauthorization: Bearer the-key-0123456789\r\n",
         R"({"data":[]})"},
        {"anthropic", "GET /base/v1/models?limit=1 HTTP/1.1\r\n", "\r\nx-api-key: the-key-0123456789\r\n",
         R"({"data":[]})"},
        {"mistral", "GET /base/v1/models HTTP/1.1\r\n", "\r\nauthorization: Bearer the-key-0123456789\r\n",
         R"({"data":[]})"},
        {"openrouter", "GET /base/api/v1/key HTTP/1.1\r\n",
         "\r\nauthorization: Bearer the-key-0123456789\r\n", R"({"data":{}})"},
        {"deepseek", "GET /base/user/balance HTTP/1.1\r\n",
         "\r\nauthorization: Bearer the-key-0123456789\r\n", R"({"is_available":true})"},
    };
    BOOST_TEST(std::size(rows) == provider_table.size());
    for (const auto& row : rows) {
        scripted_server server(home, {{{answer_of(std::string(row.answer))}}});
        BOOST_TEST(ask(server, row.provider) == verdict::accepted);
        const auto& asked = server.requests.at(0);
        BOOST_TEST(asked.starts_with(row.line), asked);
        BOOST_TEST(asked.find(row.field) != std::string::npos, asked);
        BOOST_TEST(asked.find(key) == asked.rfind(key), "the key is there twice");
        const bool tells_version = asked.find("\r\nanthropic-version: 2023-06-01\r\n") != std::string::npos;
        BOOST_TEST(tells_version == (row.provider == "anthropic"), asked);
    }
    for (const auto& each : provider_table) {
        const auto is_own = [&](const auto& row) { return row.provider == each.name; };
        BOOST_TEST(std::any_of(std::begin(rows), std::end(rows), is_own), each.name);
    }
}

BOOST_AUTO_TEST_CASE(the_answer_is_judged_by_its_status_and_body) {
    const std::string_view bad = R"({"error":{"code":"invalid_api_key"}})";
    const std::string_view spent = R"({"error":{"code":"insufficient_quota"}})";
    scripted_server server(home, {{{status_answer("401 Unauthorized", "", bad)},
                                   {status_answer("429 Too Many Requests", "", spent)},
                                   {status_answer("403 Forbidden", "", bad)},
                                   {status_answer("500 Internal Server Error")}}});
    for (const auto said : {verdict::refused, verdict::exhausted, verdict::unreachable, verdict::unreachable})
        BOOST_TEST(ask(server) == said);
    BOOST_TEST(server.connections == 1u);
}

BOOST_AUTO_TEST_CASE(a_redirect_is_not_followed) {
    scripted_server elsewhere(home, {{{answer_of("{}")}}});
    const auto to = fmt::format("Location: http://127.0.0.1:{}/v1/models\r\n", elsewhere.port());
    for (const auto* status : {"301 Moved Permanently", "302 Found", "307 Temporary Redirect"}) {
        scripted_server server(home, {{{status_answer(status, to)}}});
        BOOST_TEST(ask(server) == verdict::unreachable);
    }
    BOOST_TEST(elsewhere.connections == 0u);
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_silent_or_slow_is_unreachable_at_the_limit) {
    for (const auto* begun : {"", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"}) {
        scripted_server server(home, {{{begun}}});
        const auto began = steady_now();
        BOOST_TEST(ask(server, "openai", began + 150ms) == verdict::unreachable);
        BOOST_TEST((steady_now() - began >= 150ms));
        BOOST_TEST((steady_now() - began < 5s));
    }
}

BOOST_AUTO_TEST_CASE(nobody_there_or_no_http_is_unreachable) {
    std::optional<scripted_server> gone(std::in_place, home, std::deque<std::vector<turn>>{});
    const auto port = gone->port();
    gone.reset();
    BOOST_TEST(ask(port, "openai") == verdict::unreachable);
    for (const auto end : {after::close, after::reset}) {
        scripted_server server(home, {{{"nonsense\r\n\r\n", end}}});
        BOOST_TEST(ask(server) == verdict::unreachable);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_is_read_whole_up_to_a_mebibyte_and_its_connection_not_used_again_beyond) {
    const auto padded = [](std::size_t size) {
        std::string list = R"({"data":[)";
        return list.append(size - list.size() - 2, ' ').append("]}");
    };
    const auto long_list = padded(1024 * 1024);
    const auto longer_list = padded(1024 * 1024 + 1);
    const auto chunked =
        fmt::format("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n",
                    longer_list.size(), longer_list);
    scripted_server server(home, {{{answer_of(long_list)}, {answer_of(longer_list)}}, {{chunked}}});
    BOOST_TEST(ask(server) == verdict::accepted);
    BOOST_TEST(ask(server) == verdict::unreachable);
    BOOST_TEST(ask(server) == verdict::unreachable);
    BOOST_TEST(server.connections == 2u);
    BOOST_TEST(pool.idle() == 0u);
}

BOOST_AUTO_TEST_CASE(a_huge_length_that_never_comes_costs_no_memory) {
    scripted_server server(
        home, {{{"HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n{", after::close}}});
    BOOST_TEST(ask(server) == verdict::unreachable);
}

BOOST_AUTO_TEST_CASE(a_provider_that_is_not_known_is_not_asked) {
    scripted_server server(home, {});
    for (const auto* provider : {"", "nobody", "OpenAI", "openai/../x"})
        BOOST_TEST(ask(server, provider) == verdict::unreachable);
    BOOST_TEST(server.connections == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
