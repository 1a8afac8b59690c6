#pragma once

#include <boost/json/error.hpp>
#include <boost/json/string_view.hpp>

namespace byot {

/// The part of a handler of Boost.JSON's `basic_parser` that does nothing: where a text begins and ends, and
/// what comes only where a text is read in several pieces or may have comments.
struct json_events {
    using error_code = boost::json::error_code;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_number_part(boost::json::string_view, error_code&) { return true; }
    bool on_comment_part(boost::json::string_view, error_code&) { return true; }
    bool on_comment(boost::json::string_view, error_code&) { return true; }
};

} // namespace byot
