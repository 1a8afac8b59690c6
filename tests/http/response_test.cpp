#include "http/response.hpp"

#include "core/json.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace byot;
using namespace byot::http;

namespace {

response_frame usual_frame() {
    response_frame frame;
    frame.date = parse_rfc3339("2026-01-02T03:04:05Z").value();
    frame.request_id = "r-1";
    return frame;
}

std::string_view value_of(const response& answer, std::string_view name) {
    for (const auto& [key, value] : answer.fields) {
        if (key == name) return value;
    }
    return "(absent)";
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_serialization)

BOOST_AUTO_TEST_CASE(an_answer_is_head_and_body_in_one_text) {
    response answer(200, R"({"removed":true})");
    answer.fields.emplace_back("Cache-Control", "no-store");
    auto frame = usual_frame();
    frame.extra = "Vary: Origin\r\n";
    frame.rate_limits = "RateLimit: \"user\";r=1;t=1\r\n";
    BOOST_TEST(serialize(answer, frame) == "HTTP/1.1 200 OK\r\n"
                                           "Date: Fri, 02 Jan 2026 03:04:05 GMT\r\n"
                                           "Content-Type: application/json; charset=utf-8\r\n"
                                           "Content-Length: 16\r\n"
                                           "X-Content-Type-Options: nosniff\r\n"
                                           "x-request-id: r-1\r\n"
                                           "Cache-Control: no-store\r\n"
                                           "Vary: Origin\r\n"
                                           "RateLimit: \"user\";r=1;t=1\r\n"
                                           "\r\n"
                                           R"({"removed":true})");
}

BOOST_AUTO_TEST_CASE(the_last_answer_of_a_connection_says_so) {
    auto frame = usual_frame();
    BOOST_TEST(serialize(response(200, "x"), frame).find("Connection") == std::string::npos);
    frame.keeps_alive = false;
    BOOST_TEST(serialize(response(200, "x"), frame).find("\r\nConnection: close\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_answer_to_head_has_the_length_and_no_body) {
    auto frame = usual_frame();
    const auto whole = serialize(response(200, "body"), frame);
    frame.is_head = true;
    BOOST_TEST(serialize(response(200, "body"), frame) + "body" == whole);
}

BOOST_AUTO_TEST_CASE(statuses_without_content_have_neither_length_nor_type) {
    for (const unsigned status : {204u, 304u}) {
        const auto text = serialize(response(status, {}), usual_frame());
        BOOST_TEST(text.find("\r\nContent-Length") == std::string::npos);
        BOOST_TEST(text.find("\r\nContent-Type") == std::string::npos);
        BOOST_TEST(text.find("X-Content-Type-Options: nosniff") != std::string::npos);
        BOOST_TEST(text.ends_with("\r\n\r\n"));
        BOOST_CHECK_THROW(serialize(response(status, "x"), usual_frame()), std::logic_error);
    }
}

BOOST_AUTO_TEST_CASE(an_empty_body_of_another_status_has_length_zero) {
    BOOST_TEST(serialize(response(200, {}), usual_frame()).find("Content-Length: 0\r\n") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_control_character_cannot_get_into_a_field) {
    for (const std::string_view bad :
         {std::string_view("a\r\nX: y"), std::string_view("a\n"), std::string_view("\r"),
          std::string_view("a\tb"), std::string_view("a\0b", 3), std::string_view("\x7f")}) {
        response by_value(200, {});
        by_value.fields.emplace_back("X-A", bad);
        BOOST_CHECK_THROW(serialize(by_value, usual_frame()), std::logic_error);
        response by_name(200, {});
        by_name.fields.emplace_back(bad, "a");
        BOOST_CHECK_THROW(serialize(by_name, usual_frame()), std::logic_error);
        response by_type(200, {});
        by_type.content_type = bad;
        BOOST_CHECK_THROW(serialize(by_type, usual_frame()), std::logic_error);
        auto frame = usual_frame();
        frame.request_id = bad;
        BOOST_CHECK_THROW(serialize(response(200, {}), frame), std::logic_error);
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_is_no_token_is_refused) {
    for (const auto* bad : {"", "X A", "X:A", "X\xc3\xa9"}) {
        response answer(200, {});
        answer.fields.emplace_back(bad, "a");
        BOOST_CHECK_THROW(serialize(answer, usual_frame()), std::logic_error);
    }
}

BOOST_AUTO_TEST_CASE(the_refusal_does_not_quote_the_value) {
    response answer(200, {});
    answer.fields.emplace_back("X-A", "hunter2\n");
    try {
        serialize(answer, usual_frame());
        BOOST_ERROR("nothing was thrown");
    } catch (const std::logic_error& error) {
        BOOST_TEST(std::string(error.what()).find("hunter2") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(extra_lines_must_be_whole_and_must_not_end_the_head) {
    for (const auto* bad : {"Vary: Origin", "A: b\r\n\r\nC: d\r\n", "Vary: Origin\n"}) {
        auto frame = usual_frame();
        frame.extra = bad;
        BOOST_CHECK_THROW(serialize(response(200, {}), frame), std::logic_error);
    }
}

BOOST_AUTO_TEST_CASE(registered_statuses_have_their_phrase) {
    BOOST_TEST(reason_phrase(100) == "Continue");
    BOOST_TEST(reason_phrase(200) == "OK");
    BOOST_TEST(reason_phrase(413) == "Content Too Large");
    BOOST_TEST(reason_phrase(422) == "Unprocessable Content");
    BOOST_TEST(reason_phrase(431) == "Request Header Fields Too Large");
    BOOST_TEST(reason_phrase(511) == "Network Authentication Required");
    for (const unsigned other : {0u, 99u, 299u, 418u, 499u, 512u, 600u})
        BOOST_TEST(reason_phrase(other) == "Unknown");
    for (const auto& row : reason_table()) BOOST_TEST(reason_phrase(row.http_status) != "Unknown");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(failure_responses)

BOOST_AUTO_TEST_CASE(a_failure_is_answered_with_the_error_object) {
    const auto answer = respond_to_failure(failure(reason::token_expired), "r-1");
    BOOST_TEST(answer.status == 401u);
    BOOST_TEST(answer.content_type == "application/json; charset=utf-8");
    BOOST_TEST(answer.body ==
               R"({"error":{"code":401,"status":"UNAUTHENTICATED",)"
               R"("message":"Refresh the token: it has expired.",)"
               R"("details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"TOKEN_EXPIRED",)"
               R"("domain":"byot","metadata":{}}],"requestId":"r-1"}})");
}

BOOST_AUTO_TEST_CASE(every_reason_gives_json_with_its_row) {
    for (const auto& row : reason_table()) {
        BOOST_TEST_CONTEXT(row.name) {
            const auto answer = respond_to_failure(failure(row.why), "r-1");
            const auto body = parse_json_object(answer.body).value();
            const auto& error = body.at("error").as_object();
            const auto& info = error.at("details").as_array().at(0).as_object();
            BOOST_TEST(answer.status == row.http_status);
            BOOST_TEST(error.at("code").to_number<unsigned>() == row.http_status);
            BOOST_TEST(string_member(error, "status").value() == row.rpc_status);
            BOOST_TEST(string_member(error, "message").value() == row.message);
            BOOST_TEST(string_member(info, "reason").value() == row.name);
            BOOST_TEST(value_of(answer, "Cache-Control") == "no-store");
            BOOST_TEST(answer.fields.size() == 1u + (row.http_status == 401) + (row.retry_after.count() > 0));
            BOOST_CHECK_NO_THROW(serialize(answer, usual_frame()));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_failures_own_sentence_and_facts_are_told) {
    const auto why = failure(reason::field_invalid, "\"provider\" is no name.")
                         .with("field", "provider")
                         .with("a\"", "\n");
    const auto body = parse_json_object(respond_to_failure(why, "r-1").body).value();
    const auto& error = body.at("error").as_object();
    const auto& facts = error.at("details").as_array().at(0).at("metadata").as_object();
    BOOST_TEST(string_member(error, "message").value() == "\"provider\" is no name.");
    BOOST_TEST(facts.size() == 2u);
    BOOST_TEST(string_member(facts, "field").value() == "provider");
    BOOST_TEST(string_member(facts, "a\"").value() == "\n");
}

BOOST_AUTO_TEST_CASE(a_request_without_a_token_is_asked_for_one_and_told_of_no_error) {
    const auto missing = respond_to_failure(failure(reason::token_missing), "r");
    BOOST_TEST(value_of(missing, "WWW-Authenticate") == R"(Bearer realm="byot")");
}

BOOST_AUTO_TEST_CASE(a_bad_token_is_named_invalid_in_characters_that_may_stand_there) {
    for (const auto why : {reason::token_invalid, reason::token_expired, reason::token_revoked}) {
        const auto answer = respond_to_failure(failure(why, "\"own\" sentence \\"), "r");
        const std::string challenge(value_of(answer, "WWW-Authenticate"));
        const std::string begin = R"(Bearer realm="byot", error="invalid_token", error_description=")";
        BOOST_TEST_CONTEXT(challenge) {
            BOOST_REQUIRE(challenge.starts_with(begin));
            const auto description = challenge.substr(begin.size(), challenge.size() - begin.size() - 1);
            BOOST_TEST(challenge.ends_with('"'));
            BOOST_TEST(!description.empty());
            for (const char c : description) BOOST_TEST((c >= 0x20 && c < 0x7f && c != '"' && c != '\\'));
        }
    }
    BOOST_TEST(value_of(respond_to_failure(failure(reason::internal), "r"), "WWW-Authenticate") ==
               "(absent)");
}

BOOST_AUTO_TEST_CASE(the_wait_is_the_tables_or_the_failures_own) {
    const auto retry_after = [](const failure& why) {
        return std::string(value_of(respond_to_failure(why, "r"), "Retry-After"));
    };
    BOOST_TEST(retry_after(failure(reason::store_unavailable)) == "2");
    BOOST_TEST(retry_after(failure(reason::rate_limited).retry_after(std::chrono::seconds(17))) == "17");
    BOOST_TEST(retry_after(failure(reason::rate_limited).retry_after(std::chrono::seconds(0))) == "(absent)");
    BOOST_TEST(retry_after(failure(reason::route_unknown)) == "(absent)");
}

BOOST_AUTO_TEST_CASE(a_wrong_method_is_answered_with_those_allowed) {
    const auto why = failure(reason::method_not_allowed).with("allow", "GET, HEAD");
    BOOST_TEST(value_of(respond_to_failure(why, "r"), "Allow") == "GET, HEAD");
    const auto other = failure(reason::route_unknown).with("allow", "GET");
    BOOST_TEST(value_of(respond_to_failure(other, "r"), "Allow") == "(absent)");
}

BOOST_AUTO_TEST_SUITE_END()
