#include "vault/user_loads.hpp"

#include <new>

namespace byot::vault {
namespace {

// A place among those who wait, given up when the waiting coroutine goes, notified or not.
class waiting_place {
public:
    explicit waiting_place(std::list<async_event*>& queue) : queue_(queue) { queue_.push_back(&called_); }
    waiting_place(const waiting_place&) = delete;
    waiting_place& operator=(const waiting_place&) = delete;
    ~waiting_place() { queue_.remove(&called_); }

    auto wait() noexcept { return called_.wait(); }

private:
    std::list<async_event*>& queue_;
    async_event called_;
};

} // namespace

user_loads::user_loads(net::reactor& here, key_store& store, bool shares)
    : here_(here), store_(store), shares_(shares) {}

task<std::shared_ptr<const user_load>> user_loads::load(user_id who, std::uint64_t epoch) {
    const auto one = join_or_begin(who, epoch);
    if (!one->answer) {
        waiting_place place(one->waiting);
        co_await place.wait();
    }
    co_return one;
}

std::shared_ptr<user_load> user_loads::join_or_begin(const user_id& who, std::uint64_t epoch) {
    if (shares_) {
        const auto found = under_way_.find(who);
        if (found != under_way_.end() && found->second->epoch == epoch) return found->second;
    }
    auto one = std::make_shared<user_load>();
    one->epoch = epoch;
    one->began_at = steady_now();
    under_way_.insert_or_assign(who, one);
    try {
        spawn(carry_out(who, one));
    } catch (const std::bad_alloc&) { // it never began: nobody else may wait for it
        under_way_.erase(who);
        throw;
    }
    return one;
}

// Detached, so that a reader who goes away takes nothing from the others.
task<void> user_loads::carry_out(user_id who, std::shared_ptr<user_load> one) {
    try {
        auto answer = co_await store_.load(here_, who);
        one->answer.emplace(std::move(answer));
    } catch (const std::bad_alloc&) {
        one->answer.emplace(failure(reason::overloaded));
    }
    const auto found = under_way_.find(who);
    if (found != under_way_.end() && found->second == one) under_way_.erase(found);
    while (!one->waiting.empty()) {
        auto* const next = one->waiting.front();
        one->waiting.pop_front();
        next->notify();
    }
}

} // namespace byot::vault
