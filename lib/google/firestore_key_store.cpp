#include "google/firestore_key_store.hpp"

#include "google/document_update.hpp"
#include "google/entry_documents.hpp"
#include "google/key_document.hpp"

#include <algorithm>

namespace byot::google {
namespace {

using vault::key_change;
using vault::key_record;
using vault::owned_record;
using vault::saver;

constexpr std::size_t most_documents = 300; // of one page

failure unreadable_document() {
    return {reason::store_unavailable, "A stored document is not one that this service wrote."};
}

failure of_a_later_version() {
    return {reason::store_unavailable, "This user's keys were written by a later version of byot."};
}

failure unreadable(const firestore_document& document) {
    return is_of_known_version(document) ? unreadable_document() : of_a_later_version();
}

failure unclear_save() {
    return {reason::store_unavailable,
            "Whether the key was stored is not known: the store's answer was lost. Look at the status, and "
            "store it again if it is not there."};
}

intention leave_alone(result<bool> answer) {
    return {std::nullopt, std::move(answer)};
}

intention make(firestore_write write) {
    return {std::move(write), true};
}

firestore_write for_version(firestore_write write, std::string version) {
    write.needs.what = precondition::kind::unchanged_since;
    write.needs.update_time = std::move(version);
    return write;
}

// What the store changes of a user's document, each with what a lost answer means for it.

class user_update : public document_update {
public:
    using document_update::document_update;

    std::optional<failure> refuse(const found_document& there) const final {
        if (!there || is_of_known_version(*there)) return std::nullopt;
        return of_a_later_version();
    }
};

/// A save is known by its credential id.
class save_update final : public user_update {
public:
    save_update(std::string of, user_id who, key_record record)
        : user_update(std::move(of)), who_(std::move(who)), record_(std::move(record)) {}

    intention decide(const found_document& there) override {
        const auto tombstone = there ? removed_at(*there) : std::nullopt;
        if (tombstone && record_.created_at <= *tombstone) return leave_alone(vault::removed_meanwhile());
        return make(save_write(name, who_, record_));
    }

    // One that is not there was made and then removed or replaced, or never made: made again it could bring
    // back what was removed.
    std::optional<result<bool>> recognise(const found_document& there) override {
        const auto found = find_record(there, record_.provider);
        if (found && found->credential_id == record_.credential_id) return result<bool>(true);
        return result<bool>(unclear_save());
    }

private:
    user_id who_;
    key_record record_;
};

/// Whether there was a record. A newer one than it saw is not its to remove.
class removal_update final : public user_update {
public:
    removal_update(std::string of, std::string provider)
        : user_update(std::move(of)), provider_(std::move(provider)) {}

    intention decide(const found_document& there) override {
        const auto found = find_record(there, provider_);
        if (!found) return leave_alone(false);
        seen_ = found->credential_id;
        return make(remove_write(name, provider_));
    }

    std::optional<result<bool>> recognise(const found_document& there) override {
        const auto found = find_record(there, provider_);
        if (found && found->credential_id == seen_) return std::nullopt;
        return result<bool>(true);
    }

private:
    std::string provider_;
    std::string seen_; ///< the credential that it is to remove
};

/// Is known by its tombstone. The document stays as that, so that each write which was decided on before it
/// is refused, and decided anew.
class user_removal final : public user_update {
public:
    user_removal(std::string of, wall_time at) : user_update(std::move(of)), at_(at) {}

    intention decide(const found_document& there) override {
        const auto earlier = there ? removed_at(*there) : std::nullopt;
        return make(user_removal_write(name, std::max(at_, earlier.value_or(at_))));
    }

    std::optional<result<bool>> recognise(const found_document& there) override {
        const auto tombstone = there ? removed_at(*there) : std::nullopt;
        if (tombstone && *tombstone >= at_) return result<bool>(true);
        return std::nullopt;
    }

private:
    wall_time at_;
};

/// Whether the credential was still the stored one. It adds nothing, so after a lost answer it is decided
/// anew.
class change_update final : public user_update {
public:
    change_update(std::string of, key_change change)
        : user_update(std::move(of)), change_(std::move(change)) {
        if (!change_.version.empty()) guess = for_version(change_write(name, change_), change_.version);
    }

    intention decide(const found_document& there) override {
        const auto found = find_record(there, change_.provider);
        if (!found || found->credential_id != change_.credential_id) return leave_alone(false);
        return make(change_write(name, change_));
    }

    std::optional<result<bool>> recognise(const found_document&) override { return std::nullopt; }

private:
    key_change change_;
};

/// Whether the credential was still stored under that entry. A replacement is known by its signature.
class replacement_update final : public user_update {
public:
    replacement_update(std::string of, key_record record, std::string old_key_id)
        : user_update(std::move(of)), record_(std::move(record)), old_key_id_(std::move(old_key_id)) {
        if (!record_.version.empty()) guess = for_version(replace_write(name, record_), record_.version);
    }

    intention decide(const found_document& there) override {
        const auto found = find_record(there, record_.provider);
        const bool is_same =
            found && found->credential_id == record_.credential_id && found->key_id == old_key_id_;
        if (!is_same) return leave_alone(false);
        return make(replace_write(name, record_));
    }

    std::optional<result<bool>> recognise(const found_document& there) override {
        const auto found = find_record(there, record_.provider);
        if (found && found->signature == record_.signature) return result<bool>(true);
        return std::nullopt;
    }

private:
    key_record record_;
    std::string old_key_id_;
};

class firestore_key_store final : public vault::key_store {
public:
    explicit firestore_key_store(std::vector<firestore_client*> clients) : clients_(std::move(clients)) {}

