#include "api/request_rules.hpp"

#include "http/request_head.hpp"
#include "limits/address_account.hpp"

namespace byot::api {

using http::field;

std::string_view name_of(limits::forwarding_fault fault) noexcept {
    switch (fault) {
    case limits::forwarding_fault::none:
        return {};
    case limits::forwarding_fault::too_few:
        return "too_few";
    case limits::forwarding_fault::no_address:
        return "no_address";
    }
    return {};
}

limits::client client_of(const http::request_head& head, std::string_view peer, unsigned trusted_hops) {
    constexpr auto list = field::x_forwarded_for;
    if (!head.is_repeated(list)) return limits::client_address(peer, head.value(list), trusted_hops);
    return limits::client_address(peer, http::joined_lines(head, list), trusted_hops);
}

std::string account_of_client(const http::request_head& head, std::string_view address,
                              unsigned trusted_hops) {
    const auto entries = limits::entry_count(http::joined_lines(head, field::x_forwarded_for));
    return limits::to_text({std::string(address), entries, trusted_hops});
}

result<void> check_content_coding(const http::request_head& head, const http::checked_head& checked,
                                  const route& row) {
    const bool has_content = row.takes != body_limit::none || !checked.body.is_finished();
    if (!has_content || row.method == "GET" || !head.has(field::content_encoding)) return {};
    const auto codings = http::count_elements(head, field::content_encoding, "identity");
    if (codings.equal == codings.all) return {};
    return failure(reason::media_type_unsupported,
                   "Send the body as it is: no content coding is taken, so leave Content-Encoding out.")
        .with("acceptEncoding", "identity");
}

} // namespace byot::api
