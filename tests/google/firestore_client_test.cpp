#include "google/firestore_client.hpp"

#include "core/json.hpp"
#include "http/scripted_server.hpp"

#include <boost/json/serialize.hpp>

using namespace byot;
using namespace byot::google;
using http::test::answer_of;
using http::test::scripted_server;
using http::test::turn;
using net::testing::soon;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view database = "projects/p/databases/(default)";
constexpr std::string_view made = R"({"writeResults":[{"updateTime":"2026-01-02T03:04:05.000001Z"}],)"
                                  R"("commitTime":"2026-01-02T03:04:05.000001Z"})";

std::string name_of_ann() {
    return std::string(database) + "/documents/byotUsers/ann";
}

std::string missing() {
    return fmt::format(R"([{{"missing":"{}","readTime":"2026-01-02T03:04:05.000001Z"}}])", name_of_ann());
}
std::string found() {
    return fmt::format(R"([{{"found":{{"name":"{}","fields":{{"a":{{"integerValue":"1"}}}},)"
                       R"("createTime":"2026-01-02T03:04:05.000001Z",)"
                       R"("updateTime":"2026-01-02T03:04:05.000002Z"}},)"
                       R"("readTime":"2026-01-02T03:04:06.000001Z"}}])",
                       name_of_ann());
}

std::string error_answer(unsigned http_status, std::string_view status) {
    const auto body =
        fmt::format(R"({{"error":{{"code":{},"message":"said","status":"{}"}}}})", http_status, status);
    return fmt::format("HTTP/1.1 {} Said\r\nContent-Length: {}\r\n\r\n{}", http_status, body.size(), body);
}

turn says(std::string answer) {
    return {std::move(answer)};
}
turn resets() {
    return {"", turn::after::reset};
}

struct client_fixture : net::testing::reactor_fixture {
    net::connector open{home, net::make_client_tls()};
    net::connection_pool pool{home, open};
    std::vector<std::string> refused; ///< tokens
    unsigned tokens_given = 0;

    task<result<std::shared_ptr<const secret>>> give_token() {
        ++tokens_given;
        co_return std::make_shared<const secret>(secret::copy_of(fmt::format("token-{}", refused.size())));
    }

    firestore_settings settings_for(const scripted_server& server) {
        firestore_settings settings;
        settings.base = parse_url(fmt::format("http://127.0.0.1:{}", server.port())).value();
        settings.database = database;
        return settings;
    }

    firestore_client client_of(firestore_settings settings) {
        token_access tokens;
        tokens.get = [this] { return give_token(); };
        tokens.refuse = [this](const secret& token) { refused.emplace_back(token.expose()); };
        return firestore_client(home, pool, std::move(settings), std::move(tokens));
    }

    using answer = result<std::optional<firestore_document>>;
    answer get(const scripted_server& server, std::chrono::milliseconds operation = 10s) {
        auto client = client_of(settings_for(server));
        std::optional<answer> got;
        run(get_into(got, client, steady_now() + operation));
        return std::move(*got);
    }
    result<commit_end> patch(const scripted_server& server, firestore_write write,
                             std::chrono::milliseconds operation = 10s) {
        auto client = client_of(settings_for(server));
        std::optional<result<commit_end>> got;
        run(patch_into(got, client, std::move(write), steady_now() + operation));
        return std::move(*got);
    }

private:
    static task<void> get_into(std::optional<answer>& got, firestore_client& client, steady_time limit) {
        auto document = co_await client.get(name_of_ann(), limit);
        got.emplace(std::move(document));
    }
    static task<void> patch_into(std::optional<result<commit_end>>& got, firestore_client& client,
                                 firestore_write write, steady_time limit) {
        auto ended = co_await client.patch(std::move(write), limit);
        got.emplace(std::move(ended));
    }
};

firestore_write new_document() {
    firestore_write write;
    write.name = name_of_ann();
    write.needs.what = precondition::kind::missing;
    write.fields.emplace("a", firestore_value(std::int64_t{1}));
    return write;
}

firestore_write increment() {
    firestore_write write;
    write.name = name_of_ann();
    write.increments.push_back({"n", 1});
    return write;
}

std::string message_of(const failure& why) {
    return std::string(why.message());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(firestore_client_suite, client_fixture)

BOOST_AUTO_TEST_CASE(a_document_is_asked_for_by_name_with_the_token) {
    scripted_server server(home, {{says(answer_of(found()))}});
    const auto document = get(server);
    BOOST_TEST_REQUIRE(document.has_value());
    BOOST_TEST_REQUIRE(document->has_value());
    BOOST_TEST((*document)->update_time == "2026-01-02T03:04:05.000002Z");
    BOOST_TEST_REQUIRE(server.requests.size() == 1U);
    const auto& request = server.requests[0];
    BOOST_TEST(
        request.starts_with("POST /v1/projects/p/databases/(default)/documents:batchGet HTTP/1.1\r\n"));
    BOOST_TEST(request.find("authorization: Bearer token-0\r\n") != std::string::npos);
    const auto body = parse_json(std::string_view(request).substr(request.find("\r\n\r\n") + 4));
    BOOST_TEST_REQUIRE(body.has_value());
    BOOST_TEST(body->at("documents").at(0).as_string() == name_of_ann());
}

BOOST_AUTO_TEST_CASE(a_missing_document_is_no_failure_and_a_missing_database_is_one) {
    scripted_server without_document(home, {{says(answer_of(missing()))}});
    const auto nothing = get(without_document);
    BOOST_TEST_REQUIRE(nothing.has_value());
    BOOST_TEST(!nothing->has_value());
    scripted_server without_database(home, {{says(error_answer(404, "NOT_FOUND"))}});
    const auto failed = get(without_database);
    BOOST_TEST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error().why() == reason::store_unavailable));
    BOOST_TEST(message_of(failed.error()).find("NOT_FOUND") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_firestores_is_a_failure) {
    for (const std::string body :
         {"", "{}", "[]", "<html>", R"([{"found":{}}])", R"([{"error":{"code":500}}])"}) {
        scripted_server server(home, {{says(answer_of(body))}});
        const auto failed = get(server);
        BOOST_TEST_REQUIRE(failed.has_error(), body);
        BOOST_TEST((failed.error().why() == reason::store_unavailable), body);
    }
}

