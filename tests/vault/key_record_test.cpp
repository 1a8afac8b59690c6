#include "vault/samples.hpp"

#include <boost/test/unit_test.hpp>

using namespace byot;
using namespace byot::vault;
using namespace byot::vault::testing;

BOOST_AUTO_TEST_SUITE(key_record_suite)

BOOST_AUTO_TEST_CASE(every_state_has_a_name_that_reads_back) {
    const std::pair<key_state, std::string_view> table[] = {
        {key_state::unverified, "unverified"}, {key_state::verified, "verified"},
        {key_state::rejected, "rejected"},     {key_state::exhausted, "exhausted"},
        {key_state::expired, "expired"},       {key_state::undecryptable, "undecryptable"},
    };
    for (const auto& [state, name] : table) {
        BOOST_TEST(name_of(state) == name);
        BOOST_TEST((parse_key_state(name) == state));
    }
    BOOST_TEST(!parse_key_state("Verified"));
    BOOST_TEST(!parse_key_state(""));
}

BOOST_AUTO_TEST_CASE(a_key_is_expired_from_its_expiry_on) {
    key_record record;
    record.state = key_state::verified;
    BOOST_TEST((state_at(record, now()) == key_state::verified));
    record.expires_at = now();
    BOOST_TEST((state_at(record, now() - std::chrono::milliseconds(1)) == key_state::verified));
    BOOST_TEST((state_at(record, now()) == key_state::expired));
}

BOOST_AUTO_TEST_CASE(a_possible_key_is_visible_ascii_of_bounded_length) {
    for (const auto& good : {std::string("x"), std::string("AIza-_.~!#$%"), std::string(4096, 'k')}) {
        BOOST_TEST(is_possible_key(good), good);
    }
    for (const auto& bad : {std::string(), std::string("a b"), std::string("a\tb"), std::string("a\r\nb"),
                            std::string("a\0b", 3), std::string("a\x7f"), std::string("sch\xc3\xb6n"),
                            std::string(4097, 'k')}) {
        BOOST_TEST(!is_possible_key(bad), bad);
    }
}

BOOST_AUTO_TEST_CASE(what_nobody_sees_at_the_ends_of_a_key_is_cut_off) {
    for (const std::string_view blank :
         {" ",      "\t",     "\n",     "\r",          "\r\n",    "\v",     "\f",     "\u0085",
          "\u00a0", "\u1680", "\u2003", "\u200b",      "\u200c",  "\u200d", "\u200e", "\u200f",
          "\u2028", "\u2029", "\u202a", "\u202c",      "\u202f",  "\u205f", "\u2060", "\u2066",
          "\u2069", "\u3000", "\ufeff", " \n\u200b\t", "\n\n\n\n"}) {
        const std::string b(blank);
        for (const auto& text : {"sk-1" + b, b + "sk-1", b + "sk-1" + b, b + b + "sk-1" + b + b})
            BOOST_TEST(without_blanks(text) == "sk-1", text);
        BOOST_TEST(without_blanks(b).empty(), b);
        BOOST_TEST(without_blanks("s" + b + "k") == "s" + b + "k", b);
    }
    BOOST_TEST(without_blanks("").empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_blank_stays_at_the_ends_of_a_key) {
    for (const std::string_view text :
         {"sk-1", "\"sk-1\"", "'sk-1'", ".", "sk-1\u00e4", "\u00e4sk-1", "sk-1\xa0", "\xe2\x80",
          "sk-1\xe2\x80", "\x8bsk-1", "sk-1\x01", "\x7f", "\u2010sk\u2010"})
        BOOST_TEST(without_blanks(text) == text, text);
    BOOST_TEST(without_blanks(std::string_view("sk\0", 3)).size() == 3u);
}

BOOST_AUTO_TEST_CASE(why_a_text_is_no_key_is_said_without_a_word_of_it) {
    const struct {
        std::string text;
        std::string_view fault;
    } rows[] = {
        {"sk-1", ""},
        {std::string(4096, 'k'), ""},
        {"", "It is empty."},
        {std::string(4097, 'k'), "It is longer than 4096 characters."},
        {"sk-1\nsk-2", "It has more than one line."},
        {"sk-1\r\nx-byot-uid: b", "It has more than one line."},
        {"Bearer sk-1", "Leave out the word Bearer before it."},
        {"bearer  sk-1", "Leave out the word Bearer before it."},
        {"export KEY=sk-1", "It has a space inside."},
        {"sk\t1", "It has a space inside."},
        {"sk-\u2026", "It has a character that is not visible ASCII."},
        {"sk\u00a01", "It has a character that is not visible ASCII."},
        {std::string("s\0k", 3), "It has a character that is not visible ASCII."},
        {"sk\x7f", "It has a character that is not visible ASCII."},
    };
    for (const auto& row : rows) BOOST_TEST(fault_of_key(row.text) == row.fault, row.text);
}

BOOST_AUTO_TEST_CASE(a_short_key_has_no_hint) {
    BOOST_TEST(hint_of(secret::copy_of("abcdefghijkl")) == "ijkl");
    BOOST_TEST(hint_of(secret::copy_of("abcdefghijk")).empty());
    BOOST_TEST(hint_of(secret()).empty());
}

BOOST_AUTO_TEST_SUITE_END()
