#include "vault/rewrap_pass.hpp"

#include <algorithm>

namespace byot::vault {
namespace {

/// Repeats a call of the store, which may be repeated whatever became of the one before: reads, and changes
/// that happen only while the record is as it was read.
template <class R, class Call>
task<result<R>> persist(net::reactor& here, const rewrap_settings& settings, const bool& is_stopped,
                        Call call) {
    auto pause = settings.pause;
    for (unsigned attempt = 1;; ++attempt) {
        auto answer = co_await call();
        if (answer || attempt >= settings.attempts || is_stopped) co_return answer;
        co_await here.sleep_until(steady_now() + pause);
        pause *= 2;
    }
}

} // namespace

task<bool> rewrap_pass::run(const rewrap::observer& on_page) {
    std::optional<user_id> after;
    while (!is_over()) {
        const auto page = co_await read_page(after);
        if (!page) co_return false;
        if (page->empty()) break;
        co_await move_page(*page);
        after = page->back().who;
        if (on_page) on_page(counts_);
    }
    co_return !has_failed_;
}

task<result<std::vector<owned_record>>> rewrap_pass::read_page(std::optional<user_id> after) {
    const auto call = [&] { return store_.list_not_under(here_, ring_->newest().id, after, settings_.page); };
    co_return co_await persist<std::vector<owned_record>>(here_, settings_, is_stopped_, call);
}

task<result<bool>> rewrap_pass::replace(const owned_record& one, key_record fresh) {
    const auto call = [&] { return store_.replace(here_, one.who, fresh, one.record.key_id); };
    co_return co_await persist<bool>(here_, settings_, is_stopped_, call);
}

task<void> rewrap_pass::move_page(const std::vector<owned_record>& page) {
    next_ = 0;
    at_work_ = std::min(settings_.in_flight, page.size());
    for (auto i = at_work_; i > 0; --i) spawn(work_through(page));
    while (at_work_ > 0) co_await all_done_.wait();
}

task<void> rewrap_pass::work_through(const std::vector<owned_record>& page) {
    while (!is_over() && next_ < page.size()) co_await move(page[next_++]);
    if (--at_work_ == 0) all_done_.notify();
}

task<void> rewrap_pass::move(const owned_record& one) {
    auto fresh = reseal(*ring_, one.who, one.record, wall_now());
    if (!fresh) {
        ++counts_.undecryptable;
        co_return;
    }
    const auto replaced = co_await replace(one, std::move(*fresh));
    if (!replaced) {
        has_failed_ = true;
    } else if (*replaced) {
        ++counts_.moved;
    } else {
        ++counts_.changed_meanwhile;
    }
}

} // namespace byot::vault
