#include "test_data.hpp"

// Only here, since the folder's name is one of this clone: a compiler cache has no use for what is made of
// it.
std::string test_data(const std::string& name) {
    return BYOT_TEST_DATA "/" + name;
}
