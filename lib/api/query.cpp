#include "api/query.hpp"

#include <boost/url/params_encoded_view.hpp>
#include <boost/url/parse_query.hpp>

namespace byot::api {

result<std::optional<std::string>> query_parameter(std::string_view query, std::string_view name) {
    if (query.empty()) return std::optional<std::string>(); // Boost.URL 1.81 reads past an empty view without data
    const auto parsed = boost::urls::parse_query(boost::core::string_view(query.data(), query.size()));
    if (parsed.has_error()) return failure(reason::field_invalid, "The query is malformed.");
    std::optional<std::string> found;
    for (const auto& parameter : *parsed) {
        if (parameter.key.decode() != name) continue;
        if (found)
            return failure(reason::field_invalid, "This parameter is there twice.")
                .with("field", std::string(name));
        found = parameter.value.decode();
    }
    return found;
}

} // namespace byot::api
