#include "net/name_lookup.hpp"

#include "net/name_search.hpp"
#include "net/reactor.hpp"

#include <algorithm>
#include <system_error>

namespace byot::net {

using outcome = found_names::outcome;

struct name_lookup::state final : swept, std::enable_shared_from_this<name_lookup::state> {
    std::shared_ptr<way_home> way = std::make_shared<way_home>();
    std::vector<std::shared_ptr<name_search>> under_way; ///< the youngest last

    void at_sweep() noexcept override {
        const auto self = shared_from_this();
        drop_done();
        const auto now = way->home->is_outgoing_ended() ? steady_time::max() : steady_now();
        // By number: who is told may ask for the next name.
        for (std::size_t i = 0; i < under_way.size(); ++i) under_way[i]->end_waiting(now);
    }

    void drop_done() noexcept {
        std::erase_if(under_way, [](const auto& one) { return one->is_done(); });
    }

    /// A search to wait for, or null when there cannot be one.
    std::shared_ptr<name_search> join_or_begin(const std::string& host, steady_time now) {
        drop_done();
        const auto is_same = [&host](const auto& one) { return one->host() == host; };
        const auto same = std::ranges::count_if(under_way, is_same);
        const auto youngest = std::find_if(under_way.rbegin(), under_way.rend(), is_same);
        const bool may_begin =
            under_way.size() < most_threads && same < static_cast<std::ptrdiff_t>(most_of_a_name);
        if (same > 0 && (!may_begin || now - (*youngest)->began() < patience)) return *youngest;
        return may_begin ? begin(host, now) : nullptr;
    }

    std::shared_ptr<name_search> begin(const std::string& host, steady_time now) {
        auto one = std::make_shared<name_search>(host, now);
        under_way.reserve(most_threads); // before there is a thread, and so that they never move
        try {
            one->begin(way);
        } catch (const std::system_error&) {
            return nullptr;
        }
        under_way.push_back(one);
        return one;
    }
};

name_lookup::name_lookup(reactor& home) : state_(std::make_shared<state>()) {
    state_->way->home = &home;
    home.join_sweep(*state_);
}

name_lookup::~name_lookup() {
    const std::lock_guard held(state_->way->guard);
    state_->way->home = nullptr;
    state_->leave();
}

task<found_names> name_lookup::look_up(std::string host, steady_time limit) {
    const auto now = steady_now();
    if (limit <= now || state_->way->home->is_outgoing_ended()) co_return found_names();
    const auto search = state_->join_or_begin(host, now);
    if (!search) co_return found_names{outcome::no_means, {}};
    name_waiter waiter(limit);
    search->add(waiter);
    co_await waiter.done.wait();
    co_return std::move(waiter.answer);
}

} // namespace byot::net
