#include "limits/client_address.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace std::string_view_literals;
using byot::limits::bucket_name;
using byot::limits::client_address;
using byot::limits::forwarding_fault;

namespace {

struct forwarded {
    std::string_view list;
    unsigned hops;
    std::string_view client; ///< "peer", or a fault: the peer's
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
    {"", 1, "too few"},
    {"   ", 1, "too few"},
    {"203.0.113.7", 2, "too few"},
    {"198.51.100.1, 203.0.113.7", 3, "too few"},
    {"198.51.100.1, 203.0.113.7", 4'000'000'000, "too few"},
    // an entry that is no address
    {"unknown", 1, "no address"},
    {"UNKNOWN", 1, "no address"},
    {"198.51.100.1, _hidden", 1, "no address"},
    {"-", 1, "no address"},
    {"unix:", 1, "no address"},
    {"localhost", 1, "no address"},
    {"198.51.100.1,", 1, "no address"},
    {",", 2, "no address"},
    {"198.51.100.1, ,203.0.113.7", 2, "no address"},
    {"203.0.113", 1, "no address"},
    {"203.0.113.256", 1, "no address"},
    {"203.0.113.07", 1, "no address"},
    {"203.0.113.7/32", 1, "no address"},
    {"0x7f.0.0.1", 1, "no address"},
    {"2130706433", 1, "no address"},
    {"203.0.113.7 198.51.100.1", 1, "no address"},
    {"203.0.113.7\0"sv, 1, "no address"},
    {"203.0.113.7:4711\0"sv, 1, "no address"},
    {"203.0.113.7%eth0", 1, "no address"},
    {"203.0.113.7:-1", 1, "no address"},
    {"203.0.113.7:port", 1, "no address"},
    {"203.0.113.7:123456", 1, "no address"},
    {"203.0.113.7:80:80", 1, "no address"},
    {"203.0.113.7 :80", 1, "no address"},
    {"203.0.113.7: 80", 1, "no address"},
    {":80", 1, "no address"},
    {"[203.0.113.7]", 1, "no address"},
    {"[203.0.113.7]:80", 1, "no address"},
    {"[]", 1, "no address"},
    {"[", 1, "no address"},
    {"[]:80", 1, "no address"},
    {"[2001:db8::1", 1, "no address"},
    {"2001:db8::1]", 1, "no address"},
    {"[2001:db8::1]80", 1, "no address"},
    {"[2001:db8::1]:x", 1, "no address"},
    {"[2001:db8::1]:80]", 1, "no address"},
    {"[[2001:db8::1]]", 1, "no address"},
    {"[fe80::1%]", 1, "no address"},
    {"fe80::1%", 1, "no address"},
    {"fe80::1%a b", 1, "no address"},
    {"[fe80::1%eth0\n]", 1, "no address"},
    {"203.0.113.7:_a b", 1, "no address"},
    {"2001:db8:::1", 1, "no address"},
    {"2001:db8:0:0:0:0:0:0:1:2", 1, "no address"},
    {"2001:db8:1:2:3:4::45:643", 1, "no address"},
    {"2001:db8:0:0:0:0:0:0:beef", 1, "no address"},
    {"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", 1, "no address"},
    {"\"203.0.113.7", 1, "no address"},
    {"\"", 1, "no address"},
    {"\"\"", 1, "no address"},
    {"\"unknown\"", 1, "no address"},
    {"'203.0.113.7'", 1, "no address"},
    {"for=", 1, "no address"},
    {"for=unknown", 1, "no address"},
    {"for=_gazonk", 1, "no address"},
    {"by=203.0.113.7", 1, "no address"},
    {"http://203.0.113.7", 1, "no address"},
    {"\xef\xbc\x91.1.1.1", 1, "no address"},
    // the port is cut off (Azure's gateways, IIS)
    {"203.0.113.7:4711", 1, "203.0.113.7"},
    {"203.0.113.7:0", 1, "203.0.113.7"},
    {"203.0.113.7:65535", 1, "203.0.113.7"},
    {"203.0.113.7:", 1, "203.0.113.7"},
    {"203.0.113.7:_port", 1, "203.0.113.7"},
    {"198.51.100.1:1, 203.0.113.7:2", 2, "198.51.100.1"},
    {"[2001:db8::1]:4711", 1, "2001:db8::1"},
    {"[2001:db8::1]:", 1, "2001:db8::1"},
    {"[2001:db8::1]", 1, "2001:db8::1"},
    {"[::ffff:203.0.113.7]:4711", 1, "203.0.113.7"},
    {"::ffff:203.0.113.7:4711", 1, "203.0.113.7"},
    {"localhost:80", 1, "no address"},
    {"2001:db8:1:2:3:4:5:6:4711", 1, "2001:db8:1:2:3:4:5:6"},
    // the zone too
    {"fe80::1%eth0", 1, "fe80::1"},
    {"[fe80::1%eth0]:4711", 1, "fe80::1"},
    {"[fe80::1%25eth0]", 1, "fe80::1"},
    {"2001:db8::1%2", 1, "2001:db8::1"},
    // as Forwarded writes it
    {"\"203.0.113.7\"", 1, "203.0.113.7"},
    {"\"203.0.113.7:4711\"", 1, "203.0.113.7"},
    {"\"[2001:db8::1]:4711\"", 1, "2001:db8::1"},
    {"for=203.0.113.7", 1, "203.0.113.7"},
    {"For=\"[2001:db8:cafe::17]:4711\"", 1, "2001:db8:cafe::17"},
    {"for=198.51.100.1;proto=http;by=203.0.113.43", 1, "198.51.100.1"},
    {"for=192.0.2.43, for=\"[2001:db8:cafe::17]\";proto=https", 1, "2001:db8:cafe::17"},
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
            const auto found = client_address("192.0.2.99", list, hops);
            const auto fault = client == "too few"      ? forwarding_fault::too_few
                               : client == "no address" ? forwarding_fault::no_address
                                                        : forwarding_fault::none;
            BOOST_TEST((found.fault == fault));
            const bool is_peer = client == "peer" || fault != forwarding_fault::none;
            BOOST_TEST(found.address == (is_peer ? "192.0.2.99"sv : client));
        }
    }
}

