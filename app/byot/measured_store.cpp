#include "measured_store.hpp"

#include <new>
#include <utility>

namespace byot::app {

template <class Answer>
task<result<Answer>> measured_store::measure(std::string_view operation, task<result<Answer>> call) {
    const auto begun = std::chrono::steady_clock::now();
    auto answer = co_await std::move(call);
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
    const auto why = answer ? std::string_view() : describe(answer.error().why()).name;
    try {
        metrics_.observe(telemetry::metric::store_duration, {system_, operation, why}, took);
    } catch (const std::bad_alloc&) { // what was done is not undone for want of its measure
    }
    co_return answer;
}

task<result<std::vector<vault::key_record>>> measured_store::load(net::reactor& here, user_id who) {
    return measure("load", of_.load(here, std::move(who)));
}

task<result<bool>> measured_store::save(net::reactor& here, user_id who, vault::key_record record) {
    return measure("save", of_.save(here, std::move(who), std::move(record)));
}

task<result<bool>> measured_store::remove(net::reactor& here, user_id who, std::string provider) {
    return measure("remove", of_.remove(here, std::move(who), std::move(provider)));
}

task<result<void>> measured_store::remove_user(net::reactor& here, user_id who, wall_time at) {
    return measure("remove_user", of_.remove_user(here, std::move(who), at));
}

task<result<bool>> measured_store::change(net::reactor& here, user_id who, vault::key_change what) {
    return measure("change", of_.change(here, std::move(who), std::move(what)));
}

task<result<bool>> measured_store::replace(net::reactor& here, user_id who, vault::key_record record,
                                           std::string old_key_id) {
    return measure("replace", of_.replace(here, std::move(who), std::move(record), std::move(old_key_id)));
}

task<result<std::vector<vault::owned_record>>> measured_store::list_not_under(net::reactor& here,
                                                                              std::string newest_key_id,
                                                                              std::optional<user_id> after,
                                                                              std::size_t limit) {
    return measure("list_not_under",
                   of_.list_not_under(here, std::move(newest_key_id), std::move(after), limit));
}

task<result<void>> measured_store::close_entry(net::reactor& here, std::string key_id) {
    return measure("close_entry", of_.close_entry(here, std::move(key_id)));
}

task<result<bool>> measured_store::is_closed(net::reactor& here, std::string key_id) {
    return measure("is_closed", of_.is_closed(here, std::move(key_id)));
}

task<result<void>> measured_store::announce(net::reactor& here, vault::saver who) {
    return measure("announce", of_.announce(here, std::move(who)));
}

task<result<void>> measured_store::withdraw(net::reactor& here, std::string saver_id) {
    return measure("withdraw", of_.withdraw(here, std::move(saver_id)));
}

task<result<std::vector<vault::saver>>> measured_store::savers(net::reactor& here) {
    return measure("savers", of_.savers(here));
}

task<result<void>> measured_store::probe(net::reactor& here) {
    return measure("probe", of_.probe(here));
}

} // namespace byot::app
