#include "core/encoding.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace std::string_view_literals;
using byot::as_bytes;
using byot::is_utf8;

namespace {

struct pair {
    std::string_view bytes;
    std::string_view padded;
    std::string_view url;
};

// The first seven are RFC 4648 §10's.
constexpr pair pairs[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\0"sv, "AA==", "AA"},
    {"\xFB\xFF\xBF"sv, "+/+/", "-_-_"},
    {"\xFF\xFE\xFD\xFC"sv, "//79/A==", "__79_A"},
};

constexpr std::string_view refused_padded[] = {
    "\xc1\xc1\xc1\xc1",
    "QUJ\xb0",
    "Z",
    "Zg",
    "Zg=",
    "Zg===",
    "Zm8",
    "Zm8==",
    "Zm9v=",
    "Zm9v====",
    "=",
    "==",
    "====",
    "Zh==",
    "Zm9=",
    "Z===",
    "Zg==Zg==",
    "Zm9vYg",
    "Zm9v Yg==",
    "Zm9v\nYg==",
    " Zm9v",
    "Zm9v ",
    "Zm9v\r\n",
    "-_-_",
    "Zm9_",
    "Z.9v",
    "Zg==\0"sv,
    "Zm9v\0"sv,
    "\0Zm9"sv,
    "Zm9\xC3\xA9",
    "Zg= =",
    "Z=g=",
};

constexpr std::string_view refused_url[] = {
    "\xc1\xc1\xc1\xc1",
    "QUJ\xb0",
    "Z",
    "Zg==",
    "Zm8=",
    "Zh",
    "Zm9",
    "Zm9vY",
    "+/+/",
    "Zm9v ",
    " Zm9v",
    "Zm\n9v",
    "Zm9v\n",
    "=",
    "Zm9v=",
    "Zm9v\0"sv,
    "Z.9v",
    "Zg.Zg",
};

struct utf8_case {
    std::string_view text;
    bool is_valid;
};

constexpr utf8_case utf8_cases[] = {
    {"", true},
    {"plain", true},
    {"\0"sv, true},
    {"\x7F", true},
    {"\xC2\x80", true},
    {"\xDF\xBF", true},
    {"\xE0\xA0\x80", true},
    {"\xED\x9F\xBF", true},
    {"\xEE\x80\x80", true},
    {"\xEF\xBF\xBF", true},
    {"\xF0\x90\x80\x80", true},
    {"\xF4\x8F\xBF\xBF", true},
    {"z\xC3\xA4\xE2\x82\xAC\xF0\x9F\x94\x91z", true},
    {"\x80", false}, // a continuation alone
    {"\xBF", false},
    {"a\x80", false},
    {"\xC0\x80", false}, // overlong NUL
    {"\xC1\xBF", false},
    {"\xE0\x80\x80", false},
    {"\xE0\x9F\xBF", false},
    {"\xF0\x80\x80\x80", false},
    {"\xF0\x8F\xBF\xBF", false},
    {"\xED\xA0\x80", false}, // surrogates
    {"\xED\xBF\xBF", false},
    {"\xED\xA0\x81\xED\xB0\x80", false},
    {"\xF4\x90\x80\x80", false}, // beyond U+10FFFF
    {"\xF5\x80\x80\x80", false},
    {"\xF8\x88\x80\x80\x80", false},
    {"\xFE", false},
    {"\xFF", false},
    {"\xC3", false}, // cut off
    {"\xE2\x82", false},
    {"\xF0\x9F\x94", false},
    {"\xC3z", false},
    {"\xE2\x82z", false},
    {"\xE2z\xAC", false},
    {"\xF0\x9F\x94z", false},
    {"\xC3\xC3", false},
};

} // namespace

BOOST_AUTO_TEST_SUITE(encoding)

BOOST_AUTO_TEST_CASE(base64_is_written_and_read_as_rfc4648_has_it) {
    for (const auto& [bytes, padded, url] : pairs) {
        BOOST_TEST_CONTEXT(padded) {
            BOOST_TEST(byot::base64_encode(as_bytes(bytes)) == padded);
            BOOST_TEST(byot::base64url_encode(as_bytes(bytes)) == url);
            BOOST_TEST((byot::base64_decode(padded) == bytes));
            BOOST_TEST((byot::base64url_decode(url) == bytes));
        }
    }
}

BOOST_AUTO_TEST_CASE(base64_is_read_into_room_of_just_its_size) {
    for (const auto& [bytes, padded, url] : pairs) {
        BOOST_TEST_CONTEXT(padded) {
            std::vector<unsigned char> room(bytes.size());
            BOOST_TEST(byot::base64_decode_into(padded, room));
            BOOST_TEST((byot::as_text(room) == bytes));
            room.push_back(0);
            BOOST_TEST(!byot::base64_decode_into(padded, room));
            room.resize(bytes.empty() ? 2 : bytes.size() - 1);
            BOOST_TEST(!byot::base64_decode_into(padded, room));
        }
    }
}

