#include "net/attempt_order.hpp"

#include <algorithm>

namespace byot::net {
namespace {

using boost::asio::ip::tcp;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds usual_delay{250};
constexpr std::chrono::milliseconds least_delay{10};

void drop_repeated(std::vector<tcp::endpoint>& addresses) {
    auto end = addresses.begin();
    for (auto& one : addresses) {
        if (std::find(addresses.begin(), end, one) == end) *end++ = one;
    }
    addresses.erase(end, addresses.end());
}

} // namespace

std::vector<tcp::endpoint> in_attempt_order(std::vector<tcp::endpoint> addresses) {
    drop_repeated(addresses);
    std::vector<tcp::endpoint> order;
    order.reserve(addresses.size());
    bool is_first_family = true;
    while (!addresses.empty()) {
        const auto is_next = [&, family = order.empty() ? addresses.front().protocol()
                                                        : order.front().protocol()](const auto& one) {
            return (one.protocol() == family) == is_first_family;
        };
        const auto found = std::find_if(addresses.begin(), addresses.end(), is_next);
        const auto next = found == addresses.end() ? addresses.begin() : found; // the other family is used up
        order.push_back(*next);
        addresses.erase(next);
        is_first_family = !is_first_family;
    }
    return order;
}

steady_time::duration attempt_delay(steady_time::duration time_left, std::size_t addresses) noexcept {
    const auto share = time_left / static_cast<std::int64_t>(std::max<std::size_t>(addresses, 1));
    return std::clamp<steady_time::duration>(share, least_delay, usual_delay);
}

} // namespace byot::net
