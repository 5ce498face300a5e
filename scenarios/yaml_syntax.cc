#include "scenarios/yaml_syntax.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace indoubt {
namespace {

struct Phrase {
  std::string_view theirs, ours;
};

const std::array<Phrase, 9> kPhrases{{
    {YAML::ErrorMsg::TAB_IN_INDENTATION, "a tab in the indentation; YAML allows only spaces there"},
    {YAML::ErrorMsg::BLOCK_ENTRY,
     "a list cannot begin here; begin it on the line below its key, or write [a, b]"},
    {YAML::ErrorMsg::MAP_KEY, "'? ' cannot stand here; write `key: value`"},
    {YAML::ErrorMsg::END_OF_SEQ,
     "this line belongs to no list item above it; items of one list begin in the same column"},
    {YAML::ErrorMsg::UNKNOWN_ANCHOR, "aliases (*name) are not read; write the value out"},
    {YAML::ErrorMsg::ALIAS_CONTENT, "aliases (*name) are not read; write the value out"},
    {YAML::ErrorMsg::ALIAS_NOT_FOUND, "text that begins with * needs quotes"},
    {YAML::ErrorMsg::ANCHOR_NOT_FOUND, "text that begins with & needs quotes"},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "no value can begin with this character; put quotes around it"},
}};

std::string position(Place p) {
  return "line " + std::to_string(p.line) + ", column " + std::to_string(p.column);
}

std::string bracket_at(const Source& source, Place place) {
  return std::string(source.from(place).substr(0, 1));
}

/// The first quotation mark at or after `place` that could begin a scalar.
std::optional<Place> opening_quote(const Source& source, Place place) {
  const std::string_view rest = source.from(place);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const bool quote = rest[i] == '"' || rest[i] == '\'';
    const bool begins = i == 0 || std::string_view(" \t\n[{,").find(rest[i - 1]) != rest.npos;
    if (quote && begins) return source.place_of(source.text().size() - rest.size() + i);
  }
  return std::nullopt;
}

/// A colon before `end` of a line that a bracket follows at once: "fraud:{vote_yes".
std::optional<std::size_t> glued_colon(std::string_view line, std::size_t end) {
  for (std::size_t i = 1; i + 1 < std::min(end, line.size()); ++i) {
    const char before = line[i - 1];
    const bool word = before != ' ' && before != '{' && before != '[' && before != ',';
    if (line[i] == ':' && word && (line[i + 1] == '{' || line[i + 1] == '[')) return i;
  }
  return std::nullopt;
}

SyntaxError missing_space(Place at, std::string_view line, std::size_t colon) {
  const std::size_t begin = line.find_last_of(" {[,", colon);
  const std::size_t from = begin == line.npos ? 0 : begin + 1;
  return {{at.line, static_cast<int>(colon) + 1},
          "a space is missing after this colon; write `" + shown(line.substr(from, colon - from)) +
              ": " + line[colon + 1] + "`"};
}

SyntaxError unclosed_bracket(Place at, Place opened, const YamlBuilder& builder,
                             const Source& source) {
  const std::string bracket = bracket_at(source, opened);
  const std::string closing = bracket == "[" ? "]" : "}";
  // yaml-cpp has no mark for the end of the text, and then gives its beginning.
  if (at <= opened || builder.is_end(at))
    return {opened, "this " + bracket + " is never closed with " + closing};
  const std::string_view line = source.line(at.line);
  if (const auto colon = glued_colon(line, static_cast<std::size_t>(at.column)))
    return missing_space(at, line, *colon);
  return {at, "a comma or " + closing + " is missing before this; the " + bracket +
                  " that is open here stands at " + position(opened)};
}

SyntaxError misplaced_colon(Place at, const Source& source) {
  const std::string_view line = source.line(at.line);
  const std::string_view before = line.substr(0, static_cast<std::size_t>(at.column - 1));
  if (const auto glued = glued_colon(line, before.size())) return missing_space(at, line, *glued);
  if (before.find(": ") != std::string_view::npos)
    return {at, "a second `: ` in one line; put quotes around text that contains one"};
  return {at,
          "this key does not fit the lines above: keys of one mapping begin in the same column, "
          "and each line is `key: value`, with a space after the colon"};
}

SyntaxError misfit_line(Place at, const Source& source) {
  if (bracket_at(source, at) == "-")
    return {at, "a list item where a key was expected; indent the list below its key"};
  const std::string_view line = source.line(at.line);
  if (line.find_first_not_of(' ') < static_cast<std::size_t>(at.column - 1))
    return {at, "this does not belong behind the value before it"};
  return {at,
          "this line does not fit the lines above: keys of one mapping begin in the same column"};
}

std::optional<Place> tab_in_indentation(const Source& source, int line) {
  const std::string_view text = source.line(line);
  const std::size_t tab = text.substr(0, text.find_first_not_of(" \t")).find('\t');
  if (tab == std::string_view::npos) return std::nullopt;
  return Place{line, static_cast<int>(tab) + 1};
}

}  // namespace

SyntaxError explain(const YAML::Exception& exception, const YamlBuilder& builder,
                    const Source& source) {
  namespace msg = YAML::ErrorMsg;
  const Place at = builder.place(exception.mark);
  const std::string& said = exception.msg;
  if (const auto tab = tab_in_indentation(source, at.line))
    return {*tab, "a tab in the indentation; YAML allows only spaces there"};
  const auto bracket = builder.open_bracket();
  if (bracket && (said == msg::END_OF_MAP_FLOW || said == msg::END_OF_SEQ_FLOW))
    return unclosed_bracket(at, *bracket, builder, source);
  if (said == msg::EOF_IN_SCALAR) {
    const auto quote = opening_quote(source, builder.last_place());
    return {quote.value_or(at), "this quotation mark is never closed"};
  }
  if (said == msg::FLOW_END) {
    const std::string closing = bracket_at(source, at);
    if (!bracket) return {at, "this " + closing + " closes nothing"};
    return {at, "this " + closing + " does not close the " + bracket_at(source, *bracket) +
                    " that stands at " + position(*bracket)};
  }
  if (said == msg::MAP_VALUE) return misplaced_colon(at, source);
  if (said == msg::END_OF_MAP) return misfit_line(at, source);
  if (said.find(msg::INVALID_ESCAPE) == 0)
    return {{at.line, std::max(at.column - 2, 1)},
            "a \\ between double quotes begins an escape, and this is none; use single quotes"};
  for (const Phrase& p : kPhrases)
    if (p.theirs == said) return {at, std::string(p.ours)};
  return {at, "this is not YAML: " + said};
}

}  // namespace indoubt
