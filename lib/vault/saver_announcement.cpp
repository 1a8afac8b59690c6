#include "vault/saver_announcement.hpp"

#include "core/encoding.hpp"

#include <new>

namespace byot::vault {
namespace {

/// How soon another entry, or the end, is noticed.
constexpr std::chrono::seconds look_interval{1};
/// Until what could not be told is tried again.
constexpr std::chrono::seconds pause_after_failure{10};

} // namespace

saver_announcement::saver_announcement(net::reactor& home, key_store& store, const live_keyring& ring)
    : home_(home), store_(store), ring_(ring), id_("instance_" + random_alphanumeric(16)) {}

void saver_announcement::keep_fresh() {
    spawn(tell_again_and_again());
}

task<void> saver_announcement::tell_again_and_again() {
    while (!is_stopped_) {
        if (ring_.current()->newest().id != told_ || steady_now() >= due_) {
            is_telling_ = true;
            try {
                co_await tell();
            } catch (const std::bad_alloc&) { // the next look tells it
            }
            is_telling_ = false;
            told_all_.notify();
        }
        if (is_stopped_) break;
        co_await home_.sleep_until(steady_now() + look_interval);
    }
}

task<void> saver_announcement::tell() {
    saver who;
    who.id = id_;
    who.key_id = ring_.current()->newest().id;
    who.until = wall_now() + validity;
    auto telling = who.key_id;
    const auto told = co_await store_.announce(home_, std::move(who));
    if (told) told_ = std::move(telling);
    due_ = steady_now() + (told ? steady_time::duration(interval) : pause_after_failure);
}

task<void> saver_announcement::stop() {
    is_stopped_ = true;
    while (is_telling_) co_await told_all_.wait();
    if (told_.empty()) co_return;
    // What cannot be taken back is over in time.
    const auto withdrawn = co_await store_.withdraw(home_, id_);
    static_cast<void>(withdrawn);
}

} // namespace byot::vault