BOOST_AUTO_TEST_CASE(hexadecimal_digits_have_their_value_in_either_case_and_nothing_else_has) {
    constexpr std::string_view lower = "0123456789abcdef";
    constexpr std::string_view upper = "0123456789ABCDEF";
    for (int c = -128; c < 128; ++c) {
        const auto at_lower = lower.find(static_cast<char>(c));
        const auto at = at_lower == lower.npos ? upper.find(static_cast<char>(c)) : at_lower;
        const int expected = at == upper.npos ? -1 : static_cast<int>(at);
        BOOST_TEST(byot::hex_value(static_cast<char>(c)) == expected);
    }
}

BOOST_AUTO_TEST_CASE(base64_that_is_not_canonical_is_refused) {
    for (const auto text : refused_padded) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!byot::base64_decode(text).has_value());
            std::vector<unsigned char> room(text.size());
            for (; !room.empty(); room.pop_back()) BOOST_TEST(!byot::base64_decode_into(text, room));
        }
    }
}

BOOST_AUTO_TEST_CASE(base64url_that_is_not_canonical_is_refused) {
    for (const auto text : refused_url) {
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST(!byot::base64url_decode(text).has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(no_two_texts_of_four_characters_mean_the_same_bytes) {
    constexpr std::string_view some = "AQgwBCZ/+9=";
    std::set<std::string> seen;
    std::string text(4, ' ');
    for (const char a : some) {
        for (const char b : some) {
            for (const char c : some) {
                for (const char d : some) {
                    text = {a, b, c, d};
                    const auto bytes = byot::base64_decode(text);
                    if (!bytes) continue;
                    BOOST_REQUIRE_EQUAL(byot::base64_encode(as_bytes(*bytes)), text);
                    BOOST_REQUIRE(seen.insert(*bytes).second);
                }
            }
        }
    }
    BOOST_TEST(seen.size() > 1000u);
}

BOOST_AUTO_TEST_CASE(every_length_comes_back_as_it_went) {
    std::string bytes;
    for (int length = 0; length < 300; ++length) {
        BOOST_REQUIRE((byot::base64_decode(byot::base64_encode(as_bytes(bytes))) == bytes));
        BOOST_REQUIRE((byot::base64url_decode(byot::base64url_encode(as_bytes(bytes))) == bytes));
        bytes += static_cast<char>(length * 37);
    }
}

BOOST_AUTO_TEST_CASE(hexadecimal_is_lower_case) {
    BOOST_TEST(byot::hex_encode(as_bytes("\x00\x01\x0F\x10\xAB\xFF"sv)) == "00010f10abff");
    BOOST_TEST(byot::hex_encode({}).empty());
}

BOOST_AUTO_TEST_CASE(bytes_and_text_are_the_same_memory) {
    const std::string text = "\x80\xFFz";
    BOOST_TEST(as_bytes(text).size() == 3u);
    BOOST_TEST(as_bytes(text)[1] == 0xFF);
    BOOST_TEST(static_cast<const void*>(byot::as_text(as_bytes(text)).data()) == text.data());
}

BOOST_AUTO_TEST_CASE(utf8_is_well_formed_exactly_as_rfc3629_says) {
    for (const auto& [text, is_valid] : utf8_cases) {
        BOOST_TEST_CONTEXT(byot::hex_encode(as_bytes(text))) {
            BOOST_TEST(is_utf8(text) == is_valid);
        }
    }
}

BOOST_AUTO_TEST_CASE(utf8_is_checked_to_the_last_byte) {
    std::string text(100, 'x');
    for (std::size_t at = 0; at < text.size(); ++at) {
        auto broken = text;
        broken[at] = '\xFF';
        BOOST_REQUIRE(!is_utf8(broken));
    }
}

BOOST_AUTO_TEST_CASE(random_text_has_the_length_and_the_alphabet_asked_for) {
    const auto text = byot::random_alphanumeric(5000);
    BOOST_TEST(text.size() == 5000u);
    const std::set<char> used(text.begin(), text.end());
    BOOST_TEST(used.size() == 62u);
    BOOST_TEST(std::all_of(used.begin(), used.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }));
    BOOST_TEST(byot::random_alphanumeric(0).empty());
    BOOST_TEST(byot::random_alphanumeric(32) != byot::random_alphanumeric(32));
}

BOOST_AUTO_TEST_CASE(case_is_ignored_for_ascii_letters_only) {
    BOOST_TEST(byot::equals_ignoring_case("Content-TYPE", "content-type"));
    BOOST_TEST(byot::equals_ignoring_case("", ""));
    BOOST_TEST(!byot::equals_ignoring_case("a", ""));
    BOOST_TEST(!byot::equals_ignoring_case("ab", "abc"));
    BOOST_TEST(!byot::equals_ignoring_case("@", "`"));
    BOOST_TEST(!byot::equals_ignoring_case("[", "{"));
    BOOST_TEST(!byot::equals_ignoring_case("\xC4", "\xE4"));
    for (int c = 0; c < 256; ++c) {
        const char given = static_cast<char>(c);
        const char expected = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : given;
        BOOST_REQUIRE_EQUAL(byot::to_lower(given), expected);
    }
}

BOOST_AUTO_TEST_SUITE_END()
