#pragma once

#include "telemetry/metrics.hpp"
#include "vault/key_store.hpp"

namespace byot::app {

/// The store as one reactor uses it, with each call's time in that reactor's metrics. `of`, `metrics` and
/// `system`, which is what OpenTelemetry calls the database, outlive it.
class measured_store final : public vault::key_store {
public:
    measured_store(vault::key_store& of, telemetry::metric_values& metrics, std::string_view system) noexcept
        : of_(of), metrics_(metrics), system_(system) {}

    task<result<std::vector<vault::key_record>>> load(net::reactor& here, user_id who) override;
    task<result<bool>> save(net::reactor& here, user_id who, vault::key_record record) override;
    task<result<bool>> remove(net::reactor& here, user_id who, std::string provider) override;
    task<result<void>> remove_user(net::reactor& here, user_id who, wall_time at) override;
    task<result<bool>> change(net::reactor& here, user_id who, vault::key_change what) override;
    task<result<bool>> replace(net::reactor& here, user_id who, vault::key_record record,
                               std::string old_key_id) override;
    task<result<std::vector<vault::owned_record>>> list_not_under(net::reactor& here,
                                                                  std::string newest_key_id,
                                                                  std::optional<user_id> after,
                                                                  std::size_t limit) override;
    task<result<void>> close_entry(net::reactor& here, std::string key_id) override;
    task<result<bool>> is_closed(net::reactor& here, std::string key_id) override;
    task<result<void>> announce(net::reactor& here, vault::saver who) override;
    task<result<void>> withdraw(net::reactor& here, std::string saver_id) override;
    task<result<std::vector<vault::saver>>> savers(net::reactor& here) override;
    task<result<void>> probe(net::reactor& here) override;
    void stop_waiting() noexcept override { of_.stop_waiting(); }
    task<void> settle(net::reactor& here) override { return of_.settle(here); }

private:
    /// `operation` is a constant.
    template <class Answer>
    task<result<Answer>> measure(std::string_view operation, task<result<Answer>> call);

    vault::key_store& of_;
    telemetry::metric_values& metrics_;
    std::string_view system_;
};

} // namespace byot::app
