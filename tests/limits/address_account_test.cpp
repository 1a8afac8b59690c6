#include "limits/client_address.hpp"

#include <boost/test/unit_test.hpp>

#include <array>

using namespace byot::limits;

namespace {

constexpr std::array<std::string_view, 3> forged{"192.0.2.77", "198.51.100.77", "203.0.113.77"};

struct judged {
    std::string_view what;
    address_account account;
    hop_verdict verdict;
    bool is_loopback = false;
    std::string_view expected = {};
};

const judged cases[] = {
    {"no proxy, none trusted", {"8.8.8.8", 3, 0}, hop_verdict::right},
    {"no proxy, one trusted: the last forged entry counts", {"203.0.113.77", 3, 1}, hop_verdict::too_high},
    {"one proxy, one trusted", {"8.8.8.8", 4, 1}, hop_verdict::right},
    {"one proxy, none trusted, which shows as its own address", {"10.0.0.1", 4, 0}, hop_verdict::too_low},
    {"a proxy in public, none trusted", {"8.8.4.4", 4, 0}, hop_verdict::too_low},
    {"two proxies, one trusted", {"8.8.4.4", 5, 1}, hop_verdict::too_low},
    {"two proxies, three trusted", {"203.0.113.77", 5, 3}, hop_verdict::too_high},
    {"more are trusted than entries came", {"10.0.0.1", 5, 6}, hop_verdict::too_high},
    {"a proxy that writes the list anew, one trusted", {"8.8.8.8", 1, 1}, hop_verdict::right},
    {"the same, two trusted, which falls back to the peer", {"10.0.0.1", 1, 2}, hop_verdict::too_high},
    {"the same, none trusted", {"10.0.0.1", 1, 0}, hop_verdict::too_low},
    {"a proxy that takes the list away", {"10.0.0.1", 0, 0}, hop_verdict::internal},
    {"a proxy that writes nothing", {"10.0.0.1", 3, 0}, hop_verdict::internal},
    {"a front end of Google's in the client's place", {"35.191.3.4", 4, 1}, hop_verdict::internal},
    {"this machine", {"127.0.0.1", 3, 0}, hop_verdict::right, true},
    {"this machine, through a container's network", {"172.17.0.1", 3, 0}, hop_verdict::right, true},
    {"this machine, with a forged one", {"203.0.113.77", 3, 1}, hop_verdict::too_high, true},
    {"the address that was expected", {"8.8.8.8", 4, 1}, hop_verdict::right, false, "8.8.8.8"},
    {"another", {"8.8.4.4", 4, 1}, hop_verdict::other, false, "8.8.8.8"},
    {"an inner one that was expected and is", {"10.0.0.9", 4, 1}, hop_verdict::right, false, "10.0.0.9"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(address_accounts)

BOOST_AUTO_TEST_CASE(a_wrong_hop_count_is_told_from_a_right_one) {
    for (const auto& [what, account, verdict, is_loopback, expected] : cases) {
        BOOST_TEST_CONTEXT(what) {
            BOOST_TEST((judge_hops(account, {forged, is_loopback, expected}) == verdict));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_again) {
    for (const auto* const address : {"203.0.113.9", "2001:db8::1", ""}) {
        const auto read = read_address_account(to_text({address, 12, 2}));
        BOOST_REQUIRE(read);
        BOOST_TEST(read->address == address);
        BOOST_TEST(read->entries == 12u);
        BOOST_TEST(read->hops == 2u);
    }
    BOOST_TEST(to_text({"203.0.113.9", 3, 2}) == "203.0.113.9; entries=3; hops=2");
}

BOOST_AUTO_TEST_CASE(another_text_is_none) {
    for (const auto* const text : {"", "203.0.113.9", "203.0.113.9; entries=3",
                                   "203.0.113.9; hops=2; entries=3", "203.0.113.9; entries=; hops=2",
                                   "203.0.113.9; entries=3; hops=2x", "203.0.113.9; entries=-3; hops=2"})
        BOOST_TEST(!read_address_account(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