BOOST_AUTO_TEST_CASE(the_peer_too_has_one_spelling) {
    BOOST_TEST(client_address("::ffff:192.0.2.1", "", 0).address == "192.0.2.1");
    BOOST_TEST(client_address("2001:DB8:0::1", "", 0).address == "2001:db8::1");
    BOOST_TEST(client_address("fe80::1%eth0", "", 0).address == "fe80::1");
    BOOST_TEST(client_address("fe80::1%eth0", "unknown", 1).address == "fe80::1");
    BOOST_TEST(client_address("", "", 1).address.empty());
}

BOOST_AUTO_TEST_CASE(a_very_long_list_is_read_from_its_end) {
    std::string list;
    for (int i = 0; i < 10'000; ++i) list += "1.1.1.1,";
    BOOST_TEST(client_address("192.0.2.99", list + "203.0.113.7", 1).address == "203.0.113.7");
}

BOOST_AUTO_TEST_CASE(each_entry_counts_an_empty_one_too) {
    BOOST_TEST(byot::limits::entry_count("") == 0u);
    BOOST_TEST(byot::limits::entry_count("  ") == 0u);
    BOOST_TEST(byot::limits::entry_count("192.0.2.1") == 1u);
    BOOST_TEST(byot::limits::entry_count("192.0.2.1,, unknown") == 3u);
}

BOOST_AUTO_TEST_CASE(internal_addresses_end_where_the_internet_begins) {
    constexpr std::string_view internal[] = {
        "0.0.0.0",     "10.255.255.255",  "100.64.0.0",    "100.127.255.255",
        "127.0.0.1",   "169.254.8.129",   "172.16.0.0",    "172.31.255.255",
        "192.168.0.1", "35.191.255.255",  "130.211.3.255", "::",
        "::1",         "fc00::1",         "fdff::1",       "fe80::1%eth0",
        "febf::1",     "::ffff:10.0.0.1", "unknown",       ""};
    constexpr std::string_view external[] = {
        "9.255.255.255", "11.0.0.0",    "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
        "169.253.0.0",   "172.15.0.0",  "172.32.0.0",     "192.167.0.0", "192.169.0.0",     "35.190.255.255",
        "35.192.0.0",    "130.211.4.0", "130.210.0.0",    "::2",         "2001:db8::1",     "fe00::1",
        "fec0::1",       "203.0.113.9", "::ffff:8.8.8.8"};
    for (const auto each : internal) BOOST_TEST(byot::limits::is_internal(each), each);
    for (const auto each : external) BOOST_TEST(!byot::limits::is_internal(each), each);
}

BOOST_AUTO_TEST_CASE(ipv4_is_one_bucket_an_address_and_ipv6_one_a_64) {
    for (const auto& [address, bucket] : namings) {
        BOOST_TEST_CONTEXT(address) {
            BOOST_TEST(bucket_name(address) == bucket);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
