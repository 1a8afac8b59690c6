#include "google/firestore_key_store.hpp"

#include "google/document_id.hpp"
#include "google/document_update.hpp"
#include "google/key_document.hpp"

#include <algorithm>

namespace byot::google {
namespace {

using vault::key_change;
using vault::key_record;
using vault::owned_record;
using found_document = std::optional<firestore_document>;

constexpr std::size_t most_documents = 300; // of one page

failure unreadable_document() {
    return {reason::store_unavailable, "A stored document is not one that this service wrote."};
}

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

document_update make_save(std::string name, std::string uid, key_record record) {
    document_update update;
    update.name = name;
    update.recognise = [record](const found_document& now) -> std::optional<result<bool>> {
        const auto there = find_record(now, record.provider);
        if (there && there->credential_id == record.credential_id) return result<bool>(true);
        // Made and then removed or replaced, or never made: made again it could bring back what was removed.
        return result<bool>(unclear_save());
    };
    update.decide = [name = std::move(name), uid = std::move(uid), record = std::move(record)](
                        const found_document&) -> intention { return make(save_write(name, uid, record)); };
    return update;
}

document_update make_removal(std::string name, std::string provider) {
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

document_update make_change(std::string name, key_change change) {
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

document_update make_replacement(std::string name, key_record record, std::string old_key_id) {
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

class firestore_key_store final : public vault::key_store {
public:
    explicit firestore_key_store(std::vector<firestore_client*> clients) : clients_(std::move(clients)) {}

    task<result<std::vector<key_record>>> load(net::reactor& here, std::string uid) override {
        auto& client = client_of(here);
        auto name = name_of(client, uid);
        const auto document = co_await client.get(std::move(name), limit_of(client));
        if (!document) co_return document.error();
        if (!*document) co_return std::vector<key_record>();
        auto records = read_records(**document);
        if (!records) co_return unreadable_document();
        co_return std::move(*records);
    }

    task<result<void>> save(net::reactor& here, std::string uid, key_record record) override {
        auto& client = client_of(here);
        auto name = name_of(client, uid);
        auto update = make_save(std::move(name), std::move(uid), std::move(record));
        const auto saved = co_await carry_out(client, std::move(update), limit_of(client));
        if (!saved) co_return saved.error();
        co_return result<void>();
    }

    task<result<bool>> remove(net::reactor& here, std::string uid, std::string provider) override {
        auto& client = client_of(here);
        auto update = make_removal(name_of(client, uid), std::move(provider));
        co_return co_await carry_out(client, std::move(update), limit_of(client));
    }

    task<result<bool>> change(net::reactor& here, std::string uid, key_change what) override {
        auto& client = client_of(here);
        auto update = make_change(name_of(client, uid), std::move(what));
        co_return co_await carry_out(client, std::move(update), limit_of(client));
    }

    task<result<bool>> replace(net::reactor& here, std::string uid, key_record record,
                               std::string old_key_id) override {
        auto& client = client_of(here);
        auto update = make_replacement(name_of(client, uid), std::move(record), std::move(old_key_id));
        co_return co_await carry_out(client, std::move(update), limit_of(client));
    }

    task<result<std::vector<owned_record>>> list_not_under(net::reactor& here, std::string newest_key_id,
                                                           std::string after_uid,
                                                           std::size_t limit) override {
        auto& client = client_of(here);
        std::vector<owned_record> old;
        page_query query;
        query.collection = users_collection;
        query.limit = std::clamp<std::size_t>(limit, 1, most_documents);
        if (!after_uid.empty()) query.after = name_of(client, after_uid);
        while (old.size() < limit) {
            const auto page = co_await client.run_query(query, limit_of(client));
            if (!page) co_return page.error();
            for (const auto& document : *page) {
                append_old(old, document, newest_key_id);
                if (old.size() >= limit) break;
            }
            if (page->size() < query.limit) break;
            query.after = page->back().name;
        }
        co_return old;
    }

    task<result<void>> probe(net::reactor& here) override {
        auto& client = client_of(here);
        // No user's: their hashes are longer.
        auto name = client.document_name(users_collection, "~probe");
        const auto answered = co_await client.get(std::move(name), limit_of(client));
        if (!answered) co_return answered.error();
        co_return result<void>();
    }

private:
    firestore_client& client_of(const net::reactor& here) const { return *clients_.at(here.index()); }
    static steady_time limit_of(const firestore_client& client) {
        return steady_now() + client.settings().operation;
    }
    static std::string name_of(const firestore_client& client, std::string_view uid) {
        return client.document_name(users_collection, document_id(uid));
    }

    static void append_old(std::vector<owned_record>& old, const firestore_document& document,
                           const std::string& newest_key_id) {
        const auto uid = owner_of(document);
        auto records = read_records(document);
        if (!uid || !records) return;
        for (auto& record : *records) {
            if (record.key_id != newest_key_id) old.push_back({*uid, std::move(record)});
        }
    }

    std::vector<firestore_client*> clients_;
};

} // namespace

std::unique_ptr<vault::key_store> make_firestore_store(std::vector<firestore_client*> clients) {
    return std::make_unique<firestore_key_store>(std::move(clients));
}

} // namespace byot::google