    task<result<std::vector<key_record>>> load(net::reactor& here, user_id who) override {
        auto& client = client_of(here);
        auto name = name_of(client, who);
        const auto document = co_await client.get(std::move(name), limit_of(client));
        if (!document) co_return document.error();
        if (!*document) co_return std::vector<key_record>();
        auto records = read_records(**document);
        if (!records) co_return unreadable(**document);
        co_return std::move(*records);
    }

    task<result<bool>> save(net::reactor& here, user_id who, key_record record) override {
        auto& client = client_of(here);
        auto name = name_of(client, who);
        auto barrier = barrier_name(client, record.key_id, who);
        save_update update(std::move(name), std::move(who), std::move(record));
        update.barrier = std::move(barrier);
        co_return co_await carry_out(client, update, limit_of(client));
    }

    task<result<bool>> remove(net::reactor& here, user_id who, std::string provider) override {
        auto& client = client_of(here);
        removal_update update(name_of(client, who), std::move(provider));
        co_return co_await carry_out(client, update, limit_of(client));
    }

    task<result<void>> remove_user(net::reactor& here, user_id who, wall_time at) override {
        auto& client = client_of(here);
        user_removal update(name_of(client, who), at);
        const auto removed = co_await carry_out(client, update, limit_of(client));
        if (!removed) co_return removed.error();
        co_return result<void>();
    }

    task<result<bool>> change(net::reactor& here, user_id who, key_change what) override {
        auto& client = client_of(here);
        change_update update(name_of(client, who), std::move(what));
        co_return co_await carry_out(client, update, limit_of(client));
    }

    task<result<bool>> replace(net::reactor& here, user_id who, key_record record,
                               std::string old_key_id) override {
        auto& client = client_of(here);
        auto barrier = barrier_name(client, record.key_id, who);
        replacement_update update(name_of(client, who), std::move(record), std::move(old_key_id));
        update.barrier = std::move(barrier);
        co_return co_await carry_out(client, update, limit_of(client));
    }

    task<result<std::vector<owned_record>>> list_not_under(net::reactor& here, std::string newest_key_id,
                                                           std::optional<user_id> after,
                                                           std::size_t limit) override {
        auto& client = client_of(here);
        std::vector<owned_record> old;
        page_query query;
        query.collection = users_collection;
        query.limit = std::clamp<std::size_t>(limit, 1, most_documents);
        if (after) query.after = name_of(client, *after);
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

    task<result<void>> close_entry(net::reactor& here, std::string key_id) override {
        auto& client = client_of(here);
        const auto made =
            co_await client.commit(closing_writes(client, key_id, wall_now()), limit_of(client));
        co_return done(made);
    }

    task<result<bool>> is_closed(net::reactor& here, std::string key_id) override {
        auto& client = client_of(here);
        const auto document = co_await client.get(closing_name(client, key_id), limit_of(client));
        if (!document) co_return document.error();
        co_return document->has_value();
    }

    task<result<void>> announce(net::reactor& here, saver who) override {
        auto& client = client_of(here);
        const auto made = co_await client.patch(saver_write(client, who), limit_of(client));
        co_return done(made);
    }

    task<result<void>> withdraw(net::reactor& here, std::string saver_id) override {
        auto& client = client_of(here);
        const auto made = co_await client.patch(saver_removal(client, saver_id), limit_of(client));
        co_return done(made);
    }

    task<result<std::vector<saver>>> savers(net::reactor& here) override {
        auto& client = client_of(here);
        std::vector<saver> all;
        page_query query;
        query.collection = savers_collection;
        query.limit = most_documents;
        for (;;) {
            const auto page = co_await client.run_query(query, limit_of(client));
            if (!page) co_return page.error();
            for (const auto& document : *page) {
                auto who = read_saver(document);
                if (!who) co_return unreadable_document();
                all.push_back(std::move(*who));
            }
            if (page->size() < query.limit) co_return all;
            query.after = page->back().name;
        }
    }

    task<result<void>> probe(net::reactor& here) override {
        auto& client = client_of(here);
        // No user's: their hashes are longer.
        auto name = client.document_name(users_collection, "~probe");
        const auto answered = co_await client.get(std::move(name), limit_of(client));
        if (!answered) co_return answered.error();
        co_return result<void>();
    }

    /// What is waited for is connections', which the reactors end.
    void stop_waiting() noexcept override {}
    task<void> settle(net::reactor&) override { co_return; }

private:
    firestore_client& client_of(const net::reactor& here) const { return *clients_.at(here.index()); }
    static steady_time limit_of(const firestore_client& client) {
        return steady_now() + client.settings().operation;
    }
    static std::string name_of(const firestore_client& client, const user_id& who) {
        return client.document_name(users_collection, document_id(who));
    }

    static result<void> done(const result<commit_end>& made) {
        if (!made) return made.error();
        return {};
    }

    static void append_old(std::vector<owned_record>& old, const firestore_document& document,
                           const std::string& newest_key_id) {
        const auto who = owner_of(document);
        auto records = read_records(document);
        if (!who) return;
        if (!records) records.emplace().push_back(untrusted_record({}, document.created));
        for (auto& record : *records) {
            if (record.key_id != newest_key_id) old.push_back({*who, std::move(record)});
        }
    }

    std::vector<firestore_client*> clients_;
};

} // namespace

std::unique_ptr<vault::key_store> make_firestore_store(std::vector<firestore_client*> clients) {
    return std::make_unique<firestore_key_store>(std::move(clients));
}

} // namespace byot::google
