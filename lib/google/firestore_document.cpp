#include "google/firestore_document.hpp"

#include "core/encoding.hpp"
#include "core/json.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace byot::google {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_id = 1500;

// Maps and arrays nest 20 deep (https://firebase.google.com/docs/firestore/quotas), each in three levels of
// JSON; around them lie an answer's own four, and a point has two. The rest is room.
constexpr std::size_t deepest = 100;

bool is_reserved(std::string_view text) noexcept {
    return text == "." || text == ".." ||
           (text.size() >= 4 && text.starts_with("__") && text.ends_with("__"));
}

bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// How a document's name begins; where it is empty, anything may stand.
constexpr std::array<std::string_view, 5> front{"projects", "", "databases", "", "documents"};

bool is_segment(std::string_view segment, std::size_t place) noexcept {
    const auto expected = place < front.size() ? front[place] : std::string_view();
    return expected.empty() ? !segment.empty() : segment == expected;
}

/// The member as text, when it is a time of RFC 3339.
std::optional<std::string_view> time_member(const json::object& object, std::string_view name) {
    const auto text = string_member(object, name);
    return text && parse_timestamp(*text) ? text : std::nullopt;
}

// A document has a full name and both times; fields only where it has any
// (https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.documents). Unknown
// members are passed over here and in what surrounds a document: Google adds members to answers without a new
// version (https://google.aip.dev/180), and refusing them would end the service on that day.
std::optional<firestore_document> read_document(const json::value& json) {
    if (!json.is_object()) return std::nullopt;
    const auto& object = json.get_object();
    if (object.contains("error")) return std::nullopt;
    const auto name = string_member(object, "name");
    const auto created = time_member(object, "createTime");
    const auto updated = time_member(object, "updateTime");
    if (!name || !is_document_name(*name) || !created || !updated) return std::nullopt;
    const auto* const members = object.if_contains("fields");
    auto fields = members ? read_fields(*members) : firestore_fields();
    if (!fields) return std::nullopt;
    return firestore_document{std::string(*name), std::move(*fields), *parse_timestamp(*created),
                              std::string(*updated)};
}

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

std::optional<std::string> read_update_time(const json::value& result) {
    if (!result.is_object()) return std::nullopt;
    if (!result.get_object().contains("updateTime")) return std::string();
    const auto updated = time_member(result.get_object(), "updateTime");
    return updated ? std::optional<std::string>(*updated) : std::nullopt;
}

std::optional<std::vector<std::string>> read_write_results(const json::value& results) {
    if (!results.is_array()) return std::nullopt;
    std::vector<std::string> times;
    for (const auto& result : results.get_array()) {
        auto updated = read_update_time(result);
        if (!updated) return std::nullopt;
        times.push_back(std::move(*updated));
    }
    return times;
}

} // namespace

bool is_document_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= longest_id && is_utf8(text) && !is_reserved(text) &&
           std::ranges::none_of(text, [](char c) { return c == '/' || is_control(c); });
}

bool is_document_name(std::string_view text) noexcept {
    for (std::size_t place = 0;; ++place) {
        const auto segment = text.substr(0, text.find('/'));
        if (!is_segment(segment, place)) return false;
        const bool is_id = place > front.size() && (place - front.size()) % 2 == 1;
        if (segment.size() == text.size()) return is_id;
        text.remove_prefix(segment.size() + 1);
    }
}

std::optional<firestore_document> parse_firestore_document(std::string_view json) {
    const auto answer = parse_json(json, deepest);
    return answer ? read_document(*answer) : std::nullopt;
}

std::optional<std::vector<firestore_document>> parse_batch_get(std::string_view json) {
    const auto answer = parse_json(json, deepest);
    if (!answer || !answer->is_array()) return std::nullopt;
    return read_stream(answer->get_array(), read_batch_element);
}

// Where the query finds nothing, one element with the time says so: an answer without any says nothing
// (https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.documents/runQuery).
std::optional<std::vector<firestore_document>> parse_run_query(std::string_view json) {
    const auto answer = parse_json(json, deepest);
    if (!answer || !answer->is_array() || answer->get_array().empty()) return std::nullopt;
    return read_stream(answer->get_array(), read_query_element);
}

// The time of the commit is what tells the answer from the empty object that other methods answer with; the
// emulator leaves it out where nothing was to be written.
std::optional<std::vector<std::string>> parse_commit(std::string_view json) {
    const auto answer = parse_json(json, deepest);
    if (!answer || !answer->is_object()) return std::nullopt;
    const auto& commit = answer->get_object();
    if (commit.contains("error") || !time_member(commit, "commitTime")) return std::nullopt;
    const auto* const results = commit.if_contains("writeResults");
    return results ? read_write_results(*results) : std::vector<std::string>();
}

} // namespace byot::google
