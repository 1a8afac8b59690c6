#pragma once

#include "google/firestore_document.hpp"

#include <boost/json/object.hpp>

namespace byot::google {

/// Parses the body of an answer, as deeply as documents nest.
std::optional<boost::json::value> parse_answer(std::string_view text);

/// A Document as it is read: with a full name and both times; fields only where it has any
/// (https://firebase.google.com/docs/firestore/reference/rest/v1/projects.databases.documents).
std::optional<firestore_document> read_document(const boost::json::value& json);

/// The member as text, when it is a time of RFC 3339.
std::optional<std::string_view> time_member(const boost::json::object& object, std::string_view name);

} // namespace byot::google
