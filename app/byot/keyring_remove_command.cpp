#include "commands.hpp"

#include "core/clock.hpp"
#include "keyring_commands.hpp"
#include "store_session.hpp"
#include "vault/entry_removal.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <cstdio>
#include <optional>

namespace byot::app {
namespace {

using vault::entry_use;

std::vector<std::string> complaints_about(const entry_use& use) {
    std::vector<std::string> all;
    if (use.records > 0) {
        all.push_back(
            fmt::format("{} stored keys are under this entry, and nothing else opens them: run byot "
                        "rewrap, then this again",
                        use.records));
    }
    for (const auto& one : use.savers) {
        all.push_back(
            fmt::format("{} saves new keys under this entry: give it the new keyring file; if it has "
                        "ended without a word, this holds until {}",
                        one.id, format_rfc3339(one.until)));
    }
    return all;
}

gate_answer answer_of(const result<entry_use>& use) {
    gate_answer answer;
    if (use) {
        answer.complaints = complaints_about(*use);
        answer.is_closed = use->is_closed;
    } else {
        answer.complaints.push_back(
            fmt::format("{} The entry stays in the file: run this again.", use.error().message()));
    }
    return answer;
}

gate_answer ask_store(const config::configuration& values, const std::string& id, bool may_close) {
    store_session session(values);
    std::optional<result<entry_use>> use;
    session.run([&]() -> task<void> {
        auto& store = session.store();
        auto looking = may_close ? vault::close_unused(session.home(), store, id, wall_now())
                                 : vault::look_at_use(session.home(), store, id, wall_now());
        auto seen = co_await looking;
        use.emplace(std::move(seen));
    });
    auto answer = answer_of(*use);
    if (!may_close && use->has_value()) answer.complaints.clear(); // it is not in the file any more
    return answer;
}

} // namespace

int remove_keyring_entry(const std::string& file, const std::string& id) {
    auto [values, problems] = read_store_configuration(file);
    if (problems.empty()) problems = check_credentials(values);
    for (const auto& problem : problems) fmt::print(stderr, "{}: {}\n", problem.variable, problem.message);
    if (!problems.empty()) return EX_CONFIG;
    return keyring_remove(file, id, [&use = values](const std::string& which, bool may_close) {
        return ask_store(use, which, may_close);
    });
}

} // namespace byot::app
