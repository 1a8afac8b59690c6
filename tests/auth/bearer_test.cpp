#include "auth/bearer.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

BOOST_AUTO_TEST_SUITE(bearer)

using namespace byot;

namespace {

std::string outcome_of(std::string_view field) {
    const auto token = auth::bearer_token(field);
    return token ? "=" + std::string(*token) : std::string(describe(token.error().why()).name);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_field_gives_its_token_or_says_what_is_wrong) {
    const struct {
        std::string_view field;
        std::string_view outcome;
    } rows[] = {
        {"Bearer a.b.c", "=a.b.c"},
        {"bearer a.b.c", "=a.b.c"},
        {"BEARER a.b.c", "=a.b.c"},
        {"Bearer aZ09-._~+/==", "=aZ09-._~+/=="},
        {"Bearer  a.b.c", "=a.b.c"},
        {"bEaReR      a", "=a"},
        {"", "TOKEN_MISSING"},
        {"Bearer   ", "TOKEN_MISSING"},
        {"Bearer", "TOKEN_MISSING"},
        {"Bearer ", "TOKEN_MISSING"},
        {" Bearer a", "TOKEN_MISSING"},
        {"Basic dTpw", "TOKEN_MISSING"},
        {"Bearera.b.c", "TOKEN_MISSING"},
        {"Bearer=a.b.c", "TOKEN_MISSING"},
        {"Bearer\ta", "TOKEN_MISSING"},
        {"a.b.c", "TOKEN_MISSING"},
        {"Bearer \ta", "TOKEN_INVALID"},
        {"Bearer a\t", "TOKEN_INVALID"},
        {"Bearer  a b", "TOKEN_INVALID"},
        {"Bearer  a, b", "TOKEN_INVALID"},
        {"Bearer \xC2\xA0"
         "a",
         "TOKEN_INVALID"},
        {"Bearer a ", "TOKEN_INVALID"},
        {"Bearer a b", "TOKEN_INVALID"},
        {"Bearer a, Bearer a", "TOKEN_INVALID"},
        {"Bearer a,b", "TOKEN_INVALID"},
        {"Bearer =", "TOKEN_INVALID"},
        {"Bearer a=b", "TOKEN_INVALID"},
        {"Bearer \"a\"", "TOKEN_INVALID"},
        {"Bearer \xC3\xA9", "TOKEN_INVALID"},
        {std::string_view("Bearer a\0b", 10), "TOKEN_INVALID"},
    };
    for (const auto& row : rows) BOOST_TEST(outcome_of(row.field) == row.outcome, row.field);
}

BOOST_AUTO_TEST_CASE(the_token_is_a_view_into_the_field) {
    const std::string field = "Bearer abc";
    BOOST_TEST((auth::bearer_token(field)->data() == field.data() + 7));
}

BOOST_AUTO_TEST_SUITE_END()
