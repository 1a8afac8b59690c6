#include "google/firestore_write.hpp"

#include "google/document_name.hpp"
#include "google/json_text.hpp"

#include <stdexcept>

namespace byot::google {
namespace {

void append_name(std::string& out, std::string_view name) {
    if (!is_document_name(name)) throw std::invalid_argument("a write to what is no document");
    append_text(out, name);
}

void append_deletion(std::string& out, const firestore_write& write) {
    if (!write.fields.empty() || write.mask || !write.transforms.empty()) {
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

void append_transform(std::string& out, const field_transform& transform) {
    out += R"({"fieldPath":)";
    append_text(out, transform.path);
    if (!transform.increment) {
        out += R"(,"setToServerValue":"REQUEST_TIME"})";
        return;
    }
    const auto& operand = *transform.increment;
    if (!operand.as<std::int64_t>() && !operand.as<double>()) {
        throw std::invalid_argument("an increment by what is no number");
    }
    out += R"(,"increment":)";
    append_value(out, operand);
    out += '}';
}

void append_update(std::string& out, const firestore_write& write) {
    out += R"("update":{"name":)";
    append_name(out, write.name);
    out += R"(,"fields":)";
    append_fields(out, write.fields);
    out += '}';
    const bool only_transforms = write.fields.empty() && !write.transforms.empty();
    if (write.mask || only_transforms) append_mask(out, write.mask.value_or(std::vector<std::string>()));
    if (write.transforms.empty()) return;
    out += R"(,"updateTransforms":)";
    append_list(out, write.transforms, [&](const field_transform& one) { append_transform(out, one); });
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

} // namespace

std::string commit_body(std::span<const firestore_write> writes) {
    std::string out = R"({"writes":)";
    append_list(out, writes, [&](const firestore_write& write) { append_write(out, write); });
    return out += '}';
}

} // namespace byot::google
