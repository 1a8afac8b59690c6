#include "http/request_head.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>

namespace byot::http {

BOOST_AUTO_TEST_SUITE(field_names)

BOOST_AUTO_TEST_CASE(known_fields_are_found_in_any_case_and_look_alikes_are_not) {
    BOOST_TEST((find_field("transfer-encoding") == field::transfer_encoding));
    BOOST_TEST((find_field("TRANSFER-ENCODING") == field::transfer_encoding));
    BOOST_TEST((find_field("X-Genkit-Stream-Id") == field::x_genkit_stream_id));
    BOOST_TEST((find_field("Access-Control-Request-Headers") == field::access_control_request_headers));
    for (const auto name : {"", "transfer_encoding", "Content_Length", "content-lengt", "content-length-",
                            "host\r", "hos", "Transfer\rEncoding", "x-byot-api-key", "x-byot-uid"}) {
        BOOST_TEST((find_field(name) == field::unknown), name);
    }
    BOOST_TEST((find_field(std::string(1000, 'h')) == field::unknown));
}

BOOST_AUTO_TEST_CASE(every_field_of_the_enumeration_can_be_found_by_its_own_name) {
    // Spelled from the protocol, not from the table: a swapped row would be seen.
    const std::array<std::pair<field, std::string_view>, field_count> all = {{
        {field::accept, "Accept"},
        {field::accept_language, "Accept-Language"},
        {field::access_control_request_headers, "Access-Control-Request-Headers"},
        {field::access_control_request_method, "Access-Control-Request-Method"},
        {field::authorization, "Authorization"},
        {field::baggage, "Baggage"},
        {field::connection, "Connection"},
        {field::content_encoding, "Content-Encoding"},
        {field::content_length, "Content-Length"},
        {field::content_type, "Content-Type"},
        {field::expect, "Expect"},
        {field::host, "Host"},
        {field::origin, "Origin"},
        {field::traceparent, "Traceparent"},
        {field::tracestate, "Tracestate"},
        {field::transfer_encoding, "Transfer-Encoding"},
        {field::x_byot_provider, "X-Byot-Provider"},
        {field::x_cloud_trace_context, "X-Cloud-Trace-Context"},
        {field::x_firebase_appcheck, "X-Firebase-AppCheck"},
        {field::x_forwarded_authorization, "X-Forwarded-Authorization"},
        {field::x_forwarded_for, "X-Forwarded-For"},
        {field::x_genkit_stream_id, "X-Genkit-Stream-Id"},
    }};
    for (const auto& [which, name] : all) BOOST_TEST((find_field(name) == which), name);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::http
