#include "google/firestore_key_store.hpp"

#include "google/document_id.hpp"
#include "google/entry_documents.hpp"
#include "google/key_document.hpp"
#include "google/key_updates.hpp"
#include "google/record_fields.hpp"

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
        if (!records) co_return unreadable_document();
        co_return std::move(*records);
    }

    task<result<bool>> save(net::reactor& here, user_id who, key_record record) override {
        auto& client = client_of(here);
        auto name = name_of(client, who);
        auto barrier = barrier_name(client, record.key_id, who);
        auto update = save_update(std::move(name), std::move(who), std::move(record));
        update.barrier = std::move(barrier);
        co_return co_await carry_out(client, std::move(update), limit_of(client));
    }

    task<result<bool>> remove(net::reactor& here, user_id who, std::string provider) override {
        auto& client = client_of(here);
        auto update = removal_update(name_of(client, who), std::move(provider));
        co_return co_await carry_out(client, std::move(update), limit_of(client));
    }

    task<result<bool>> change(net::reactor& here, user_id who, key_change what) override {
        auto& client = client_of(here);
        auto update = change_update(name_of(client, who), std::move(what));
        co_return co_await carry_out(client, std::move(update), limit_of(client));
    }

    task<result<bool>> replace(net::reactor& here, user_id who, key_record record,
                               std::string old_key_id) override {
        auto& client = client_of(here);
        auto barrier = barrier_name(client, record.key_id, who);
        auto update = replacement_update(name_of(client, who), std::move(record), std::move(old_key_id));
        update.barrier = std::move(barrier);
        co_return co_await carry_out(client, std::move(update), limit_of(client));
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
