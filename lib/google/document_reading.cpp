#include "google/document_reading.hpp"

#include "core/json.hpp"
#include "google/document_name.hpp"

namespace byot::google {
namespace {

namespace json = boost::json;

// Maps and arrays nest 20 deep (https://firebase.google.com/docs/firestore/quotas), each in three levels of
// JSON; around them lie an answer's own four, and a point has two. The rest is room.
constexpr std::size_t deepest = 100;

} // namespace

std::optional<json::value> parse_answer(std::string_view text) {
    return parse_json(text, deepest);
}

std::optional<std::string_view> time_member(const json::object& object, std::string_view name) {
    const auto text = string_member(object, name);
    return text && parse_timestamp(*text) ? text : std::nullopt;
}

// Unknown members are passed over here and in what surrounds a document: Google adds members to answers
// without a new version (https://google.aip.dev/180), and refusing them would end the service on that day,
// while what we read keeps its meaning. `read_value` is stricter, since a document's data is written again.
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

std::optional<firestore_document> parse_firestore_document(std::string_view json) {
    const auto answer = parse_answer(json);
    return answer ? read_document(*answer) : std::nullopt;
}

} // namespace byot::google
