#include "smoke_stream.hpp"

#include <utility>

namespace byot::app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t fewest = 3;
constexpr auto quickest = 500ms;
/// Of the time until the last event: what is let go at once comes within less.
constexpr int part_of_lump = 50;

std::chrono::milliseconds between(steady_time from, steady_time to) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(to - from);
}

} // namespace

void stream_arrivals::note(std::string_view so_far, steady_time now) {
    using kind = relay::event_token::kind;
    reader_.feed(so_far.substr(seen_));
    seen_ = so_far.size();
    for (auto token = reader_.next(); token.what != kind::need_more; token = reader_.next()) {
        const bool tells =
            token.field == relay::event_field::data || token.field == relay::event_field::error;
        if (token.what == kind::value && tells) data_.append(token.value);
        if (token.what != kind::event_end) continue;
        came_.push_back(now);
        last_data_ = std::exchange(data_, {});
    }
}

std::chrono::milliseconds stream_arrivals::until_first() const noexcept {
    return came_.empty() ? 0ms : between(asked_, came_.front());
}

std::chrono::milliseconds stream_arrivals::until_last() const noexcept {
    return came_.empty() ? 0ms : between(asked_, came_.back());
}

stream_pace stream_arrivals::pace() const noexcept {
    if (came_.size() < fewest || until_last() < quickest) return stream_pace::cannot_tell;
    const auto apart = until_last() - until_first();
    return apart * part_of_lump < until_last() ? stream_pace::in_one_lump : stream_pace::apart;
}

} // namespace byot::app
