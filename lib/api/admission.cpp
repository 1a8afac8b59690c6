#include "api/admission.hpp"

#include "core/frame_memory.hpp"
#include "net/mailbox.hpp"

#include <functional>

namespace byot::api {
namespace {

/// Asks the owner, on its reactor.
template <class Answer, class Question>
task<Answer> answer_at_once(Question question) {
    co_return question();
}

} // namespace

admission::admission(net::reactor& home, admission_settings settings)
    : home_(home), settings_(settings), all_{this}, users_(settings.per_user, capacity),
      addresses_(settings.per_address, capacity), streams_(settings.streams_per_user) {}

admission& admission::owner_of(std::string_view name) noexcept {
    return *all_[std::hash<std::string_view>{}(name) % all_.size()];
}

task<limits::verdict> admission::take_address(std::string name) {
    auto& owner = owner_of(name);
    const auto take = [&] { return owner.addresses_.take(name, steady_now()); };
    if (&owner == this) co_return take();
    const auto ask = [&take] { return answer_at_once<limits::verdict>(take); };
    co_return co_await net::run_on<limits::verdict>(owner.home_, home_, ask);
}

task<limits::verdict> admission::take_user(user_id who) {
    auto& owner = owner_of(who.canonical());
    const auto take = [&] { return owner.users_.take(who.canonical(), steady_now()); };
    if (&owner == this) co_return take();
    const auto ask = [&take] { return answer_at_once<limits::verdict>(take); };
    co_return co_await net::run_on<limits::verdict>(owner.home_, home_, ask);
}

/// Gets its memory from the frames' shelves, so that a warm request allocates none.
struct counted_stream::ending final : net::message, frame_memory {
    ending(admission& owner_, bool is_here_, user_id who_)
        : owner(owner_), is_here(is_here_), who(std::move(who_)) {}
    void arrive() noexcept override {
        owner.streams_.end(who.canonical());
        delete this;
    }
    void discard() noexcept override { delete this; }

    admission& owner;
    const bool is_here;
    const user_id who;
};

void counted_stream::ending_deleter::operator()(ending* one) const noexcept {
    delete one;
}

counted_stream::~counted_stream() {
    if (!is_counted_ || !ending_) return;
    auto* const one = ending_.release();
    if (one->is_here) {
        one->arrive();
    } else {
        one->owner.home_.post(*one);
    }
}

task<counted_stream> admission::begin_stream(user_id who) {
    auto& owner = owner_of(who.canonical());
    counted_stream counted;
    counted.ending_.reset(new counted_stream::ending(owner, &owner == this, std::move(who)));
    const auto begin = [&] { return owner.streams_.begin(counted.ending_->who.canonical()); };
    if (&owner == this) {
        counted.is_counted_ = begin();
    } else {
        const auto ask = [&begin] { return answer_at_once<bool>(begin); };
        counted.is_counted_ = co_await net::run_on<bool>(owner.home_, home_, ask);
    }
    co_return counted;
}

} // namespace byot::api
