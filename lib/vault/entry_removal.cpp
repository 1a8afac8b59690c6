#include "vault/entry_removal.hpp"

namespace byot::vault {
namespace {

constexpr std::size_t page_size = 512;
/// No entry has this id: with it `list_not_under` lists all records.
constexpr const char* any_entry = "-";
/// What instances told that have long ended, without the time to take it back.
constexpr std::chrono::hours forgotten_after{24};

task<result<std::uint64_t>> count_under(net::reactor& here, key_store& store, const std::string& key_id) {
    std::uint64_t count = 0;
    std::optional<user_id> after;
    for (;;) {
        const auto page = co_await store.list_not_under(here, any_entry, after, page_size);
        if (!page) co_return page.error();
        if (page->empty()) co_return count;
        for (const auto& one : *page) {
            if (one.record.key_id == key_id) ++count;
        }
        after = page->back().who;
    }
}

} // namespace

task<result<entry_use>> look_at_use(net::reactor& here, key_store& store, std::string key_id, wall_time now) {
    entry_use seen;
    const auto closed = co_await store.is_closed(here, key_id);
    if (!closed) co_return closed.error();
    seen.is_closed = *closed;
    const auto savers = co_await store.savers(here);
    if (!savers) co_return savers.error();
    for (const auto& one : *savers) {
        if (one.key_id == key_id && one.until > now) seen.savers.push_back(one);
        if (one.until + forgotten_after > now) continue;
        const auto withdrawn = co_await store.withdraw(here, one.id);
        if (!withdrawn) co_return withdrawn.error();
    }
    const auto records = co_await count_under(here, store, key_id);
    if (!records) co_return records.error();
    seen.records = *records;
    co_return seen;
}

task<result<entry_use>> close_unused(net::reactor& here, key_store& store, std::string key_id,
                                     wall_time now) {
    auto before = co_await look_at_use(here, store, key_id, now);
    if (!before || !before->is_none()) co_return before;
    const auto closed = co_await store.close_entry(here, key_id);
    if (!closed) co_return closed.error();
    co_return co_await look_at_use(here, store, std::move(key_id), now);
}

} // namespace byot::vault
