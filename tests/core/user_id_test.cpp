#include "core/user_id.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <stdexcept>
#include <string>
#include <unordered_set>
#include <vector>

BOOST_AUTO_TEST_SUITE(user_id_suite)

using byot::user_id;

namespace {

const std::string nul(1, '\0');

/// Pairs that look alike when they are written one behind the other, in any of the ways that come to mind.
std::vector<user_id> look_alikes() {
    return {
        user_id(""),
        user_id("abc"),
        user_id::in_tenant("a", "bc"),
        user_id::in_tenant("ab", "c"),
        user_id::in_tenant("abc", ""),
        user_id("a/bc"),
        user_id("a:bc"),
        user_id("a" + nul + "bc"),
        user_id(nul + "abc"),
        user_id(nul + "\x01" + "abc"),
        user_id(nul + "\x02" + "abc"),
        user_id(nul + nul + "abc"),
        user_id(nul),
        user_id(nul + nul),
        user_id::in_tenant(nul, "abc"),
        user_id::in_tenant("\x01", "abc"),
        user_id::in_tenant("a", nul + "\x01" + "abc"),
        user_id::in_tenant("a", nul + "bc"),
        user_id::in_tenant("a" + nul, "bc"),
        user_id::in_tenant(std::string(255, 'a'), "bc"),
        user_id::in_tenant(std::string(254, 'a'), "abc"),
        user_id::in_tenant("acme", "ann"),
        user_id::in_tenant("ACME", "ann"),
        user_id::in_tenant("acme", "acme"),
        user_id("acme"),
        user_id("ann"),
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(a_user_of_no_tenant_is_written_as_the_uid) {
    for (const std::string uid : {"ann", "", "Zoë", "~a", "a/b", "\xff"}) {
        const user_id who(uid);
        BOOST_TEST(who.canonical() == uid);
        BOOST_TEST(who.uid() == uid);
        BOOST_TEST(who.tenant() == "");
        BOOST_TEST((user_id::in_tenant("", uid) == who));
    }
}

BOOST_AUTO_TEST_CASE(a_user_of_a_tenant_is_written_as_it_is_written_down) {
    const auto who = user_id::in_tenant("acme-x1y2z", "ann");
    BOOST_TEST(who.canonical() == std::string("\0\x0a"
                                              "acme-x1y2zann",
                                              15));
    BOOST_TEST(who.tenant() == "acme-x1y2z");
    BOOST_TEST(who.uid() == "ann");
}

BOOST_AUTO_TEST_CASE(no_two_users_are_written_alike) {
    const auto users = look_alikes();
    std::set<std::string> texts;
    for (const auto& who : users) BOOST_TEST(texts.insert(who.canonical()).second, who.canonical());
    const std::unordered_set<user_id> distinct(users.begin(), users.end());
    BOOST_TEST(distinct.size() == users.size());
}

BOOST_AUTO_TEST_CASE(what_a_user_is_made_of_comes_back) {
    for (const auto& tenant : {std::string(), std::string("a"), nul, std::string(255, 't')}) {
        for (const auto& uid :
             {std::string(), std::string("u"), nul, nul + "\x05" + "x", std::string(512, 'u')}) {
            const auto who = user_id::in_tenant(tenant, uid);
            BOOST_TEST(who.tenant() == tenant);
            BOOST_TEST(who.uid() == uid);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_tenant_that_its_length_cannot_tell_is_none) {
    BOOST_CHECK_THROW(static_cast<void>(user_id::in_tenant(std::string(256, 't'), "u")), std::length_error);
}

BOOST_AUTO_TEST_CASE(nobody_has_neither) {
    const user_id nobody;
    BOOST_TEST(nobody.canonical().empty());
    BOOST_TEST(nobody.uid().empty());
    BOOST_TEST(nobody.tenant().empty());
}

BOOST_AUTO_TEST_SUITE_END()
