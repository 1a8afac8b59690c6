#include "telemetry/request_trace.hpp"

#include "core/encoding.hpp"
#include "telemetry/access_record.hpp"
#include "telemetry/trace_context.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>

namespace {

using namespace byot::telemetry;

constexpr std::string_view trace = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view parent = "00f067aa0ba902b7";

access_record asked(bool has_traceparent, bool is_sampled) {
    access_record record;
    if (!has_traceparent) return record;
    record.trace_id = trace;
    record.span_id = parent;
    record.is_sampled = is_sampled;
    return record;
}

struct case_of_sampling {
    bool is_parent_based;
    double ratio;
    bool has_traceparent;
    bool is_sampled;
    bool is_traced;
};

// The table of https://opentelemetry.io/docs/specs/otel/trace/sdk/#parentbased.
const case_of_sampling cases[] = {
    {true, 1, true, true, true},     {true, 1, true, false, false},   {true, 1, false, false, true},
    {true, 0, true, true, true},     {true, 0, true, false, false},   {true, 0, false, false, false},
    {false, 1, true, false, true},   {false, 1, true, true, true},    {false, 1, false, false, true},
    {false, 0, true, true, false},   {false, 0, false, false, false}, {false, 0.5, true, true, false},
    {false, 0.65, true, true, true},
};

template <class Id>
std::string hex(const Id& id) {
    return byot::hex_encode(id);
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_trace)

BOOST_AUTO_TEST_CASE(begins_where_the_sampler_says) {
    for (const auto& one : cases) {
        BOOST_TEST_CONTEXT(one.is_parent_based << one.ratio << one.has_traceparent << one.is_sampled) {
            auto record = asked(one.has_traceparent, one.is_sampled);
            const auto begun = begin_trace(record, {one.is_parent_based, one.ratio});
            BOOST_TEST((begun != nullptr) == one.is_traced);
            if (begun && one.has_traceparent) BOOST_TEST(record.trace_id == trace);
            if (!begun && one.has_traceparent) BOOST_TEST(record.span_id == parent);
        }
    }
}

BOOST_AUTO_TEST_CASE(without_a_parent_has_an_id_of_its_own) {
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        auto record = asked(false, false);
        auto begun = begin_trace(record, {true, 1});
        const auto all = std::move(*begun).finish(record);
        BOOST_TEST(!all.back().parent.has_value());
        BOOST_TEST(hex(all.back().trace) == record.trace_id);
        BOOST_TEST(hex(all.back().id) == record.span_id);
        BOOST_TEST(seen.insert(record.trace_id).second);
    }
}

BOOST_AUTO_TEST_CASE(takes_about_the_share_that_is_asked_for) {
    int traced = 0;
    for (int i = 0; i < 4000; ++i) {
        auto record = asked(false, false);
        if (begin_trace(record, {false, 0.25})) ++traced;
    }
    BOOST_TEST((traced > 800 && traced < 1200));
}

BOOST_AUTO_TEST_CASE(has_its_steps_within_its_own_span) {
    auto record = asked(true, true);
    const auto begun = begin_trace(record, {true, 1});
    {
        scoped_span token(begun.get(), "token");
        token.fail("TOKEN_EXPIRED");
    }
    scoped_span upstream(begun.get(), "POST", span_kind::client);
    upstream.add("byot.upstream.first_byte_us", 42u);
    const auto sent = upstream.traceparent();
    upstream.end();
    record.route = "/api/ai/{path}";
    record.method = "POST";
    record.status = 200;
    record.duration = std::chrono::milliseconds(7);
    const auto all = std::move(*begun).finish(record);

    BOOST_TEST_REQUIRE(all.size() == 3u);
    const auto& own = all.back();
    BOOST_TEST(own.name == "/api/ai/{path}");
    BOOST_TEST(hex(*own.parent) == parent);
    BOOST_TEST((own.end - own.begin == std::chrono::milliseconds(7)));
    BOOST_TEST(!own.has_failed);
    for (const auto& one : all) BOOST_TEST(hex(one.trace) == trace);
    BOOST_TEST(hex(*all[0].parent) == hex(own.id));
    BOOST_TEST(hex(*all[1].parent) == hex(own.id));
    BOOST_TEST(all[0].has_failed);
    BOOST_TEST((all[1].begin <= all[1].end));
    const auto read = parse_traceparent(sent);
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST(read->trace_id == trace);
    BOOST_TEST(read->span_id == hex(all[1].id));
    BOOST_TEST(read->is_sampled);
}

BOOST_AUTO_TEST_CASE(has_failed_when_the_service_did) {
    for (const auto& [status, has_failed] :
         {std::pair{0u, true}, {200u, false}, {429u, false}, {500u, true}}) {
        auto record = asked(true, true);
        const auto begun = begin_trace(record, {true, 1});
        record.status = status;
        BOOST_TEST(std::move(*begun).finish(record).back().has_failed == has_failed);
    }
}

BOOST_AUTO_TEST_CASE(leaves_no_step_without_an_end) {
    auto record = asked(true, true);
    const auto begun = begin_trace(record, {true, 1});
    begun->begin("never ended", span_kind::internal);
    const auto all = std::move(*begun).finish(record);
    BOOST_TEST((all.front().end == all.back().end));
}

BOOST_AUTO_TEST_CASE(names_no_user_and_no_flow) {
    auto record = asked(true, true);
    const auto begun = begin_trace(record, {true, 1});
    record.user = byot::user_id("somebody");
    record.flow = "their-flow";
    record.remote = "203.0.113.7";
    for (const auto& one : std::move(*begun).finish(record)) {
        for (const auto& [name, value] : one.attributes) {
            BOOST_TEST(value.text != "somebody");
            BOOST_TEST(value.text != "their-flow");
            BOOST_TEST(value.text != "203.0.113.7");
        }
    }
}

BOOST_AUTO_TEST_CASE(that_is_none_costs_nothing_and_says_nothing) {
    scoped_span none(nullptr, "token");
    none.add("byot.result", "hit");
    none.fail("INTERNAL");
    BOOST_TEST(none.traceparent().empty());
}

BOOST_AUTO_TEST_SUITE_END()
