#include "api/openapi_tags.hpp"

#include "api/openapi_operation.hpp"

#include <boost/json/object.hpp>

#include <array>
#include <set>

namespace byot::api::openapi {
namespace {

struct tag {
    std::string_view name;
    std::string_view meaning;
};
constexpr std::array tags{
    tag{"Keys", "The caller's own keys: store, look at, remove."},
    tag{"Flows", "Ask the application's Genkit flows, with the caller's key."},
    tag{"Service", "How the service is, and this document."},
    tag{"Pages", "For people."},
    tag{"Development", "Only in `byot dev`."},
};

} // namespace

boost::json::array make_tags(served by) {
    std::set<std::string_view> used;
    for (const auto& row : route_table) {
        if (is_served(row, by)) used.insert(description_of(row).tag);
    }
    boost::json::array made;
    for (const auto& each : tags) {
        if (!used.contains(each.name)) continue;
        boost::json::object line{{"name", each.name}, {"description", each.meaning}};
        made.push_back(std::move(line));
    }
    return made;
}

} // namespace byot::api::openapi
