#include "core/secret.hpp"

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <concepts>
#include <memory>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

using byot::secret;

namespace {

template <class T>
concept streamable = requires(std::ostream& out, const T& value) { out << value; };
template <class T>
concept has_equality = requires(const T& a, const T& b) { a == b; };
template <class T>
concept has_inequality = requires(const T& a, const T& b) { a != b; };
template <class T>
concept has_order = requires(const T& a, const T& b) { a < b; };
template <class T>
concept equal_to_text = requires(const T& a, const std::string& b) { a == b; };

// The concepts must be able to say yes, or their no means nothing.
static_assert(streamable<std::string> && has_equality<std::string> && has_order<std::string>);
static_assert(fmt::is_formattable<std::string>::value && equal_to_text<std::string_view>);

static_assert(!streamable<secret>);
static_assert(!fmt::is_formattable<secret>::value);
static_assert(!has_equality<secret> && !has_inequality<secret> && !has_order<secret> &&
              !equal_to_text<secret>);
static_assert(!std::is_copy_constructible_v<secret> && !std::is_copy_assignable_v<secret>);
static_assert(std::is_nothrow_move_constructible_v<secret> && std::is_nothrow_move_assignable_v<secret>);
static_assert(!std::is_convertible_v<secret, std::string> &&
              !std::is_convertible_v<secret, std::string_view>);
static_assert(!std::is_convertible_v<secret, bool> && !std::is_convertible_v<secret, const char*>);
static_assert(!std::is_convertible_v<std::string, secret> && !std::is_convertible_v<std::size_t, secret>);

} // namespace

BOOST_AUTO_TEST_SUITE(secrets)

BOOST_AUTO_TEST_CASE(a_secret_gives_back_the_bytes_it_was_made_of) {
    const std::string bytes("a\0b\xFF", 4);
    const auto made = secret::copy_of(bytes);
    BOOST_TEST((made.expose() == bytes));
    BOOST_TEST(made.size() == 4u);
    BOOST_TEST(!made.empty());
}

BOOST_AUTO_TEST_CASE(a_secret_of_nothing_is_empty) {
    BOOST_TEST(secret().empty());
    BOOST_TEST(secret(0).capacity() == 0u);
    BOOST_TEST(secret::copy_of("").expose().empty());
}

BOOST_AUTO_TEST_CASE(bytes_are_added_up_to_the_capacity) {
    secret made(6);
    BOOST_TEST(made.empty());
    made.append("abc");
    made.append("");
    made.append("def");
    BOOST_TEST((made.expose() == "abcdef"));
    BOOST_TEST(made.size() == made.capacity());
}

BOOST_AUTO_TEST_CASE(bytes_are_written_in_place) {
    secret made(4);
    made.resize(4);
    for (auto& byte : made.expose_writable()) byte = 'x';
    BOOST_TEST((made.expose() == "xxxx"));
}

BOOST_AUTO_TEST_CASE(bytes_cut_off_are_wiped) {
    auto made = secret::copy_of("abcdef");
    made.resize(2);
    BOOST_TEST((made.expose() == "ab"));
    made.resize(6);
    BOOST_TEST((made.expose() == std::string_view("ab\0\0\0\0", 6)));
}

BOOST_AUTO_TEST_CASE(a_moved_secret_leaves_nothing_behind) {
    auto from = secret::copy_of("abc");
    const auto* const place = from.expose().data();
    const secret to(std::move(from));
    BOOST_TEST((to.expose() == "abc"));
    BOOST_TEST(static_cast<const void*>(to.expose().data()) == place);
    BOOST_TEST(from.empty());
    BOOST_TEST(from.capacity() == 0u);
}

BOOST_AUTO_TEST_CASE(a_secret_assigned_over_does_not_live_on_in_the_other) {
    auto first = secret::copy_of("first");
    auto second = secret::copy_of("second");
    first = std::move(second);
    BOOST_TEST((first.expose() == "second"));
    BOOST_TEST(second.empty());
    BOOST_TEST(second.capacity() == 0u);
}

BOOST_AUTO_TEST_CASE(a_secret_assigned_to_itself_stays) {
    auto made = secret::copy_of("same");
    auto& alias = made;
    made = std::move(alias);
    BOOST_TEST((made.expose() == "same"));
}

BOOST_AUTO_TEST_CASE(wiped_memory_is_zero) {
    std::string bytes = "key";
    byot::wipe(bytes.data(), bytes.size());
    BOOST_TEST((bytes == std::string(3, '\0')));
    byot::wipe(nullptr, 0);
    byot::wipe_stack();
}

BOOST_AUTO_TEST_SUITE_END()
