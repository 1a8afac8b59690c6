#include "google/firestore_write.hpp"

#include "google/firestore_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <stdexcept>

namespace byot::google {
namespace {

constexpr std::size_t most_documents = std::numeric_limits<std::int32_t>::max();

bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_simple(std::string_view name) noexcept {
    return is_letter(name.front()) &&
           std::ranges::all_of(name, [](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

std::string in_backquotes(std::string_view name) {
    std::string text = "`";
    for (const char c : name) {
        if (c == '`' || c == '\\') text += '\\';
        text += c;
    }
    return text + '`';
}

/// Appends a JSON array of the items, each appended by `append_item(item)`.
template <class Items, class Append>
void append_list(std::string& out, const Items& items, Append append_item) {
    out += '[';
    bool is_first = true;
    for (const auto& item : items) {
        if (!is_first) out += ',';
        is_first = false;
        append_item(item);
    }
    out += ']';
}

void append_name(std::string& out, std::string_view name) {
    if (!is_document_name(name)) throw std::invalid_argument("a read or write of what is no document");
    append_text(out, name);
}

void append_deletion(std::string& out, const firestore_write& write) {
    if (!write.fields.empty() || write.mask || !write.increments.empty()) {
        throw std::invalid_argument("a write that deletes a document and writes it");
    }
    out += R"("delete":)";
    append_name(out, write.name);
}

void append_mask(std::string& out, const std::vector<std::string>& paths) {
    out += R"(,"updateMask":{)";
    if (!paths.empty()) {
        out += R"("fieldPaths":)";
        append_list(out, paths, [&](const std::string& path) { append_text(out, path); });
    }
    out += '}';
}

void append_increment(std::string& out, const field_increment& increment) {
    out += R"({"fieldPath":)";
    append_text(out, increment.path);
    fmt::format_to(std::back_inserter(out), R"(,"increment":{{"integerValue":"{}"}}}})", increment.by);
}

void append_update(std::string& out, const firestore_write& write) {
    out += R"("update":{"name":)";
    append_name(out, write.name);
    out += R"(,"fields":)";
    append_fields(out, write.fields);
    out += '}';
    const bool only_increments = write.fields.empty() && !write.increments.empty();
    if (write.mask || only_increments) append_mask(out, write.mask.value_or(std::vector<std::string>()));
    if (write.increments.empty()) return;
    out += R"(,"updateTransforms":)";
    append_list(out, write.increments, [&](const field_increment& one) { append_increment(out, one); });
}

void append_precondition(std::string& out, const precondition& needs) {
    switch (needs.what) {
    case precondition::kind::none:
        break;
    case precondition::kind::exists:
        out += R"(,"currentDocument":{"exists":true})";
        break;
    case precondition::kind::missing:
        out += R"(,"currentDocument":{"exists":false})";
        break;
    case precondition::kind::unchanged_since:
        if (!parse_timestamp(needs.update_time)) throw std::invalid_argument("an update time that is none");
        out += R"(,"currentDocument":{"updateTime":)";
        append_text(out, needs.update_time);
        out += '}';
    }
}

void append_write(std::string& out, const firestore_write& write) {
    out += '{';
    if (write.deletes) {
        append_deletion(out, write);
    } else {
        append_update(out, write);
    }
    append_precondition(out, write.needs);
    out += '}';
}

void append_start(std::string& out, std::string_view after) {
    out += R"(,"startAt":{"values":[{"referenceValue":)";
    append_name(out, after);
    out += R"(}],"before":false})";
}

} // namespace

std::string field_path(std::span<const std::string_view> names) {
    if (names.empty()) throw std::invalid_argument("a field path of no names");
    std::string path;
    for (const auto name : names) {
        if (name.empty()) throw std::invalid_argument("a field without a name");
        if (!path.empty()) path += '.';
        path += is_simple(name) ? std::string(name) : in_backquotes(name);
    }
    return path;
}

std::string commit_body(std::span<const firestore_write> writes) {
    std::string out = R"({"writes":)";
    append_list(out, writes, [&](const firestore_write& write) { append_write(out, write); });
    return out += '}';
}

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
