#include "net/connect_operation.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace byot::net;
using boost::asio::ip::tcp;
using namespace std::chrono_literals;

namespace {

/// "6a 4b" are fe80::a and 10.0.0.11.
std::vector<tcp::endpoint> addresses(const std::string& words) {
    std::vector<tcp::endpoint> all;
    for (std::size_t at = 0; at < words.size(); at += 3) {
        const std::string digit(1, words[at + 1]);
        const auto number = std::stoi(digit, nullptr, 16);
        const auto text = words[at] == '6' ? "fe80::" + digit : "10.0.0." + std::to_string(number);
        all.emplace_back(boost::asio::ip::make_address(text), 80);
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(attempt_orders)

BOOST_AUTO_TEST_CASE(families_take_turns_beginning_with_the_first_address) {
    const std::pair<const char*, const char*> rows[] = {
        {"", ""},
        {"4a", "4a"},
        {"6a 4a", "6a 4a"}, // localhost in /etc/hosts
        {"4a 6a", "4a 6a"},
        {"6a 6b 4a 4b", "6a 4a 6b 4b"},
        {"4a 4b 6a 6b", "4a 6a 4b 6b"},
        {"6a 6b 6c 4a", "6a 4a 6b 6c"},
        {"4a 6a 6b 6c", "4a 6a 6b 6c"},
        {"6a 4a 4b 4c 6b", "6a 4a 6b 4b 4c"},
        {"4a 4b 4c", "4a 4b 4c"},
        {"6a 6b", "6a 6b"},
        {"4a 4a", "4a"}, // twice in /etc/hosts
        {"6a 4a 6a 4a 4b 6a", "6a 4a 4b"},
    };
    for (const auto& [given, expected] : rows) {
        BOOST_TEST_CONTEXT(given) {
            BOOST_TEST((in_attempt_order(addresses(given)) == addresses(expected)));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_delay_is_250_ms_unless_an_address_would_be_left_out) {
    const struct {
        std::chrono::milliseconds left;
        std::size_t addresses;
        std::chrono::milliseconds expected;
    } rows[] = {
        {3000ms, 1, 250ms}, {3000ms, 2, 250ms}, {3000ms, 12, 250ms}, {3000ms, 30, 100ms}, {400ms, 2, 200ms},
        {400ms, 1, 250ms},  {100ms, 50, 10ms},  {0ms, 2, 10ms},      {-5ms, 2, 10ms},     {3000ms, 0, 250ms},
    };
    for (const auto& row : rows) {
        BOOST_TEST_CONTEXT(row.left.count() << " ms for " << row.addresses) {
            BOOST_TEST((attempt_delay(row.left, row.addresses) == row.expected));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
