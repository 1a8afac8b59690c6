#include "google/document_id.hpp"
#include "google/document_name.hpp"
#include "google/firestore_write.hpp"
#include "google/json_text.hpp"

#include <limits>
#include <stdexcept>

namespace byot::google {
namespace {

constexpr std::size_t most_documents = std::numeric_limits<std::int32_t>::max();

void append_name(std::string& out, std::string_view name) {
    if (!is_document_name(name)) throw std::invalid_argument("a read of what is no document");
    append_text(out, name);
}

void append_start(std::string& out, std::string_view after) {
    out += R"(,"startAt":{"values":[{"referenceValue":)";
    append_name(out, after);
    out += R"(}],"before":false})";
}

} // namespace

std::string batch_get_body(std::span<const std::string> names) {
    std::string out = R"({"documents":)";
    append_list(out, names, [&](const std::string& name) { append_name(out, name); });
    return out += '}';
}

std::string run_query_body(const page_query& query) {
    // Collections are named by the rules of documents.
    if (!is_document_id(query.collection)) throw std::invalid_argument("a query of what is no collection");
    if (query.limit == 0 || query.limit > most_documents)
        throw std::invalid_argument("a query without a limit");
    std::string out = R"({"structuredQuery":{"from":[{"collectionId":)";
    append_text(out, query.collection);
    out += R"(}],"orderBy":[{"field":{"fieldPath":"__name__"},"direction":"ASCENDING"}])";
    if (!query.after.empty()) append_start(out, query.after);
    out += R"(,"limit":)" + std::to_string(query.limit);
    return out += "}}";
}

} // namespace byot::google
