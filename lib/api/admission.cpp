#include "api/admission.hpp"

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

task<limits::verdict> admission::take_user(std::string uid) {
    auto& owner = owner_of(uid);
    const auto take = [&] { return owner.users_.take(uid, steady_now()); };
    if (&owner == this) co_return take();
    const auto ask = [&take] { return answer_at_once<limits::verdict>(take); };
    co_return co_await net::run_on<limits::verdict>(owner.home_, home_, ask);
}

task<bool> admission::begin_stream(std::string uid) {
    auto& owner = owner_of(uid);
    const auto begin = [&] { return owner.streams_.begin(uid); };
    if (&owner == this) co_return begin();
    const auto ask = [&begin] { return answer_at_once<bool>(begin); };
    co_return co_await net::run_on<bool>(owner.home_, home_, ask);
}

void admission::end_stream(std::string uid) {
    auto& owner = owner_of(uid);
    if (&owner == this) {
        streams_.end(uid);
        return;
    }
    owner.home_.post([&owner, name = std::move(uid)] { owner.streams_.end(name); });
}

} // namespace byot::api
