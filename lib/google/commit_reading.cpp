#include "google/document_reading.hpp"

#include <boost/json/array.hpp>

namespace byot::google {
namespace {

namespace json = boost::json;

std::optional<std::string> read_update_time(const json::value& result) {
    if (!result.is_object()) return std::nullopt;
    if (!result.get_object().contains("updateTime")) return std::string();
    const auto updated = time_member(result.get_object(), "updateTime");
    return updated ? std::optional<std::string>(*updated) : std::nullopt;
}

std::optional<std::vector<std::string>> read_results(const json::value& results) {
    if (!results.is_array()) return std::nullopt;
    std::vector<std::string> times;
    for (const auto& result : results.get_array()) {
        auto updated = read_update_time(result);
        if (!updated) return std::nullopt;
        times.push_back(std::move(*updated));
    }
    return times;
}

} // namespace

// The time of the commit is what tells the answer from the empty object that other methods answer with; the
// emulator leaves it out where nothing was to be written.
std::optional<std::vector<std::string>> parse_commit(std::string_view json) {
    const auto answer = parse_answer(json);
    if (!answer || !answer->is_object()) return std::nullopt;
    const auto& commit = answer->get_object();
    if (commit.contains("error") || !time_member(commit, "commitTime")) return std::nullopt;
    const auto* const results = commit.if_contains("writeResults");
    return results ? read_results(*results) : std::vector<std::string>();
}

} // namespace byot::google
