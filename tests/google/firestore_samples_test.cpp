#include "core/json.hpp"
#include "google/firestore_document.hpp"
#include "google/retry.hpp"
#include "test_data.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

namespace byot::google {
namespace {

namespace json = boost::json;

struct sample {
    std::string name;
    unsigned status = 0;
    std::string what;
    json::value expected;
    std::string body;
};

std::vector<sample> read_samples() {
    std::ifstream file(test_data("google/firestore_samples.json"));
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto document = parse_json_object(text);
    BOOST_REQUIRE(document.has_value());
    std::vector<sample> samples;
    for (const auto& item : document->at("answers").as_array()) {
        const auto& fields = item.as_object();
        samples.push_back({std::string(*string_member(fields, "name")),
                           fields.at("status").to_number<unsigned>(),
                           std::string(*string_member(fields, "what")), fields.at("expected"),
                           std::string(*string_member(fields, "body"))});
    }
    return samples;
}

// What was read, in the file's own form.
json::value told(const std::optional<std::vector<firestore_document>>& documents) {
    if (!documents) return "refused";
    json::array list;
    for (const auto& document : *documents) {
        list.push_back({{"name", document.name}, {"updateTime", document.update_time}});
    }
    return list;
}

json::value told(const std::optional<std::vector<std::string>>& times) {
    if (!times) return "refused";
    return json::array(times->begin(), times->end());
}

std::optional<std::vector<firestore_document>> one_document(std::string_view body) {
    auto document = parse_firestore_document(body);
    if (!document) return std::nullopt;
    return std::vector<firestore_document>{std::move(*document)};
}

json::value read_as(std::string_view what, std::string_view body) {
    if (what == "document") return told(one_document(body));
    if (what == "batch_get") return told(parse_batch_get(body));
    if (what == "run_query") return told(parse_run_query(body));
    BOOST_REQUIRE(what == "commit");
    return told(parse_commit(body));
}

bool is_read_by_any(std::string_view body) {
    return parse_firestore_document(body) || parse_batch_get(body) || parse_run_query(body) ||
           parse_commit(body);
}

std::vector<sample> samples_of(std::string_view what) {
    auto samples = read_samples();
    std::erase_if(samples, [&](const sample& one) { return one.what != what; });
    return samples;
}

// The answer's documents as JSON, whatever it is wrapped in.
std::vector<json::object> documents_in(const json::value& answer) {
    std::vector<json::object> documents;
    if (answer.is_object()) documents.push_back(answer.get_object());
    if (!answer.is_array()) return documents;
    for (const auto& element : answer.get_array()) {
        for (const auto* const name : {"found", "document"}) {
            if (const auto* const document = element.get_object().if_contains(name)) {
                documents.push_back(document->as_object());
            }
        }
    }
    return documents;
}

/// Whether all are of kinds that this service writes.
bool is_of_used_kinds(const firestore_fields& fields) {
    return std::ranges::all_of(fields, [](const auto& field) {
        const auto* const map = field.second.template as<firestore_fields>();
        return map ? is_of_used_kinds(*map) : !field.second.template as<other_kind>();
    });
}

json::value written(const firestore_fields& fields) {
    std::string text;
    append_fields(text, fields);
    return parse_json(text).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(firestore_samples)

BOOST_AUTO_TEST_CASE(every_sample_is_there) {
    std::map<std::string, int> counts;
    for (const auto& one : read_samples()) ++counts[one.what];
    const std::map<std::string, int> expected{{"document", 133}, {"commit", 109},   {"error", 107},
                                              {"other", 41},     {"batch_get", 29}, {"run_query", 6}};
    BOOST_TEST((counts == expected));
}

BOOST_AUTO_TEST_CASE(an_answer_is_read_or_refused_as_the_sample_says) {
    for (const auto* const what : {"document", "commit", "batch_get", "run_query"}) {
        for (const auto& one : samples_of(what)) {
            BOOST_TEST_CONTEXT(one.name) {
                BOOST_TEST((classify(one.status, one.body) == rpc_status::ok));
                BOOST_TEST(read_as(what, one.body) == one.expected);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(an_error_is_the_status_it_says_and_read_as_nothing_else) {
    for (const auto& one : samples_of("error")) {
        BOOST_TEST_CONTEXT(one.name) {
            const auto wrapped = "[" + one.body + "]";
            BOOST_TEST(name_of(classify(one.status, one.body)) == one.expected.as_string());
            BOOST_TEST(name_of(classify(one.status, wrapped)) == one.expected.as_string());
            BOOST_TEST(!is_read_by_any(one.body));
            BOOST_TEST(!is_read_by_any(wrapped));
        }
    }
}

// But for an aggregation's: it is a stream with a time, and what it counts is no member that a query has.
BOOST_AUTO_TEST_CASE(the_answer_of_another_method_is_read_as_nothing) {
    for (const auto& one : samples_of("other")) {
        BOOST_TEST_CONTEXT(one.name) {
            BOOST_TEST(is_read_by_any(one.body) == (one.name == "153-aggregate-count"));
            BOOST_TEST(!parse_firestore_document(one.body));
            BOOST_TEST(!parse_batch_get(one.body));
            BOOST_TEST(!parse_commit(one.body));
        }
    }
}

BOOST_AUTO_TEST_CASE(fields_of_the_used_kinds_are_written_as_they_came) {
    std::size_t compared = 0;
    for (const auto& one : read_samples()) {
        const auto answer = one.status == 200 ? parse_json(one.body) : std::nullopt;
        if (!answer) continue;
        for (const auto& document : documents_in(*answer)) {
            const auto* const fields = document.if_contains("fields");
            if (!fields) continue;
            BOOST_TEST_CONTEXT(one.name) {
                const auto read = read_fields(*fields);
                BOOST_REQUIRE(read.has_value());
                if (!is_of_used_kinds(*read)) continue;
                BOOST_TEST(written(*read) == *fields);
                ++compared;
            }
        }
    }
    BOOST_TEST(compared == 151u);
}

BOOST_AUTO_TEST_CASE(every_sample_that_is_cut_off_is_refused) {
    for (const auto& one : read_samples()) {
        if (one.what == "error" || one.what == "other") continue;
        BOOST_TEST_CONTEXT(one.name) {
            BOOST_TEST(!is_read_by_any(std::string_view(one.body).substr(0, one.body.size() - 2)));
            BOOST_TEST(!is_read_by_any(std::string_view(one.body).substr(0, one.body.size() / 2)));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace byot::google
