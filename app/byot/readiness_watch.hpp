#pragma once

#include "api/application.hpp"
#include "core/async_event.hpp"

#include <functional>
#include <vector>

namespace byot::app {

/// What GET /health/ready answers on one reactor. Anybody may ask it as often as they like, and looking costs
/// a read of the store and a connection upstream: so one look serves all who ask within `memory`.
class readiness_watch {
public:
    static constexpr std::chrono::seconds memory{1};

    explicit readiness_watch(std::function<task<api::readiness>()> look) : look_(std::move(look)) {}

    task<api::readiness> ask();

private:
    std::function<task<api::readiness>()> look_;
    api::readiness seen_;
    steady_time good_until_;
    bool is_looking_ = false;
    std::vector<async_event*> waiting_;
};

} // namespace byot::app
