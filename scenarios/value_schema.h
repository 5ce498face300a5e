#pragma once
// Pieces of JSON Schema, draft-07.
#include <span>
#include <string>
#include <string_view>

#include "scenarios/fields.h"

namespace indoubt {

/// {"type": "string", "pattern": "^(...)$"}.
Json text_schema(std::string_view pattern);
/// One of `words`. YAML readers take some words for true and false; these are allowed with them.
Json words_schema(std::span<const std::string_view> words);
/// An object with the fields of `section` and no others.
Json section_schema(const Section& section);
/// The value of a row: its kind or section, with the row's meaning and default.
Json field_schema(const Field& field);
/// `schema`, or nothing written.
Json or_nothing(Json schema);

}  // namespace indoubt