BOOST_AUTO_TEST_CASE(a_read_is_repeated_until_it_is_answered) {
    scripted_server server(home, {{says(error_answer(503, "UNAVAILABLE")),
                                   says(error_answer(429, "RESOURCE_EXHAUSTED")), resets()},
                                  {says(answer_of(missing()))}});
    BOOST_TEST(get(server).has_value());
    BOOST_TEST(server.requests.size() == 4U);
    BOOST_TEST(server.connections == 2U); // kept, and opened anew after the reset
}

BOOST_AUTO_TEST_CASE(a_refused_token_is_told_and_replaced_once) {
    scripted_server server(home, {{says(error_answer(401, "UNAUTHENTICATED")), says(answer_of(missing()))}});
    BOOST_TEST(get(server).has_value());
    BOOST_TEST_REQUIRE(refused.size() == 1U);
    BOOST_TEST(refused[0] == "token-0");
    BOOST_TEST(server.requests[1].find("Bearer token-1\r\n") != std::string::npos);
    scripted_server stubborn(
        home, {{says(error_answer(401, "UNAUTHENTICATED")), says(error_answer(401, "UNAUTHENTICATED"))}});
    BOOST_TEST(get(stubborn).has_error());
    BOOST_TEST(stubborn.requests.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_will_not_change_is_asked_once) {
    for (const auto* status : {"PERMISSION_DENIED", "INVALID_ARGUMENT", "FAILED_PRECONDITION"}) {
        scripted_server server(home, {{says(error_answer(400, status))}});
        BOOST_TEST(get(server).has_error());
        BOOST_TEST(server.requests.size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(an_operation_ends_at_its_limit_however_silent_the_service_is) {
    scripted_server silent(home, {});
    const auto begun = steady_now();
    const auto failed = get(silent, 300ms);
    BOOST_TEST_REQUIRE(failed.has_error());
    BOOST_TEST((failed.error().why() == reason::store_unavailable));
    BOOST_TEST((failed.error().retry_after() > 0s));
    BOOST_TEST((steady_now() - begun < 5s)); // not the 20 s that the test would wait
}

BOOST_AUTO_TEST_CASE(a_refused_precondition_is_told_from_one_that_an_own_lost_write_may_have_broken) {
    scripted_server plain(home, {{says(error_answer(409, "ALREADY_EXISTS"))}});
    BOOST_TEST((patch(plain, new_document()).value() == commit_end::refused));
    scripted_server lost(home, {{resets()}, {says(error_answer(409, "ALREADY_EXISTS"))}});
    BOOST_TEST((patch(lost, new_document()).value() == commit_end::unclear));
    BOOST_TEST(lost.requests.size() == 2U);
    scripted_server well(home, {{resets()}, {says(answer_of(made))}});
    BOOST_TEST((patch(well, new_document()).value() == commit_end::made));
}

BOOST_AUTO_TEST_CASE(an_increment_whose_answer_was_lost_is_not_repeated) {
    scripted_server lost(home, {{resets()}, {says(answer_of(made))}});
    BOOST_TEST(patch(lost, increment()).has_error());
    BOOST_TEST(lost.requests.size() == 1U);
    scripted_server full(home, {{says(error_answer(429, "RESOURCE_EXHAUSTED")), says(answer_of(made))}});
    BOOST_TEST((patch(full, increment()).value() == commit_end::made));
    BOOST_TEST(full.requests.size() == 2U);
}

BOOST_AUTO_TEST_CASE(calls_beyond_the_limit_of_connections_wait_for_one) {
    std::vector<turn> answers(3, says(answer_of(missing())));
    scripted_server server(home, {answers});
    auto settings = settings_for(server);
    settings.most_calls = 1;
    auto client = client_of(std::move(settings));
    const auto body = [](firestore_client& to) -> task<void> {
        int good = 0;
        byot::async_event done;
        const auto one = [&]() -> task<void> {
            const auto document = co_await to.get(name_of_ann(), soon());
            good += document.has_value();
            done.notify();
        };
        spawn(one());
        spawn(one());
        spawn(one());
        while (good < 3) co_await done.wait();
    };
    run(body(client));
    BOOST_TEST(server.connections == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
