#include "net/name_lookup.hpp"

#include "core/blocked_signals.hpp"
#include "net/mailbox.hpp"
#include "net/reactor.hpp"
#include "net/sleep.hpp"

#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <new>
#include <system_error>
#include <utility>

namespace byot::net {

using outcome = found_names::outcome;

namespace {

using boost::asio::ip::tcp;

struct list_freeing {
    void operator()(addrinfo* list) const noexcept { ::freeaddrinfo(list); }
};

outcome outcome_of(int error) noexcept {
    // The resolver may hide it behind EAI_AGAIN: it could not ask, and nobody told it so.
    const bool is_out_of_descriptors = errno == EMFILE || errno == ENFILE;
    return error == EAI_MEMORY || is_out_of_descriptors ? outcome::no_means : outcome::unknown;
}

std::vector<tcp::endpoint> endpoints_of(const addrinfo* list) {
    std::vector<tcp::endpoint> all;
    for (; list; list = list->ai_next) {
        tcp::endpoint one;
        if (list->ai_addrlen > one.capacity()) continue;
        std::memcpy(one.data(), list->ai_addr, list->ai_addrlen);
        one.resize(list->ai_addrlen);
        all.push_back(one);
    }
    return all;
}

found_names resolve(const std::string& host) noexcept {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    errno = 0;
    const auto error = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
    if (error != 0) return {outcome_of(error), {}};
    const std::unique_ptr<addrinfo, list_freeing> held(list);
    try {
        return {outcome::found, endpoints_of(list)};
    } catch (const std::bad_alloc&) {
        return {outcome::no_means, {}};
    }
}

/// Where a search that is done finds its reactor, as long as there is one.
struct way_home {
    std::mutex guard;
    reactor* home; ///< null once nobody waits for anything any more
};

/// Somebody who waits for a search, in the frame of a coroutine.
struct name_waiter : ring_link<name_waiter> {
    explicit name_waiter(steady_time limit_) noexcept : limit(limit_) {}

    const steady_time limit;
    found_names answer;
    async_event done;
};

/// Begun on its reactor, carried out on a thread, and brought back by message. Holds itself until then.
class name_search final : public message, public std::enable_shared_from_this<name_search> {
public:
    name_search(std::string host, steady_time began) : host_(std::move(host)), began_(began) {}

    /// Starts the thread. Throws std::system_error when there cannot be one, and std::bad_alloc.
    void begin(std::shared_ptr<way_home> way);

    const std::string& host() const noexcept { return host_; }
    steady_time began() const noexcept { return began_; }
    bool is_done() const noexcept { return is_done_; }
    void add(name_waiter& one) noexcept { one.join(waiting_); }
    /// Tells those whose limit has passed that it is late.
    void end_waiting(steady_time now) noexcept;

private:
    void carry_out(way_home& way) noexcept;
    void arrive() noexcept override;
    void discard() noexcept override { self_.reset(); }

    const std::string host_;
    const steady_time began_;
    found_names answer_; ///< the thread's until it is posted
    bool is_done_ = false;
    ring_link<name_waiter> waiting_; ///< the reactor's
    std::shared_ptr<name_search> self_;
};

void name_search::begin(std::shared_ptr<way_home> way) {
    const auto self = shared_from_this();
    thread_without_signals([self, way = std::move(way)] { self->carry_out(*way); }).detach();
}

void name_search::carry_out(way_home& way) noexcept {
    answer_ = resolve(host_);
    const std::lock_guard held(way.guard);
    if (!way.home) return;
    self_ = shared_from_this();
    way.home->post(*this);
}

// From the beginning after each: who is told may end others.
void name_search::end_waiting(steady_time now) noexcept {
    const auto self = shared_from_this();
    for (auto* link = waiting_.next; link != &waiting_;) {
        auto& one = link->self();
        link = link->next;
        if (one.limit > now) continue;
        one.leave();
        one.done.notify();
        link = waiting_.next;
    }
}

void name_search::arrive() noexcept {
    const auto self = std::move(self_);
    is_done_ = true;
    while (!waiting_.is_alone()) {
        auto& next = waiting_.next->self();
        next.leave();
        next.answer.what = answer_.what;
        try {
            next.answer.endpoints = answer_.endpoints;
        } catch (const std::bad_alloc&) {
            next.answer.what = outcome::no_means;
        }
        next.done.notify();
    }
}

} // namespace

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
