#include "core/json.hpp"
#include "google/document_name.hpp"
#include "google/document_reading.hpp"

#include <boost/json/array.hpp>

namespace byot::google {
namespace {

namespace json = boost::json;

/// What one element of a streamed answer brings, if anything.
struct element_reading {
    bool is_good = false;
    std::optional<firestore_document> document;
};
using element_reader = element_reading (*)(const json::object&);

element_reading reading_of(std::optional<firestore_document> document) {
    return {document.has_value(), std::move(document)};
}

std::optional<firestore_document> read_missing(const json::value& json) {
    if (!json.is_string() || !is_document_name(json.get_string())) return std::nullopt;
    firestore_document missing;
    missing.name = json.get_string();
    return missing;
}

// Only a transaction that begins with the request has an element of its own.
element_reading read_batch_element(const json::object& element) {
    const auto* const found = element.if_contains("found");
    const auto* const missing = element.if_contains("missing");
    if (!found && !missing) return {string_member(element, "transaction").has_value(), std::nullopt};
    if ((found && missing) || !time_member(element, "readTime")) return {};
    return reading_of(found ? read_document(*found) : read_missing(*missing));
}

// An element without a document tells how far the query is, or that there is nothing.
element_reading read_query_element(const json::object& element) {
    const auto* const document = element.if_contains("document");
    const bool begins_transaction = !document && string_member(element, "transaction");
    if (!begins_transaction && !time_member(element, "readTime")) return {};
    return document ? reading_of(read_document(*document)) : element_reading{true, std::nullopt};
}

// A stream that fails once it has begun ends with an error as its last element.
element_reading read_element(const json::value& element, element_reader read) {
    if (!element.is_object() || element.get_object().contains("error")) return {};
    return read(element.get_object());
}

std::optional<std::vector<firestore_document>> read_stream(const json::array& stream, element_reader read) {
    std::vector<firestore_document> documents;
    for (const auto& element : stream) {
        auto reading = read_element(element, read);
        if (!reading.is_good) return std::nullopt;
        if (reading.document) documents.push_back(std::move(*reading.document));
    }
    return documents;
}

} // namespace

std::optional<std::vector<firestore_document>> parse_batch_get(std::string_view json) {
    const auto answer = parse_answer(json);
    if (!answer || !answer->is_array()) return std::nullopt;
    return read_stream(answer->get_array(), read_batch_element);
}

// Where the query finds nothing, one element with the time says so: an answer without any says nothing
// (https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.documents/runQuery).
std::optional<std::vector<firestore_document>> parse_run_query(std::string_view json) {
    const auto answer = parse_answer(json);
    if (!answer || !answer->is_array() || answer->get_array().empty()) return std::nullopt;
    return read_stream(answer->get_array(), read_query_element);
}

} // namespace byot::google
