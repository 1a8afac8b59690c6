// Whatever Firestore's address answers, what is read from it keeps the promises: written and read again it is
// the same, and an error is no answer.

#include "core/json.hpp"
#include "fuzz/require.hpp"
#include "google/firestore_document.hpp"
#include "google/retry.hpp"

#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdint>

namespace {

using namespace byot;
using namespace byot::google;

constexpr std::size_t as_deep_as_any = 200;

std::string written(const firestore_fields& fields) {
    std::string text;
    append_fields(text, fields);
    return text;
}

/// Whether all are of kinds that this service writes.
bool is_of_used_kinds(const firestore_fields& fields) {
    return std::ranges::all_of(fields, [](const auto& field) {
        const auto* const map = field.second.template as<firestore_fields>();
        return map ? is_of_used_kinds(*map) : !field.second.template as<other_kind>();
    });
}

void check_round_trip(const firestore_fields& fields) {
    if (!is_of_used_kinds(fields)) return;
    const auto text = written(fields);
    const auto json = parse_json(text, as_deep_as_any);
    fuzz::require(json.has_value());
    const auto again = read_fields(*json);
    fuzz::require(again.has_value() && *again == fields);
    fuzz::require(written(*again) == text);
}

void check_found(const firestore_document& document) {
    fuzz::require(is_document_name(document.name));
    fuzz::require(parse_timestamp(document.update_time).has_value());
    std::string text;
    append_timestamp(text, document.created);
    fuzz::require(parse_timestamp(text) == document.created);
    check_round_trip(document.fields);
}

void check_batch_element(const firestore_document& document) {
    if (!document.update_time.empty()) return check_found(document);
    fuzz::require(is_document_name(document.name) && document.fields.empty());
}

bool check_documents(std::string_view body) {
    const auto one = parse_firestore_document(body);
    if (one) check_found(*one);
    const auto batch = parse_batch_get(body);
    if (batch) {
        for (const auto& document : *batch) check_batch_element(document);
    }
    const auto query = parse_run_query(body);
    if (query) {
        for (const auto& document : *query) check_found(document);
    }
    return one || batch || query;
}

bool check_commit(std::string_view body) {
    const auto times = parse_commit(body);
    if (!times) return false;
    for (const auto& time : *times) fuzz::require(time.empty() || parse_timestamp(time));
    return true;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    const bool has_documents = check_documents(body);
    const bool is_commit = check_commit(body);
    const auto status = classify(418, body); // which itself says nothing
    fuzz::require(status != rpc_status::ok && !name_of(status).empty());
    fuzz::require(status == rpc_status::unknown || !(has_documents || is_commit));
    return 0;
}
