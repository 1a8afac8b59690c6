#pragma once

#include <string>

/// The path of a file below tests/.
std::string test_data(const std::string& name);
