#include "limits/client_address.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace std::string_view_literals;
using byot::limits::bucket_name;
using byot::limits::client_address;

namespace {

struct forwarded {
    std::string_view list;
    unsigned hops;
    std::string_view client; ///< "peer": the peer's
};

constexpr forwarded lists[] = {
    // nobody is trusted
    {"203.0.113.7", 0, "peer"},
    {"", 0, "peer"},
    // from the right
    {"203.0.113.7", 1, "203.0.113.7"},
    {"198.51.100.1, 203.0.113.7", 1, "203.0.113.7"},
    {"198.51.100.1, 203.0.113.7", 2, "198.51.100.1"},
    {"192.0.2.1,198.51.100.1,203.0.113.7", 2, "198.51.100.1"},
    {"192.0.2.1 ,\t198.51.100.1 , 203.0.113.7\t", 3, "192.0.2.1"},
    // what a client put in front does not matter
    {"evil, ,,, 1.1.1.1, 203.0.113.7", 1, "203.0.113.7"},
    {"' OR 1=1, 203.0.113.7", 1, "203.0.113.7"},
    // too few entries
    {"", 1, "peer"},
    {"   ", 1, "peer"},
    {"203.0.113.7", 2, "peer"},
    {"198.51.100.1, 203.0.113.7", 3, "peer"},
    {"198.51.100.1, 203.0.113.7", 4'000'000'000, "peer"},
    // an entry that is no address
    {"unknown", 1, "peer"},
    {"198.51.100.1, _hidden", 1, "peer"},
    {"198.51.100.1,", 1, "peer"},
    {"198.51.100.1, ,203.0.113.7", 2, "peer"},
    {"203.0.113.7:1234", 1, "peer"},
    {"[2001:db8::1]:1234", 1, "peer"},
    {"[2001:db8::1]", 1, "peer"},
    {"\"203.0.113.7\"", 1, "peer"},
    {"203.0.113", 1, "peer"},
    {"203.0.113.256", 1, "peer"},
    {"203.0.113.07", 1, "peer"},
    {"0x7f.0.0.1", 1, "peer"},
    {"2130706433", 1, "peer"},
    {"203.0.113.7 198.51.100.1", 1, "peer"},
    {"203.0.113.7\0"sv, 1, "peer"},
    {"2001:db8::1%eth0", 1, "peer"},
    {"2001:db8:::1", 1, "peer"},
    {"2001:db8:0:0:0:0:0:0:1", 1, "peer"},
    {"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", 1, "peer"},
    // one spelling an address
    {"2001:DB8::1", 1, "2001:db8::1"},
    {"2001:0db8:0000:0000:0000:0000:0000:0001", 1, "2001:db8::1"},
    {"::ffff:203.0.113.7", 1, "203.0.113.7"},
    {"::FFFF:cb00:7107", 1, "203.0.113.7"},
    {"::1", 1, "::1"},
};

struct naming {
    std::string_view address;
    std::string_view bucket;
};

constexpr naming namings[] = {
    {"203.0.113.7", "203.0.113.7"},
    {"::ffff:203.0.113.7", "203.0.113.7"},
    {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
    {"2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"},
    {"2001:db8:1:3::1", "2001:db8:1:3::/64"},
    {"2001:db8::1", "2001:db8::/64"},
    {"::1", "::/64"},
    {"fe80::1", "fe80::/64"},
    {"no address", "no address"},
    {"", ""},
};

} // namespace

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_AUTO_TEST_CASE(the_client_is_the_trusted_entry_from_the_right_or_else_the_peer) {
    for (const auto& [list, hops, client] : lists) {
        BOOST_TEST_CONTEXT(list << " with " << hops) {
            const auto expected = client == "peer" ? "192.0.2.99"sv : client;
            BOOST_TEST(client_address("192.0.2.99", list, hops) == expected);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_peer_too_has_one_spelling) {
    BOOST_TEST(client_address("::ffff:192.0.2.1", "", 0) == "192.0.2.1");
    BOOST_TEST(client_address("2001:DB8:0::1", "", 0) == "2001:db8::1");
    BOOST_TEST(client_address("fe80::1%eth0", "", 0) == "fe80::1%eth0");
    BOOST_TEST(client_address("", "", 1).empty());
}

BOOST_AUTO_TEST_CASE(a_very_long_list_is_read_from_its_end) {
    std::string list;
    for (int i = 0; i < 10'000; ++i) list += "1.1.1.1,";
    BOOST_TEST(client_address("192.0.2.99", list + "203.0.113.7", 1) == "203.0.113.7");
}

BOOST_AUTO_TEST_CASE(ipv4_is_one_bucket_an_address_and_ipv6_one_a_64) {
    for (const auto& [address, bucket] : namings) {
        BOOST_TEST_CONTEXT(address) {
            BOOST_TEST(bucket_name(address) == bucket);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
