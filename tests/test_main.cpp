#define BOOST_TEST_MODULE byot
#include <boost/test/unit_test.hpp>

#include <sodium.h>

namespace {

struct initialised_sodium {
    initialised_sodium() { BOOST_REQUIRE(sodium_init() >= 0); }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(initialised_sodium);
