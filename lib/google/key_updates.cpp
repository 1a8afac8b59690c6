#include "google/key_updates.hpp"

#include "google/key_document.hpp"

#include <memory>

namespace byot::google {
namespace {

using vault::key_change;
using vault::key_record;
using found_document = std::optional<firestore_document>;

failure unclear_save() {
    return {reason::store_unavailable,
            "Whether the key was stored is not known: the store's answer was lost. Look at the status, and "
            "store it again if it is not there."};
}

/// A write that changes what is there without adding anything: after a lost answer it is decided anew.
std::optional<result<bool>> decide_anew(const found_document&) {
    return std::nullopt;
}

intention leave_alone(bool answer) {
    intention nothing;
    nothing.answer = answer;
    return nothing;
}

intention make(firestore_write write) {
    intention wanted;
    wanted.write = std::move(write);
    wanted.answer = true;
    return wanted;
}

firestore_write for_version(firestore_write write, std::string version) {
    write.needs.what = precondition::kind::unchanged_since;
    write.needs.update_time = std::move(version);
    return write;
}

} // namespace

document_update save_update(std::string name, user_id who, key_record record) {
    document_update update;
    update.name = name;
    update.recognise = [record](const found_document& now) -> std::optional<result<bool>> {
        const auto there = find_record(now, record.provider);
        if (there && there->credential_id == record.credential_id) return result<bool>(true);
        // Made and then removed or replaced, or never made: made again it could bring back what was removed.
        return result<bool>(unclear_save());
    };
    update.decide = [name = std::move(name), who = std::move(who), record = std::move(record)](
                        const found_document&) -> intention { return make(save_write(name, who, record)); };
    return update;
}

document_update removal_update(std::string name, std::string provider) {
    document_update update;
    update.name = name;
    auto seen = std::make_shared<std::string>();
    update.recognise = [seen, provider](const found_document& now) -> std::optional<result<bool>> {
        const auto there = find_record(now, provider);
        if (there && there->credential_id == *seen) return std::nullopt;
        return result<bool>(true);
    };
    update.decide = [seen, name = std::move(name),
                     provider = std::move(provider)](const found_document& now) -> intention {
        const auto there = find_record(now, provider);
        if (!there) return leave_alone(false);
        *seen = there->credential_id;
        return make(remove_write(name, provider));
    };
    return update;
}

document_update change_update(std::string name, key_change change) {
    document_update update;
    update.name = name;
    if (!change.version.empty()) update.guess = for_version(change_write(name, change), change.version);
    update.recognise = decide_anew;
    update.decide = [name = std::move(name),
                     change = std::move(change)](const found_document& now) -> intention {
        const auto there = find_record(now, change.provider);
        if (!there || there->credential_id != change.credential_id) return leave_alone(false);
        return make(change_write(name, change));
    };
    return update;
}

document_update replacement_update(std::string name, key_record record, std::string old_key_id) {
    document_update update;
    update.name = name;
    if (!record.version.empty()) update.guess = for_version(replace_write(name, record), record.version);
    update.recognise = [record](const found_document& now) -> std::optional<result<bool>> {
        const auto there = find_record(now, record.provider);
        if (there && there->signature == record.signature) return result<bool>(true);
        return std::nullopt;
    };
    update.decide = [name = std::move(name), record = std::move(record),
                     old_key_id = std::move(old_key_id)](const found_document& now) -> intention {
        const auto there = find_record(now, record.provider);
        const bool is_same =
            there && there->credential_id == record.credential_id && there->key_id == old_key_id;
        if (!is_same) return leave_alone(false);
        return make(replace_write(name, record));
    };
    return update;
}

} // namespace byot::google
